import Foundation
import Frames

/// What the missing samples of a unit probably err by. That is an estimate: what was measured is an error on held-out
/// samples, which lie elsewhere.
public struct ExpectedError: Sendable, Equatable {
  /// The middle of what is likely, over the missing samples.
  public var error: ErrorSum
  /// Standard deviation of the truth about it, in dB.
  public var deviation: Double

  public init(error: ErrorSum, deviation: Double) { (self.error, self.deviation) = (error, deviation) }

  /// The range of its PSNR; nil without a missing sample.
  public var psnr: PSNRRange? { error.psnr.map { PSNRRange(middle: $0, deviation: deviation) } }
}

/// A PSNR that is estimated, in dB: within the range in nine of ten cases.
public struct PSNRRange: Sendable, Equatable, Codable {
  /// It is as likely above as below; nil where the range is too wide for a single figure to say anything.
  public var middle: Double?
  public var low: Double
  public var high: Double

  /// The largest deviation with a middle: the truth is then within 2 dB in two of three cases at least.
  private static let mostOfMiddle = 2.0
  /// Deviations of a normal distribution on either side that hold nine tenths of it.
  private static let nineTenths = 1.645

  public init(middle: Double?, low: Double, high: Double) {
    (self.middle, self.low, self.high) = (middle, low, high)
  }

  init(middle: Double, deviation: Double) {
    self.init(
      middle: deviation <= Self.mostOfMiddle ? middle : nil, low: middle - Self.nineTenths * deviation,
      high: middle + Self.nineTenths * deviation)
  }
}

/// What the missing samples of several units probably err by together.
public struct Expectation: Sendable, Equatable {
  /// What is expected of units in which it could be judged.
  private var judged = ErrorSum()
  /// Missing samples of units in which it could not.
  private var unjudged = 0
  /// Over units, the sum of what the error may be off by (squared error times deviation), and the sum of its squares.
  private var (offs, squaredOffs) = (0.0, 0.0)

  /// With more of the missing samples in units that could not be judged, nothing is said of all.
  private static let mostUnjudged = 0.05
  /// Standard deviation, in dB, of the error of such units about that of the others.
  private static let deviationOfUnjudged = 6.0
  /// Units of a video err for the same reasons: this share of the variance is common to all of them.
  private static let common = 0.6

  public init() {}

  /// - Parameters:
  ///   - expected: nil where it could not be judged.
  ///   - missing: samples of the unit that are missing.
  mutating func add(_ expected: ExpectedError?, missing: Int) {
    guard let expected, expected.error.samples > 0 else {
      unjudged += missing
      return
    }
    let error = expected.error.spread(over: missing)
    judged += error
    let off = error.squares * expected.deviation
    offs += off
    squaredOffs += off * off
  }

  public static func += (sum: inout Expectation, other: Expectation) {
    sum.judged += other.judged
    sum.unjudged += other.unjudged
    sum.offs += other.offs
    sum.squaredOffs += other.squaredOffs
  }

  /// The range of the PSNR of all missing samples; nil where it can't be told.
  public var psnr: PSNRRange? {
    let all = Double(judged.samples + unjudged)
    guard let middle = judged.psnr, Double(unjudged) <= Self.mostUnjudged * all else { return nil }
    // Small relative changes of units' errors add up in decibels as they do in squares.
    let squares = max(judged.squares, ErrorSum.least * Double(judged.samples))
    let variance = (Self.common * offs * offs + (1 - Self.common) * squaredOffs) / (squares * squares)
    let unknown = Self.deviationOfUnjudged * Double(unjudged) / all
    return PSNRRange(middle: middle, deviation: (variance + unknown * unknown).squareRoot())
  }
}
