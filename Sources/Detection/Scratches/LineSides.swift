/// How far a line reaches to both sides: its soft edges too, as far as they can be told from the noise.
///
/// Columns are samples of the line's shape at many distances from its middle, because it leans and wanders: the middle is found to
/// a part of a column in each band, and what all bands show at one distance from it, less what lies between both flanks, is
/// pooled, over frames too. Single columns of single bands are buried in texture; their median is not.
struct LineSides: Sendable {
  /// Columns of the profile on each side of a path.
  private static let reach = 12
  /// Flanks, by their distances from the line's outermost clear columns.
  private static let flanks = 3...6
  /// Distances from the middle are told apart by so many steps in a column.
  private static let steps = 2
  /// Bands on each side that a band's middle is smoothed over: a scratch has no corners.
  private static let smoothing = 4
  /// A band in which less than this share of the line's contrast is seen does not count.
  private static let visible: Float = 0.3
  /// What of a soft edge is seen: steps of 8 bits, and a share of the line's height.
  private static let least: Float = 2
  private static let leastShare: Float = 0.04
  private static let fewest = 3

  private let shape: LineShape
  /// What bands show at each distance from the line's middle.
  private var samples = [[Float]](repeating: [], count: 2 * reach * steps + 1)

  /// - Parameter shape: of the line, in one of its frames.
  init(_ shape: LineShape) { self.shape = shape }

  /// Takes what one frame shows of the line.
  ///
  /// - Parameter path: along the line's middle columns.
  /// - Returns: the line's middle in each band, in columns of the frame.
  mutating func add(_ path: LinePath, in profile: BandProfile) -> [Float] {
    let rows = zip(path.bands, path.columns).map { band, column in
      Residual(band: band, column: column, shape: shape, isBright: path.isBright, in: profile)
    }
    let window = shape.columns.lowerBound - 1...shape.columns.upperBound + 1
    let seen = rows.map { $0.centre(within: window, contrast: shape.contrast) }
    let middles = Self.smoothed(zip(seen, path.columns).map { (Float($1) + $0.middle, $0.weight) })
    for (i, row) in rows.enumerated() where seen[i].weight >= Self.visible {
      let offset = Float(path.columns[i]) - middles[i]
      for (k, value) in row.values.enumerated() {
        let distance = Float(k - Self.reach) + offset
        let bin = Int((distance * Float(Self.steps)).rounded()) + Self.reach * Self.steps
        if samples.indices.contains(bin) { samples[bin].append(value) }
      }
    }
    return middles
  }

  /// What one band shows around a path beyond what lies between its flanks; above 0 where it is like the line.
  private struct Residual {
    /// From `reach` columns before the path to as many behind it.
    let values: [Float]

    init(band: Int, column: Int, shape: LineShape, isBright: Bool, in profile: BandProfile) {
      let (first, width) = (band * profile.width, profile.width)
      func value(_ k: Int) -> Float { profile.values[first + max(0, min(width - 1, column + k))] }
      let left = LineSides.flanks.map { shape.columns.lowerBound - $0 }
      let right = LineSides.flanks.map { shape.columns.upperBound + $0 }
      let (low, high) = (median(left.map(value)), median(right.map(value)))
      let distance = Float(right.reduce(0, +) - left.reduce(0, +)) / Float(left.count)
      let start = Float(left.reduce(0, +)) / Float(left.count)
      let sign: Float = isBright ? 1 : -1
      values = (-LineSides.reach...LineSides.reach).map { k in
        sign * (value(k) - low - (high - low) * (Float(k) - start) / distance)
      }
    }

    /// The centre of gravity of some columns, from the path, and how much of the line is there, 0 ... 1.5.
    func centre(within window: ClosedRange<Int>, contrast: Float) -> (middle: Float, weight: Float) {
      var (sum, moment) = (Float(0), Float(0))
      for k in window {
        let value = max(0, values[k + LineSides.reach])
        sum += value
        moment += value * Float(k)
      }
      if sum <= 0 || contrast <= 0 { return (0, 0) }
      return (moment / sum, min(1.5, sum / (contrast * Float(window.count - 2))))
    }
  }

  /// Middles on a line that is straight over a few bands, by weighted regression.
  private static func smoothed(_ middles: [(value: Float, weight: Float)]) -> [Float] {
    middles.indices.map { i in
      var (w, wx, wxx, wy, wxy) = (Float(0), Float(0), Float(0), Float(0), Float(0))
      for j in max(0, i - smoothing)...min(middles.count - 1, i + smoothing) {
        let x = Float(j - i)
        let weight = (middles[j].weight + 0.01) * (1 - abs(x) / Float(smoothing + 1))
        w += weight
        wx += weight * x
        wxx += weight * x * x
        wy += weight * middles[j].value
        wxy += weight * x * middles[j].value
      }
      let determinant = w * wxx - wx * wx
      // Single bands have no slope.
      return determinant <= 1e-6 * w * w ? wy / w : (wxx * wy - wx * wxy) / determinant
    }
  }

  /// Columns whose centres lie within these distances from the middle belong to the line.
  ///
  /// What is pooled still has texture in it, on one side or the other. So the line is taken to be what lines are: even in its
  /// middle, with sides that fall off evenly; the best such shape says where it ends. What is of the other sign is another line.
  ///
  /// - Parameters:
  ///   - mostColumns: of the line, without its soft edges.
  ///   - softColumns: how far a soft edge may reach.
  func extent(mostColumns: Int, softColumns: Int) -> ClosedRange<Float> {
    let points = samples.enumerated().compactMap { bin, values -> ShapeFit.Point? in
      if values.count < Self.fewest { return nil }
      let middle = median(values)
      let deviation = 1.48 * median(values.map { abs($0 - middle) })
      let error = 1.25 * deviation / Float(values.count).squareRoot()
      return ShapeFit.Point(
        distance: Float(bin) / Float(Self.steps) - Float(Self.reach), value: max(-Self.least, middle),
        weight: 1 / (1 + error * error))
    }.filter { abs($0.distance) <= Float(shape.columns.count) / 2 + Float(softColumns) + 2 }
    let fit = ShapeFit(points)
    var best = fit.best(
      widths: stride(from: 0.5, through: Float(mostColumns) + 0.5, by: 0.5),
      softnesses: stride(from: 0.5, through: Float(softColumns), by: 0.5),
      offsets: stride(from: -1, through: 1, by: 0.5))
    best = fit.best(
      widths: stride(from: max(0.25, best.width - 0.25), through: best.width + 0.25, by: 0.25),
      softnesses: stride(from: best.softness, through: best.softness, by: 1),
      offsets: stride(from: best.offset - 0.25, through: best.offset + 0.25, by: 0.25))
    // The sides end where nothing is seen of them.
    let unseen =
      best.height > 0 ? min(0.5, max(Self.least, Self.leastShare * best.height) / best.height) : 0.5
    let half = best.width / 2 + best.softness * (0.5 - unseen)
    return best.offset - half...best.offset + half
  }
}
