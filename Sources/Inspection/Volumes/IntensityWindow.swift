import Foundation

/// The numbers of a volume that are drawn black and white. They are quantiles, so that a few extreme voxels (metal in a
/// CT scan, hot pixels) do not reduce the contrast of all others.
public struct IntensityWindow: Sendable, Equatable {
  public let low: Double
  public let high: Double

  /// The quantiles.
  private static let shares = (low: 0.005, high: 0.995)

  /// - Parameter some: a random sample of the known numbers, in any order; NaN and infinity are left out.
  public init(some: [Double]) {
    let sorted = some.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else {
      (low, high) = (0, 1)
      return
    }
    func number(_ share: Double) -> Double { sorted[Int(Double(sorted.count - 1) * share)] }
    let bulk = (number(Self.shares.low), number(Self.shares.high))
    if bulk.0 < bulk.1 {
      (low, high) = bulk
    } else {
      // Almost all numbers are equal: the whole range shows those that are not.
      (low, high) = (first, first < last ? last : first + 1)
    }
  }

  /// 0 ... 255; black for NaN.
  public func gray(_ value: Double) -> UInt8 {
    // Halves, so that the widest range has a finite width.
    let share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return share.isFinite ? UInt8((min(max(share, 0), 1) * 255).rounded()) : value > 0 ? 255 : 0
  }
}

/// A voxel's number as text: whole numbers in full, others with five significant digits.
public func voxelText(_ value: Double) -> String {
  if !value.isFinite { return value.isNaN ? "no number" : value > 0 ? "infinite" : "-infinite" }
  return value == value.rounded() && abs(value) < 1e15
    ? String(format: "%.0f", value) : String(format: "%.5g", value)
}
