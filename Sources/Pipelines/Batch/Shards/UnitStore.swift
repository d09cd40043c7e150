import Reconstruction
import Synchronization

/// Counts the units of a plan as they are asked for, and lets the solver solve only those of one shard: all other units get
/// an empty solution, which is not used.
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
  ///   - isOurs: whether to solve a unit that is not kept; by default none is solved.
  init(_ files: FileSolutionStore, first: Int = 0, isOurs: @escaping @Sendable (Int) -> Bool = { _ in false })
  {
    self.files = files
    self.isOurs = isOurs
    state = Mutex(State(next: first))
  }

  /// The number after the last unit that was seen.
  var end: Int { state.withLock { $0.next } }

  /// Units that were kept already, and units that were solved.
  var counts: (kept: Int, solved: Int) { state.withLock { ($0.kept, $0.solved) } }

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    let number = state.withLock { state in
      state.next += 1
      return state.next - 1
    }
    if files.solution(of: unit) != nil {
      state.withLock { $0.kept += 1 }
    } else if isOurs(number) {
      return nil
    }
    return .unread(of: unit)
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) throws {
    try files.save(solution, of: unit)
    state.withLock { $0.solved += 1 }
  }
}
