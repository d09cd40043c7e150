import Synchronization

/// Takes the events of a batch from any thread, passes them on one at a time, and writes the report.
final class BatchLog: Sendable {
  private struct State {
    var report: BatchReport
    var failure: JobError?
  }

  private let state: Mutex<State>
  private let path: String
  private let start = ContinuousClock.now
  /// Called only while the state is held, so by one thread at a time; the compiler can't see that.
  private nonisolated(unsafe) let observe: (BatchEvent) -> Void

  init(plan: BatchPlan, observe: @escaping (BatchEvent) -> Void) {
    path = plan.run.reportPath
    state = Mutex(State(report: BatchReport(plan: plan)))
    self.observe = observe
  }

  var report: BatchReport { state.withLock { $0.report } }

  var hasFailures: Bool { state.withLock { $0.report.inputs.contains { $0.status == .failed } } }

  /// The first error of writing the report.
  var failure: JobError? { state.withLock { $0.failure } }

  /// Passes an event on. The report keeps the warnings of the last attempt.
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

  /// Notes why a task is left out.
  func leave(_ index: Int, reason: String) { state.withLock { $0.report.inputs[index].reason = reason } }

  /// Notes how a task ended, and writes the report.
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
