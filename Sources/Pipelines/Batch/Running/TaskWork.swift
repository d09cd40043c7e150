import Detection
import Foundation

/// Does a task, if its output is not there already, and records it.
struct TaskWork {
  let run: BatchRun
  let index: Int
  let log: BatchLog
  let restore: BatchRun.Restore
  let isStopping: @Sendable () -> Bool
  let isCancelled: @Sendable () -> Bool

  private var task: BatchTask { run.plan.tasks[index] }
  private var settings: BatchRunSettings { run.plan.run }

  func perform() {
    let start = ContinuousClock.now
    var reason = ""
    do {
      let output = task.restore.output
      if settings.skipExisting == .always && FileManager.default.fileExists(atPath: output) {
        log.end(index) { ($0.status, $0.reason, $0.exitCode) = (.skipped, "the output is there", 0) }
        return
      }
      let inspection = try TaskInspection(task, journal: run.journal, isCancelled: isStopping)
      let state = inspection.state
      reason = state.text
      if settings.skipExisting == .verified {
        if state.isComplete {
          let result = run.journal.record(of: output)?.result
          log.end(index) { entry in
            entry.status = state == .done ? .skipped : .failed
            entry.exitCode = state == .done ? 0 : JobError.Kind.input.exitCode
            entry.reason = reason
            entry.setQuality(holdout: result?.holdoutPSNR, expected: result?.expectedPSNR)
            entry.warnings = result?.warnings ?? []
          }
          return
        }
        if state == .foreign {
          throw JobError.output(
            "\(output) is there already and no earlier run made it: move it away, or set run.skip_existing to always "
              + "(keep it) or never (replace it)")
        }
      }
      log.tell(.began(index: index, state: state))
      let result = try attempts(inspection.record)
      let seconds = (ContinuousClock.now - start).inSeconds
      log.end(index) { entry in
        entry.status = result.damage == nil ? .done : .failed
        entry.reason = result.damage ?? reason
        entry.exitCode = result.damage == nil ? 0 : JobError.Kind.input.exitCode
        entry.seconds = seconds
        entry.setQuality(holdout: result.metrics.holdoutPsnrDb, expected: result.metrics.expectedPSNR)
        entry.windows = result.metrics.windows.count
        entry.windowsKept = result.metrics.windows.count { $0.report.isKept }
      }
    } catch {
      let error = JobError(error, while: .reading)
      let seconds = (ContinuousClock.now - start).inSeconds
      log.end(index) { entry in
        entry.status = error.kind == .cancelled ? .stopped : .failed
        entry.reason = error.description
        entry.exitCode = error.kind.exitCode
        entry.seconds = seconds
        entry.windowsKept = run.journal.keptWindows(of: task.restore)
      }
    }
  }

  /// Does the task; tries again after errors that may pass, such as a full disk.
  private func attempts(_ record: Journal.Record) throws -> RestoreResult {
    var pause = run.pause
    for _ in 0..<settings.retries {
      do {
        return try attempt(record)
      } catch {
        let error = JobError(error, while: .writing)
        guard error.kind == .tryAgain else { throw error }
        log.tell(.retrying(index: index, error.description))
        let space = FreeSpace(folders: [PathName.folder(of: task.restore.output), settings.work])
        try wait(pause) { space.hasGrown }
        pause = min(Self.longestPause, pause * 2)
      }
    }
    return try attempt(record)
  }

  private static let longestPause = 600.0

  /// Waits until something has happened, or until the seconds are over.
  private func wait(_ seconds: Double, until hasHappened: () -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end && !hasHappened() {
      if isStopping() { throw JobError.stopped }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  private func attempt(_ begun: Journal.Record) throws -> RestoreResult {
    var job = task.restore
    var record = begun
    let journal = run.journal
    for path in [job.output] + (job.metrics.map { [$0] } ?? []) {
      try AtomicFile.makeFolder(PathName.folder(of: path))
    }
    try journal.write(record, of: job.output)
    job.overwrite = true
    let kept = journal.windows(of: job.output)
    if let planned = task.planned, planned.isSolved {
      job.store = PlannedStore(files: kept, results: planned)
      job.knownFrames = planned.frames > 0 ? planned.frames : nil
      job.replay = planned.replay
      job.plannedOverlays = planned.overlays
      // Nothing is left to survey either.
      if planned.replay != nil { job.surveyed = SurveyedDamage() }
    } else {
      job.store = kept
    }
    let result = try restore(
      job, { log.tell(.warning(index: index, $0)) }, { log.tell(.progress(index: index, $0)) }, isStopping,
      isCancelled)
    let written = try ContentDigest(of: job.output)
    let settings = try ResolvedSettings(job: job).json(input: job.input, output: job.output)
    try AtomicFile.write(settings, to: "\(job.output).inrr.json")
    record.result = .init(
      size: written.size, hash: written.hash, holdoutPSNR: result.metrics.holdoutPsnrDb.finite,
      expectedPSNR: result.metrics.expectedPSNR,
      damage: result.damage, warnings: log.report.inputs[index].warnings)
    try journal.write(record, of: job.output)
    journal.removeWindows(of: job.output)
    return result
  }
}
