/// What a text lies over: the mean brightness of what is around a place, but not near strokes.
struct Ground: Sendable {
  /// How a sample is against what is around: darker where strokes are bright, and brighter where they are dark; not so; or it
  /// would not be seen.
  enum Comparison {
    case opposite, alike, unclear
  }

  /// Steps of 8 bits that count as darker, or brighter, and the share of what is there that a shadow takes away.
  private static let change = 20
  private static let share = 0.3
  /// Steps of 8 bits that are noise: where strokes hardly differ from what is around, and else.
  private static let noise = (least: 3, most: 8)
  /// Samples that a mean is of, at least.
  private static let fewest: Int32 = 8

  /// Steps of 8 bits; nil where too little is around.
  private let means: [UInt8?]

  /// - Parameters:
  ///   - reach: samples from strokes in which an outline or shadow may be.
  ///   - radius: samples around a place that count.
  init(_ appearance: Appearance, nearness: Nearness, reach: Int, radius: Int) {
    let (width, height) = (appearance.box.width, appearance.box.height)
    let columns = width + 1
    // Sums over all above and to the left.
    var (sums, counts) = ([Int32](repeating: 0, count: columns * (height + 1)), [Int32]())
    counts = sums
    for y in 0..<height {
      var (sum, count) = (Int32(0), Int32(0))
      for x in 0..<width {
        let i = y * width + x
        if nearness.distances[i] > Int32(3 * reach) {
          sum &+= Int32(appearance.mean[i])
          count &+= 1
        }
        let k = (y + 1) * columns + x + 1
        sums[k] = sums[k - columns] &+ sum
        counts[k] = counts[k - columns] &+ count
      }
    }
    let side = radius + reach
    var means = [UInt8?](repeating: nil, count: width * height)
    for y in 0..<height {
      let (top, bottom) = (max(0, y - side) * columns, min(height, y + side + 1) * columns)
      for x in 0..<width {
        let (left, right) = (max(0, x - side), min(width, x + side + 1))
        let count = counts[bottom + right] - counts[bottom + left] - counts[top + right] + counts[top + left]
        if count < Self.fewest { continue }
        let sum = sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]
        means[y * width + x] = UInt8(truncatingIfNeeded: sum / count)
      }
    }
    self.means = means
  }

  /// The mean around a sample; nil where too little is around.
  func mean(at place: Int) -> UInt8? { means[place] }

  /// Whether a sample looks as if there was no text: as what is around, next to how much strokes differ from that.
  func isLike(_ value: UInt8, at place: Int, strokes: Int) -> Bool {
    guard let mean = means[place] else { return false }
    let contrast = abs(strokes - Int(mean))
    return abs(Int(value) - Int(mean)) < max(Self.noise.least, min(Self.noise.most, contrast / 8))
  }

  func compare(_ value: UInt8, at place: Int, with strokes: Int) -> Comparison {
    guard let mean = means[place] else { return .unclear }
    let (ground, value) = (Int(mean), Int(value))
    let (change, most) =
      strokes >= ground ? (ground - value, ground) : (value - ground, 255 - ground)
    if change >= max(Self.change, Int(Self.share * Double(most))) { return .opposite }
    return most < 2 * Self.change ? .unclear : .alike
  }
}
