import Reconstruction
import Synchronization

/// Notes the units that it is asked for, in order, and answers with empty solutions: none is solved.
final class UnitLog: SolutionStore {
  private struct State {
    var units: [PlannedUnit] = []
    var failure: (any Error)?
  }

  private let cost: UnitCost
  private let state = Mutex(State())

  init(cost: UnitCost) { self.cost = cost }

  var result: (units: [PlannedUnit], failure: (any Error)?) {
    state.withLock { ($0.units, $0.failure) }
  }

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    let samples = unit.frames * unit.box.area
    state.withLock { state in
      do {
        state.units.append(
          PlannedUnit(
            place: unit.place, hash: try UnitKey(unit).hexadecimal,
            cost: cost.seconds(of: unit.place, samples: samples, frame: unit.box.area)))
      } catch {
        state.failure = state.failure ?? error
      }
    }
    return .unread(of: unit)
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
}

/// Lets the solver solve only the units of given numbers, counted as they are asked for; all others get an empty solution, which
/// is not used.
final class ChosenUnits: SolutionStore {
  private struct State {
    var next = 0
    var solved = 0
    var mismatch: Int?
  }

  private let files: FileSolutionStore
  private let units: [PlannedUnit]
  private let chosen: Set<Int>
  private let state = Mutex(State())

  init(_ files: FileSolutionStore, units: [PlannedUnit], chosen: Set<Int>) {
    (self.files, self.units, self.chosen) = (files, units, chosen)
  }

  var solved: Int { state.withLock { $0.solved } }
  /// Units that were asked for, and the first that is not as the plan has it.
  var end: Int { state.withLock { $0.next } }
  var mismatch: Int? { state.withLock { $0.mismatch } }

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    let number = state.withLock { state in
      state.next += 1
      return state.next - 1
    }
    guard chosen.contains(number), units.indices.contains(number) else { return .unread(of: unit) }
    guard let key = units[number].unitKey, let now = try? UnitKey(unit), now == key else {
      state.withLock { $0.mismatch = $0.mismatch ?? number }
      return .unread(of: unit)
    }
    return files.isWhole(key) ? .unread(of: unit) : nil
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) throws {
    try files.save(solution, of: unit)
    state.withLock { $0.solved += 1 }
  }
}
