import Foundation

/// What happens in a batch, from any thread: told to whoever observes, one event at a time, and written to the report.
///
/// Unchecked because a lock, which the compiler does not see, guards everything that changes.
final class BatchLog: @unchecked Sendable {
  private let lock = NSLock()
  private let path: String
  private let start = ContinuousClock.now
  private let observe: (BatchEvent) -> Void
  private var current: BatchReport
  private var firstFailure: JobError?

  init(plan: BatchPlan, observe: @escaping (BatchEvent) -> Void) {
    path = plan.run.reportPath
    current = BatchReport(plan: plan)
    self.observe = observe
  }

  var report: BatchReport { lock.withLock { current } }

  var hasFailures: Bool { lock.withLock { current.inputs.contains { $0.status == .failed } } }

  /// Why the report could not be written while tasks were at work.
  var failure: JobError? { lock.withLock { firstFailure } }

  /// Tells an event; the report keeps the warnings, of the last attempt where there are several.
  func tell(_ event: BatchEvent) {
    lock.withLock {
      switch event {
      case .warning(let index, let sentence): current.inputs[index].warnings.append(sentence)
      case .retrying(let index, _): current.inputs[index].warnings = []
      default: break
      }
      observe(event)
    }
  }

  /// Notes why a task was not begun.
  func leave(_ index: Int, reason: String) { lock.withLock { current.inputs[index].reason = reason } }

  /// Notes what became of a task, and brings the report up to date.
  func end(_ index: Int, _ change: (inout BatchReport.Entry) -> Void) {
    lock.withLock {
      change(&current.inputs[index])
      observe(.ended(index: index, current.inputs[index]))
      do {
        try write()
      } catch {
        firstFailure = firstFailure ?? JobError(error, while: .writing)
      }
    }
  }

  func save() throws { try lock.withLock { try write() } }

  private func write() throws {
    current.seconds = (ContinuousClock.now - start).inSeconds
    try AtomicFile.write(try current.json(), to: path)
  }
}
