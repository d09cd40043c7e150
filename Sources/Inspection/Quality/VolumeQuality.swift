import Frames

/// How a restored volume compares with its reference, in the numbers of the file. Voxels that are not finite in the
/// reference do not count.
public struct VolumeQuality: Sendable {
  /// A slice across z.
  public struct Slice: Sendable {
    public var all = ErrorSum()
    public var missing = ErrorSum()
    public var knownIdentical = true
  }

  public private(set) var slices: [Slice] = []
  private var range: (low: Double, high: Double)?

  public init() {}

  /// Largest less smallest number of the reference.
  public var peak: Double { range.map { $0.high - $0.low } ?? 0 }

  public var all: ErrorSum { slices.reduce(into: ErrorSum()) { $0 += $1.all } }
  public var missing: ErrorSum { slices.reduce(into: ErrorSum()) { $0 += $1.missing } }
  public var known: ErrorSum {
    let (all, missing) = (all, missing)
    return ErrorSum(squares: max(0, all.squares - missing.squares), samples: all.samples - missing.samples)
  }
  /// Whether every known voxel has the reference's bits.
  public var knownIdentical: Bool { slices.allSatisfy(\.knownIdentical) }

  /// Compares the next slice.
  ///
  /// - Parameters:
  ///   - missing: 1 where missing.
  ///   - knownIdentical: whether all others have the same bits.
  public mutating func add(reference: [Double], result: [Double], missing: [UInt8], knownIdentical: Bool) {
    precondition(reference.count == result.count && missing.count == result.count, "slices of one size")
    var slice = Slice(knownIdentical: knownIdentical)
    for i in reference.indices where reference[i].isFinite {
      let difference = result[i] - reference[i]
      let error = ErrorSum(squares: difference * difference, samples: 1)
      slice.all += error
      if missing[i] != 0 { slice.missing += error }
      range =
        range.map { (min($0.low, reference[i]), max($0.high, reference[i])) } ?? (reference[i], reference[i])
    }
    slices.append(slice)
  }
}
