import Foundation
import Frames

/// How a restored volume compares with its reference, in the numbers of the file; voxels that are no numbers in the
/// reference do not count.
public struct VolumeQuality: Sendable {
  /// Squared errors of some voxels.
  public struct Errors: Sendable, Equatable {
    public var sum = 0.0
    public var count = 0

    public init() {}

    public mutating func add(_ error: Double) {
      sum += error * error
      count += 1
    }

    mutating func add(_ other: Errors) {
      sum += other.sum
      count += other.count
    }

    /// These without some of them.
    func without(_ part: Errors) -> Errors {
      var rest = self
      rest.sum = max(0, sum - part.sum)
      rest.count -= part.count
      return rest
    }

    /// PSNR in dB; infinite where nothing differs, nil without voxels or without a range.
    public func psnr(peak: Double) -> Double? {
      count > 0 && peak > 0 ? ErrorSum.psnr(meanSquaredError: sum / Double(count) / (peak * peak)) : nil
    }
  }

  /// A slice across z.
  public struct Slice: Sendable {
    public var all = Errors()
    public var missing = Errors()
    public var knownIdentical = true

    public init() {}
  }

  public private(set) var slices: [Slice] = []
  private var range: (low: Double, high: Double)?

  public init() {}

  /// Largest less smallest number of the reference.
  public var peak: Double { range.map { $0.high - $0.low } ?? 0 }

  public var all: Errors { slices.reduce(into: Errors()) { $0.add($1.all) } }
  public var missing: Errors { slices.reduce(into: Errors()) { $0.add($1.missing) } }
  public var known: Errors { all.without(missing) }
  /// Whether every known voxel has the reference's bits.
  public var knownIdentical: Bool { slices.allSatisfy(\.knownIdentical) }

  /// Compares the next slice.
  ///
  /// - Parameters:
  ///   - missing: 1 where missing.
  ///   - knownIdentical: whether all others have the same bits.
  public mutating func add(reference: [Double], result: [Double], missing: [UInt8], knownIdentical: Bool) {
    precondition(reference.count == result.count && missing.count == result.count, "slices of one size")
    var slice = Slice()
    slice.knownIdentical = knownIdentical
    for i in reference.indices where reference[i].isFinite {
      let error = result[i] - reference[i]
      slice.all.add(error)
      if missing[i] != 0 { slice.missing.add(error) }
      range =
        range.map { (min($0.low, reference[i]), max($0.high, reference[i])) } ?? (reference[i], reference[i])
    }
    slices.append(slice)
  }

  /// The report as JSON with sorted keys, those of videos' reports; what volumes do not have is null.
  public func json() throws -> Data {
    func number(_ value: Double?) -> Any { value.flatMap { $0.isFinite ? $0 : nil } ?? NSNull() }
    let object: [String: Any] = [
      "frames": slices.count, "missing_samples": missing.count, "peak": number(peak),
      "psnr_missing_db": number(missing.psnr(peak: peak)), "psnr_db": number(all.psnr(peak: peak)),
      "ssim": NSNull(), "ssim_missing": NSNull(), "known_identical": knownIdentical,
      "psnr_known_db": knownIdentical ? NSNull() : number(known.psnr(peak: peak)), "result_lossless": true,
      "per_frame": slices.enumerated().map { index, slice in
        [
          "frame": index, "psnr_missing_db": number(slice.missing.psnr(peak: peak)),
          "psnr_db": number(slice.all.psnr(peak: peak)), "ssim": NSNull(), "ssim_missing": NSNull(),
        ] as [String: Any]
      },
    ]
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
}
