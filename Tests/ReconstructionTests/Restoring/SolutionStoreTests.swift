import Frames
import Synchronization
import Testing

@testable import Reconstruction

/// Keeps solutions in memory.
private final class MemoryStore: SolutionStore {
  private struct State {
    var solutions: [String: UnitSolution] = [:]
    var saved: [String] = []
    var found: [String] = []
  }

  private let state = Mutex(State())

  private func key(_ unit: any WorkUnit) -> String { "\(unit.firstFrame) \(unit.box)" }

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    state.withLock { state in
      let key = key(unit)
      guard let solution = state.solutions[key] else { return nil }
      state.found.append(key)
      return solution
    }
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) throws {
    state.withLock { state in
      state.solutions[key(unit)] = solution
      state.saved.append(key(unit))
    }
  }

  var saved: [String] { state.withLock { $0.saved } }
  var found: [String] { state.withLock { $0.found } }
}

@Suite("Solution store")
struct SolutionStoreTests {
  private let format = FrameFormat(
    width: 40, height: 28, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  private var restorer: RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = .fast
    settings.iterations = 5
    (settings.windowFrames, settings.overlap) = (6, 2)
    return settings
  }

  private func source() -> SyntheticSource {
    SyntheticSource(format: format, count: 14) { _, y, x in (8..<14).contains(y) && (10..<17).contains(x) }
  }

  @Test("what was solved before an interruption is not solved again, and the output is the same")
  func goesOn() throws {
    let whole = source()
    let summary = try Restorer(settings: restorer).restore(whole)
    #expect(summary.sites.count == 3 && summary.sites.allSatisfy { !$0.isKept })
    let store = MemoryStore()
    let stopped = source()
    var execution = Execution(store: store)
    // Asked to stop while a window is at work: it is solved and kept all the same.
    execution.isStopping = { store.saved.count == 2 }
    #expect(throws: RestorationError.cancelled) {
      try Restorer(settings: restorer, execution: execution).restore(stopped)
    }
    #expect(store.saved.count == 2)
    let resumed = source()
    let rest = try Restorer(settings: restorer, execution: Execution(threads: 2, store: store)).restore(
      resumed)
    #expect(store.found == Array(store.saved.prefix(2)) && store.saved.count == summary.sites.count)
    #expect(rest.sites.map(\.isKept) == summary.sites.indices.map { $0 < 2 })
    #expect(resumed.written.map(\.planes) == whole.written.map(\.planes))
    #expect(rest.holdoutPSNR == summary.holdoutPSNR)
    #expect(rest.sites.map(\.weights) == summary.sites.map(\.weights))
  }
}
