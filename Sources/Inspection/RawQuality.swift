import Foundation
import Frames

/// The error of a model's raw output: not clipped, not rounded, known samples not put back.
///
/// A figure is nil where there is no number for it: no missing samples, nothing that differs (a PSNR would be
/// infinite), a flat truth, or an output that is no number.
public struct RawQuality: Sendable, Equatable, Codable {
  /// PSNR in dB against full scale 1 over all samples.
  public var psnrDb: Double?
  /// PSNR in dB over missing samples.
  public var psnrMissingDb: Double?
  /// Mean absolute error over all samples / (largest - smallest sample of the truth).
  public var nmae: Double?
  /// Mean absolute error over missing samples / (largest - smallest sample of the truth).
  public var nmaeMissing: Double?

  /// Compares planes of samples, full scale = 1.
  ///
  /// - Parameter missing: for each plane, not 0 where a sample counts as missing.
  public init(truth: [[Float]], estimate: [[Float]], missing: [[UInt8]]) {
    precondition(truth.map(\.count) == estimate.map(\.count), "planes of one size are compared")
    precondition(truth.map(\.count) == missing.map(\.count), "one choice a sample")
    var all = ErrorSums()
    var holes = ErrorSums()
    var lowest = Float.infinity
    var highest = -Float.infinity
    for (p, plane) in truth.enumerated() {
      plane.withUnsafeBufferPointer { plane in
        estimate[p].withUnsafeBufferPointer { estimate in
          missing[p].withUnsafeBufferPointer { missing in
            for i in plane.indices {
              let value = plane[i]
              lowest = min(lowest, value)
              highest = max(highest, value)
              let difference = Double(estimate[i]) - Double(value)
              all.add(difference)
              if missing[i] != 0 { holes.add(difference) }
            }
          }
        }
      }
    }
    let range = Double(highest) - Double(lowest)
    psnrDb = all.psnr
    psnrMissingDb = holes.psnr
    nmae = all.normalised(by: range)
    nmaeMissing = holes.normalised(by: range)
  }
}

/// Sums of errors and of their squares.
private struct ErrorSums {
  var absolute = 0.0
  var squares = 0.0
  var count = 0

  mutating func add(_ difference: Double) {
    absolute += abs(difference)
    squares += difference * difference
    count += 1
  }

  var psnr: Double? {
    guard count > 0 else { return nil }
    let value = ErrorSum.psnr(meanSquaredError: squares / Double(count))
    return value.isFinite ? value : nil
  }

  func normalised(by range: Double) -> Double? {
    guard count > 0, range > 0, absolute.isFinite else { return nil }
    return absolute / Double(count) / range
  }
}
