import Foundation
import Synchronization

/// What happens in a batch, from any thread: told to whoever observes, one event at a time, and written to the report.
final class BatchLog: Sendable {
  private struct State {
    var report: BatchReport
    var failure: JobError?
  }

  private let state: Mutex<State>
  private let path: String
  private let start = ContinuousClock.now
  /// Called by whoever holds the state, so by one thread at a time, which the compiler can't see.
  private nonisolated(unsafe) let observe: (BatchEvent) -> Void

  init(plan: BatchPlan, observe: @escaping (BatchEvent) -> Void) {
    path = plan.run.reportPath
    state = Mutex(State(report: BatchReport(plan: plan)))
    self.observe = observe
  }

  var report: BatchReport { state.withLock { $0.report } }

  var hasFailures: Bool { state.withLock { $0.report.inputs.contains { $0.status == .failed } } }

  /// Why the report could not be written while tasks were at work.
  var failure: JobError? { state.withLock { $0.failure } }

  /// Tells an event; the report keeps the warnings, of the last attempt where there are several.
  func tell(_ event: BatchEvent) {
    state.withLock { state in
      switch event {
      case .warning(let index, let sentence): state.report.inputs[index].warnings.append(sentence)
      case .retrying(let index, _): state.report.inputs[index].warnings = []
      default: break
      }
      observe(event)
    }
  }

  /// Notes why a task was not begun.
  func leave(_ index: Int, reason: String) { state.withLock { $0.report.inputs[index].reason = reason } }

  /// Notes what became of a task, and brings the report up to date.
  func end(_ index: Int, _ change: (inout BatchReport.Entry) -> Void) {
    state.withLock { state in
      change(&state.report.inputs[index])
      observe(.ended(index: index, state.report.inputs[index]))
      do {
        try write(&state.report)
      } catch {
        state.failure = state.failure ?? JobError(error, while: .writing)
      }
    }
  }

  func save() throws { try state.withLock { try write(&$0.report) } }

  private func write(_ report: inout BatchReport) throws {
    report.seconds = (ContinuousClock.now - start).inSeconds
    try AtomicFile.write(try report.json(), to: path)
  }
}
