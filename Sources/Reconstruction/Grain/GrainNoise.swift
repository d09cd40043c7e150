import Kernels

/// Noise of mean 0 and variance 1 whose value at a sample depends on the sample's place in the video alone, so that all windows
/// and sites with the sample draw the same, in any order.
///
/// White noise w is averaged by (a 1 a) / sqrt(1 + 2 a^2) along rows and along columns, after which neighbours correlate by
/// 2 a / (1 + 2 a^2). A share of it may be common to several planes.
struct GrainNoise {
  /// The largest correlation of neighbours that three taps can give.
  static let mostCorrelation = 0.7
  /// No sample is further from 0.
  static let bound: Float = 3

  /// The weight of a sample's neighbours along a line, whose noise then correlates so much.
  private static func tap(_ correlation: Double) -> Double {
    let r = max(0, min(mostCorrelation, correlation))
    return r > 0 ? (1 - max(0, 1 - 2 * r * r).squareRoot()) / (2 * r) : 0
  }

  /// How much samples with one between them correlate where neighbours do so much.
  static func secondCorrelation(_ correlation: Double) -> Double {
    let a = tap(correlation)
    return a * a / (1 + 2 * a * a)
  }

  /// Correlation of neighbours in a column, and in a row, 0 ... `mostCorrelation`; that of planes, 0 ... 1.
  struct Correlation {
    var rows = 0.0
    var columns = 0.0
    var planes = 0.0
  }

  private let own: UInt64
  private let common: UInt64
  private let outer: (row: Float, column: Float)
  private let gain: (own: Float, common: Float)

  /// - Parameters:
  ///   - seed: the same for the whole video.
  ///   - plane: which of the frame's planes.
  ///   - group: the same for planes that share a part of their noise.
  init(seed: UInt64, plane: Int, group: Int, correlation: Correlation) {
    var random = RandomSource(seed: seed ^ 0x6772_6169_6E00_0000)
    let base = random.next()
    own = base &+ UInt64(truncatingIfNeeded: 2 * plane + 1) &* 0xA24B_AED4_963E_E407
    common = base &+ UInt64(truncatingIfNeeded: 2 * group) &* 0xA24B_AED4_963E_E407
    outer = (Float(Self.tap(correlation.rows)), Float(Self.tap(correlation.columns)))
    let scale = 1 / ((1 + 2 * outer.row * outer.row) * (1 + 2 * outer.column * outer.column)).squareRoot()
    let shared = Float(max(0, min(1, correlation.planes)))
    gain = (scale * (1 - shared).squareRoot(), scale * shared.squareRoot())
  }

  /// The noise of a run of samples in a row.
  func row(frame: Int, row: Int, columns: Range<Int>) -> [Float] {
    // Averaged along columns, from one sample before the run to one after it.
    let tall = (columns.lowerBound - 1..<columns.upperBound + 1).map { column in
      white(frame, row, column) + outer.row * (white(frame, row - 1, column) + white(frame, row + 1, column))
    }
    return (1..<tall.count - 1).map {
      max(-Self.bound, min(Self.bound, tall[$0] + outer.column * (tall[$0 - 1] + tall[$0 + 1])))
    }
  }

  private func white(_ frame: Int, _ row: Int, _ column: Int) -> Float {
    let own = Self.white(own, frame, row, column)
    return gain.common > 0
      ? gain.own * own + gain.common * Self.white(common, frame, row, column) : gain.own * own
  }

  /// The sum of four uniform numbers, approximately normal.
  private static func white(_ stream: UInt64, _ frame: Int, _ row: Int, _ column: Int) -> Float {
    var random = RandomSource(
      seed: stream &+ UInt64(truncatingIfNeeded: frame) &* 0x9FB2_1C65_1E98_DF25
        &+ UInt64(truncatingIfNeeded: row) &* 0xD6E8_FEB8_6659_FD93
        &+ UInt64(truncatingIfNeeded: column) &* 0xC2B2_AE3D_27D4_EB4F)
    let bits = random.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    // Each has a variance of 2^32 / 12.
    return (Float(sum) - 131_070) * (1 / 37_837.22)
  }
}
