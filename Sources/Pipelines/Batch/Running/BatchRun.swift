import Kernels
import Media

/// Something that happens in a batch; `index` counts the plan's tasks.
public enum BatchEvent: Sendable {
  case began(index: Int, state: TaskState)
  case progress(index: Int, JobProgress)
  case warning(index: Int, String)
  case retrying(index: Int, String)
  case ended(index: Int, BatchReport.Entry)
}

/// Does all tasks of a plan. A task that fails is noted, and the others go on.
public struct BatchRun: Sendable {
  /// Restores a file; tests use something else than `RestoreJob.run`.
  public typealias Restore =
    @Sendable (
      _ job: RestoreJob, _ warn: @escaping (String) -> Void, _ observe: @escaping (JobProgress) -> Void,
      _ isStopping: @escaping () -> Bool, _ isCancelled: @escaping () -> Bool
    ) throws -> RestoreResult

  public static let restore: Restore = { job, warn, observe, isStopping, isCancelled in
    try job.run(warn: warn, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
  }

  public let plan: BatchPlan
  let journal: Journal
  /// Seconds at most before the second attempt; each later one waits twice as long.
  var pause = 60.0

  public init(plan: BatchPlan) {
    self.plan = plan
    journal = Journal(folder: plan.run.work)
  }

  /// The state in which an earlier run left a task.
  public func state(of task: BatchTask, isCancelled: () -> Bool = { false }) -> Result<TaskState, JobError> {
    do {
      return .success(try TaskInspection(task, journal: journal, isCancelled: isCancelled).state)
    } catch {
      return .failure(JobError(error, while: .reading))
    }
  }

  /// Does the tasks.
  ///
  /// - Parameters:
  ///   - observe: called for each event, by one thread at a time.
  ///   - isStopping: asked often, by several threads; true ends the run when the windows at work are solved and kept.
  ///   - isCancelled: asked often, by several threads; true ends the run at once. Solved windows are kept.
  /// - Throws: `JobError` where the work folder or the report can't be written, or another run is at work there.
  public func run(
    restore: @escaping Restore = BatchRun.restore, observe: @escaping (BatchEvent) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> BatchReport {
    let lock = try WorkLock(.alone, folder: plan.run.work, purpose: "running \(plan.file)")
    defer { withExtendedLifetime(lock) {} }
    try AtomicFile.makeFolder(PathName.folder(of: plan.run.reportPath))
    try AtomicFile.checkFolder(of: plan.run.reportPath)
    // Removes what killed processes left. Each task does so for its output.
    for path in [journal.folder + "/journal/-", plan.run.reportPath] {
      _ = UnfinishedFile.inspect(beside: path)
    }
    let log = BatchLog(plan: plan, observe: observe)
    try log.save()
    let isEnding = { @Sendable in isStopping() || isCancelled() }
    parallelFor(plan.tasks.count, threads: plan.run.parallel) { index in
      if isEnding() { return }
      if log.hasFailures && plan.run.onError == .stop {
        log.leave(index, reason: "an earlier input failed, and on_error is stop")
        return
      }
      let work = TaskWork(
        run: self, index: index, log: log, restore: restore, isStopping: isEnding, isCancelled: isCancelled)
      work.perform()
    }
    try log.save()
    if let failure = log.failure { throw failure }
    return log.report
  }
}
