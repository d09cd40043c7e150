import Kernels

/// How much each place of a band profile looks like a line, bright or dark.
///
/// A line is brighter, or darker, than both of its flanks, so that an edge gives nothing; its difference from the nearer one,
/// in units of the roughness around. (A. Kokaram, "Motion Picture Restoration", Springer 1998, chapter 9, looks for the same
/// shape in a picture's column means.)
struct LineStrength: Sendable {
  /// No band decides alone: strengths end here, and what is no line counts this much against one.
  static let range: ClosedRange<Float> = -1...2
  /// Columns of the mean beside the line, and between: its edge is soft.
  private static let flank = 3
  private static let gap = 1
  /// A line lies over one background: what its flanks differ by counts against it.
  private static let slopeShare: Float = 0.15
  /// Roughness is the median deviation over `roughWindow` columns from the median of `smoothWindow`, as a standard
  /// deviation of normal noise, but never below what rounding to whole samples leaves.
  private static let smoothWindow = 15
  private static let roughWindow = 41
  private static let deviationOfMedian: Float = 1.48
  private static let leastRoughness: Float = 0.25
  /// Beyond the ends of a row its last values go on.
  private static let padding = 12

  let bands: Int
  let width: Int
  /// Of bright lines, then of dark ones: (2, bands, width).
  let values: [Float]

  /// - Parameter mostColumns: of a line.
  init(_ profile: BandProfile, mostColumns: Int, threads: Int) {
    precondition(mostColumns <= 8, "flanks within the padding")
    (bands, width) = (profile.bands, profile.width)
    let (bands, width) = (bands, width)
    var values = [Float](repeating: Self.range.lowerBound, count: 2 * bands * width)
    parallelFor(bands, threads: threads, writing: &values) { band, values in
      profile.values.withUnsafeBufferPointer { means in
        Self.fill(
          bright: values[band * width..<(band + 1) * width],
          dark: values[(bands + band) * width..<(bands + band + 1) * width],
          from: UnsafeBufferPointer(rebasing: means[band * width..<(band + 1) * width]),
          mostColumns: mostColumns)
      }
    }
    self.values = values
  }

  /// Columns beside the picture's borders in which there are no lines: frames often have dark or bright edges there.
  static func border(ofWidth width: Int) -> Int { max(8, width / 80) }

  /// The strengths of one sign in a band.
  func row(isBright: Bool, band: Int) -> Range<Int> {
    let first = ((isBright ? 0 : bands) + band) * width
    return first..<first + width
  }

  private static func fill(
    bright: UnsafeMutableBufferPointer<Float>, dark: UnsafeMutableBufferPointer<Float>,
    from means: UnsafeBufferPointer<Float>, mostColumns: Int
  ) {
    let width = means.count
    let border = border(ofWidth: width)
    // Too narrow for a line with its flanks.
    if width <= 2 * border + flank + gap { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 5 * width + 6 * padding) { memory in
      memory.initialize(repeating: 0)
      guard let base = memory.baseAddress else { return }
      let size = width + 2 * padding
      let (padded, sums, sides) = (base, base + size, base + 2 * size)
      let (smooth, rough) = (base + 3 * size, base + 3 * size + width)
      for i in 0..<size { padded[i] = means[max(0, min(width - 1, i - padding))] }
      for i in 0..<size - 2 { sides[i] = (padded[i] + padded[i + 1] + padded[i + 2]) / Float(flank) }

      let smoothed = UnsafeMutableBufferPointer(start: smooth, count: width)
      VectorMath.runningMedians(of: means, window: smoothWindow, into: smoothed)
      for x in 0..<width { smooth[x] = abs(means[x] - smooth[x]) }
      VectorMath.runningMedians(
        of: UnsafeBufferPointer(smoothed), window: roughWindow,
        into: UnsafeMutableBufferPointer(start: rough, count: width))

      for x in border..<width - border { (bright[x], dark[x]) = (-Float.infinity, -Float.infinity) }
      for columns in 1...mostColumns {
        for i in 0..<size - mostColumns { sums[i] += padded[i + columns - 1] }
        let first = padding - columns / 2
        let share = 1 / Float(columns)
        for x in border..<width - border {
          let line = sums[x + first] * share
          let left = sides[x + first - flank - gap]
          let right = sides[x + first + columns + gap]
          let slope = slopeShare * abs(left - right)
          bright[x] = max(bright[x], line - max(left, right) - slope)
          dark[x] = max(dark[x], min(left, right) - line - slope)
        }
      }
      for x in border..<width - border {
        let scale = 1 / max(leastRoughness, deviationOfMedian * rough[x])
        bright[x] = max(range.lowerBound, min(range.upperBound, bright[x] * scale))
        dark[x] = max(range.lowerBound, min(range.upperBound, dark[x] * scale))
      }
    }
  }
}
