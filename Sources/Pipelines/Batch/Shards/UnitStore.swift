import Frames
import Foundation
import Reconstruction

/// The units of a plan, seen one after the other: those of other shards are passed over, with an estimate
/// that nobody reads.
///
/// Unchecked because a lock, which the compiler does not see, guards the counts.
final class UnitStore: SolutionStore, @unchecked Sendable {
  private let files: FileSolutionStore
  private let isOurs: @Sendable (Int) -> Bool
  private let lock = NSLock()
  private var next: Int
  private var kept = 0
  private var solved = 0

  /// - Parameters:
  ///   - first: the number of the first unit.
  ///   - isOurs: whether a unit is to be solved where it is not kept.
  init(_ files: FileSolutionStore, first: Int = 0, isOurs: @escaping @Sendable (Int) -> Bool) {
    self.files = files
    self.isOurs = isOurs
    next = first
  }

  /// The number after the last unit that was seen.
  var end: Int { lock.withLock { next } }

  /// Units that were there, among all that were seen, and units that were solved.
  var counts: (kept: Int, solved: Int) { lock.withLock { (kept, solved) } }

  func solution(of unit: WorkUnit) -> SiteSolution? {
    let number = lock.withLock { () -> Int in
      next += 1
      return next - 1
    }
    if files.has(unit) {
      lock.withLock { kept += 1 }
    } else if isOurs(number) {
      return nil
    }
    return .unread(of: unit)
  }

  func save(_ solution: SiteSolution, of unit: WorkUnit) throws {
    try files.save(solution, of: unit)
    lock.withLock { solved += 1 }
  }
}

extension SiteSolution {
  /// A solution in the place of one that is not needed.
  static func unread(of unit: WorkUnit) -> SiteSolution {
    let planes = unit.samples.planes.map { [Float](repeating: 0, count: $0.values.count) }
    return SiteSolution(
      estimate: Estimate(planes: planes), iterations: 0, stopReason: .interpolation, heldOut: ErrorSum(),
      weights: [:])
  }
}

extension FileSolutionStore {
  /// Whether a sound solution is kept.
  func has(_ unit: WorkUnit) -> Bool { solution(of: unit) != nil }
}
