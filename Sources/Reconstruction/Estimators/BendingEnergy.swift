import Kernels

/// How bent a volume's signal is, as a quadratic function of its missing samples.
///
/// The sum over samples of (L u)^2, L the sum over axes of 1 / distance^2 times the second difference. What lies beyond
/// an end mirrors what lies before it, so that L is symmetric and nothing is extrapolated along a slope.
struct BendingEnergy {
  let frames: Int
  let height: Int
  let width: Int
  let threads: Int
  /// Rows, numbered through all frames, with a missing sample, and those within reach of one.
  let unknownRows: [Int]
  private let reachedRows: [Int]
  /// 1 where missing, 0 where known.
  let unknown: [Float]
  /// Weights along frames, rows, columns.
  private let weights: (t: Float, y: Float, x: Float)

  /// - Parameter shape: frames, height, width.
  init(shape: (Int, Int, Int), states: [UInt8], spacing: SampleSpacing, threads: Int) {
    (frames, height, width) = shape
    self.threads = threads
    func weight(_ distance: Double) -> Float { Float(1 / (distance * distance)) }
    weights = (weight(spacing.frame), weight(spacing.row), weight(spacing.column))
    unknown = states.map { $0 == SampleState.known ? 0 : 1 }
    let (frames, height, width) = shape
    var touched = [Bool](repeating: false, count: frames * height)
    for row in touched.indices {
      touched[row] = states[row * width..<(row + 1) * width].contains { $0 != SampleState.known }
    }
    unknownRows = touched.indices.filter { touched[$0] }
    var reached = touched
    for row in unknownRows {
      let (t, y) = (row / height, row % height)
      if t > 0 { reached[row - height] = true }
      if t + 1 < frames { reached[row + height] = true }
      if y > 0 { reached[row - 1] = true }
      if y + 1 < height { reached[row + 1] = true }
    }
    reachedRows = reached.indices.filter { reached[$0] }
  }

  /// Rows that one thread does at a time.
  private static let share = 64

  /// Runs `body` on stretches of rows and adds up what it returns, in order.
  func sum(_ rows: [Int], _ body: (ArraySlice<Int>) -> Double) -> Double {
    let pieces = (rows.count + Self.share - 1) / Self.share
    var sums = [Double](repeating: 0, count: pieces)
    sums.withUnsafeMutableBufferPointer { sums in
      parallelFor(pieces, threads: threads) { i in
        sums[i] = body(rows[i * Self.share..<min(rows.count, (i + 1) * Self.share)])
      }
    }
    return sums.reduce(0, +)
  }

  /// Writes half the gradient of the energy at `u` to `gradient` where samples are missing, 0 elsewhere in their rows.
  ///
  /// - Parameter scratch: as large as `u`; what is outside the reached rows is never looked at.
  func gradient(
    of u: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    _ = sum(reachedRows) { rows in
      for row in rows { bend(u, row, to: scratch) }
      return 0
    }
    _ = sum(unknownRows) { rows in
      for row in rows {
        bend(scratch, row, to: gradient)
        unknown.withUnsafeBufferPointer { unknown in
          for i in row * width..<(row + 1) * width { gradient[i] *= unknown[i] }
        }
      }
      return 0
    }
  }

  /// L u for one row.
  private func bend(_ u: UnsafePointer<Float>, _ row: Int, to result: UnsafeMutablePointer<Float>) {
    let (t, y, start, area) = (row / height, row % height, row * width, height * width)
    let (out, here) = (result + start, u + start)
    let (wx, width) = (weights.x, width)
    if width > 2 {
      for x in 1..<width - 1 { out[x] = wx * (here[x - 1] - 2 * here[x] + here[x + 1]) }
    }
    out[0] = width > 1 ? wx * (here[1] - here[0]) : 0
    if width > 1 { out[width - 1] = wx * (here[width - 2] - here[width - 1]) }
    func add(_ step: Int, _ hasBefore: Bool, _ hasAfter: Bool, _ w: Float) {
      if hasBefore && hasAfter {
        let (before, after) = (here - step, here + step)
        for x in 0..<width { out[x] += w * (before[x] - 2 * here[x] + after[x]) }
      } else if hasBefore || hasAfter {
        let beside = hasBefore ? here - step : here + step
        for x in 0..<width { out[x] += w * (beside[x] - here[x]) }
      }
    }
    add(width, y > 0, y + 1 < height, weights.y)
    add(area, t > 0, t + 1 < frames, weights.t)
  }
}
