/// The map between a volume's numbers and samples of 0 ... 65535, whole ones for integers.
///
/// The range of the known numbers becomes 0 ... 65535. The map is linear where the bulk of the numbers takes a good part
/// of their range. Where a few numbers lie far out (metal in a CT scan, hot pixels), it is piecewise linear: the bulk,
/// widened by a quarter of its width on both sides, takes nine tenths of the samples, so that it keeps its contrast. In both
/// cases the map is monotonic, and no sample becomes a number outside the range of the known ones.
public struct IntensityScale: Sendable, Equatable, Codable {
  /// The knots of the map: rising numbers and their samples, linear in between.
  private let numbers: [Double]
  private let samples: [Double]

  /// Whether samples are whole numbers, as those of integers are.
  public let isWhole: Bool

  public static let fullScale = 65535.0
  /// At most about so many numbers are taken to find the bulk.
  static let mostCounted = 1 << 20
  /// The quantiles between which the bulk lies.
  private static let bulk = (low: 0.0005, high: 0.9995)
  /// The map is not linear where the range is more than so many times as wide as the bulk.
  private static let wide = 5.0

  public var minimum: Double { numbers[0] }
  public var maximum: Double { numbers[numbers.count - 1] }

  /// - Parameters:
  ///   - minimum, maximum: of all known numbers.
  ///   - some: a fair sample of the known numbers, in any order; empty for a linear map.
  public init(minimum: Double, maximum: Double, some: [Double] = [], isWhole: Bool = true) {
    self.isWhole = isWhole
    precondition(minimum <= maximum && minimum.isFinite && maximum.isFinite, "a range has a start and an end")
    let sorted = some.sorted()
    // Halves, so that the width of the widest range is finite.
    let width = maximum / 2 - minimum / 2
    guard width > 0 else {
      (numbers, samples) = ([minimum, minimum], [0, Self.fullScale])
      return
    }
    func number(_ share: Double) -> Double { sorted[Int(Double(sorted.count - 1) * share)] }
    let bulk = sorted.isEmpty ? (minimum, maximum) : (number(Self.bulk.low), number(Self.bulk.high))
    let bulkWidth = bulk.1 / 2 - bulk.0 / 2
    guard bulkWidth > 0, width > Self.wide * bulkWidth else {
      (numbers, samples) = ([minimum, maximum], [0, Self.fullScale])
      return
    }
    let low = max(minimum, bulk.0 - bulkWidth / 2)
    let high = min(maximum, bulk.1 + bulkWidth / 2)
    let below = low > minimum ? 0.05 * Self.fullScale : 0
    let above = high < maximum ? 0.95 * Self.fullScale : Self.fullScale
    let knots: [(Double, Double)] =
      (low > minimum ? [(minimum, 0)] : []) + [(low, below), (high, above)]
      + (high < maximum ? [(maximum, Self.fullScale)] : [])
    (numbers, samples) = (knots.map(\.0), knots.map(\.1))
  }

  var isLinear: Bool { numbers.count == 2 }

  /// Whether it is a map, as one that was read from a file may not be.
  public var isSound: Bool {
    numbers.count == samples.count && numbers.count >= 2 && (numbers + samples).allSatisfy(\.isFinite)
      && zip(numbers, numbers.dropFirst()).allSatisfy(<=) && zip(samples, samples.dropFirst()).allSatisfy(<)
  }

  /// The sample of a number; numbers outside the range are clipped to it.
  public func sample(_ number: Double) -> Double {
    guard let k = (1..<numbers.count).first(where: { number < numbers[$0] }) else { return Self.fullScale }
    if !(number > numbers[k - 1]) { return stepped(samples[k - 1]) }
    let share = (number / 2 - numbers[k - 1] / 2) / (numbers[k] / 2 - numbers[k - 1] / 2)
    return stepped(samples[k - 1] + share * (samples[k] - samples[k - 1]))
  }

  /// The nearest sample that the scale has: a whole one for integers.
  public func stepped(_ sample: Double) -> Double { isWhole ? sample.rounded() : sample }

  /// The place of a number on the scale: 0 ... 1 within the range, extrapolated linearly beyond it.
  public func position(_ number: Double) -> Double {
    let k = (1..<numbers.count).first { number < numbers[$0] } ?? numbers.count - 1
    let width = numbers[k] / 2 - numbers[k - 1] / 2
    let share = width > 0 ? (number / 2 - numbers[k - 1] / 2) / width : 0
    return (samples[k - 1] + share * (samples[k] - samples[k - 1])) / Self.fullScale
  }

  /// The number of a sample.
  public func number(_ value: Double) -> Double {
    let k = (1..<numbers.count).first { value <= samples[$0] } ?? numbers.count - 1
    let share = (value - samples[k - 1]) / (samples[k] - samples[k - 1])
    // Not by the difference of both, which may be infinite.
    return numbers[k - 1] * (1 - share) + numbers[k] * share
  }
}
