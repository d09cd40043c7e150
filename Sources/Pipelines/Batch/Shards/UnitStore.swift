import Frames
import Foundation
import Reconstruction
import Synchronization

/// The units of a plan, seen one after the other: those of other shards are passed over, with an estimate
/// that nobody reads.
final class UnitStore: SolutionStore, Sendable {
  private struct State {
    var next: Int
    var kept = 0
    var solved = 0
  }

  private let files: FileSolutionStore
  private let isOurs: @Sendable (Int) -> Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - first: the number of the first unit.
  ///   - isOurs: whether a unit is to be solved where it is not kept.
  init(_ files: FileSolutionStore, first: Int = 0, isOurs: @escaping @Sendable (Int) -> Bool) {
    self.files = files
    self.isOurs = isOurs
    state = Mutex(State(next: first))
  }

  /// The number after the last unit that was seen.
  var end: Int { state.withLock { $0.next } }

  /// Units that were there, among all that were seen, and units that were solved.
  var counts: (kept: Int, solved: Int) { state.withLock { ($0.kept, $0.solved) } }

  func solution(of unit: WorkUnit) -> SiteSolution? {
    let number = state.withLock { state in
      state.next += 1
      return state.next - 1
    }
    if files.has(unit) {
      state.withLock { $0.kept += 1 }
    } else if isOurs(number) {
      return nil
    }
    return .unread(of: unit)
  }

  func save(_ solution: SiteSolution, of unit: WorkUnit) throws {
    try files.save(solution, of: unit)
    state.withLock { $0.solved += 1 }
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
