import Frames

/// The error of a model's raw output: not clipped, not rounded, known samples not put back.
///
/// A figure is nil where it would not be a finite number: without missing samples, where nothing differs (infinite
/// PSNR), for a constant truth, or for an output that is not finite.
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

private struct ErrorSums {
  var absolute = 0.0
  var squared = ErrorSum()

  mutating func add(_ difference: Double) {
    absolute += abs(difference)
    squared += ErrorSum(squares: difference * difference, samples: 1)
  }

  var psnr: Double? { squared.exactPSNR.finite }

  /// Mean absolute error, divided by a range.
  func normalised(by range: Double) -> Double? {
    guard squared.samples > 0, range > 0, absolute.isFinite else { return nil }
    return absolute / Double(squared.samples) / range
  }
}
