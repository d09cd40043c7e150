import Foundation
import Pipelines

/// Prints what a batch would do, why, and what it would take, estimated by short trials on this machine.
struct DryRun {
  let job: BatchRun
  let kind: ProgressKind

  private enum Verdict {
    case run(TaskState, TaskEstimate)
    case skip(String)
    case fail(String)
  }

  /// - Throws: `ExitStatus` where something would fail.
  func tell() throws {
    try StopSignals.watched { try tellAll() }
  }

  private func tellAll() throws {
    let estimator = BatchEstimator(plan: job.plan)
    var estimates: [TaskEstimate] = []
    var fails = false
    for task in job.plan.tasks {
      let verdict = verdict(task, estimator)
      if let signal = StopSignals.received { throw ExitStatus.stopped(by: signal) }
      switch verdict {
      case .run(_, let estimate): estimates.append(estimate)
      case .fail: fails = true
      case .skip: break
      }
      print(kind == .json ? try Self.line(task, verdict) : MessageText.tidied(Self.text(task, verdict)))
    }
    if !estimates.isEmpty {
      print(kind == .json ? try total(estimates, estimator) : totalText(estimates, estimator))
    }
    if fails { throw ExitStatus.someFailed }
  }

  private func verdict(_ task: BatchTask, _ estimator: BatchEstimator) -> Verdict {
    let skip = job.plan.run.skipExisting
    switch (job.state(of: task, isCancelled: StopSignals.hasReceived), skip) {
    case (.failure(let error), _): return .fail(error.description)
    case (_, .always) where FileManager.default.fileExists(atPath: task.restore.output):
      return .skip("the output is there")
    case (.success(.done), .verified): return .skip("done")
    case (.success(.damagedInput(let damage)), .verified): return .fail("\(damage); nothing changed since")
    case (.success(.foreign), .verified): return .fail(TaskState.foreign.text)
    case (.success(let state), _):
      do {
        var kept = 0
        if case .incomplete(let windows) = state { kept = windows }
        let estimate = try estimator.estimate(task, kept: kept, isCancelled: StopSignals.hasReceived)
        return .run(state, estimate)
      } catch {
        return .fail((error as? JobError)?.description ?? "\(error)")
      }
    }
  }

  // MARK: For people

  private static func text(_ task: BatchTask, _ verdict: Verdict) -> String {
    let start = "\(task.restore.input) -> \(task.restore.output)  "
    switch verdict {
    case .skip(let reason): return "\(start)skip: \(reason)"
    case .fail(let reason): return "\(start)fails: \(reason)"
    case .run(let state, let estimate):
      return
        "\(start)run: \(state.text)\n    \(counts(estimate)), about \(Figures.duration(estimate.seconds)), "
        + ByteCount.text(estimate.memory) + estimate.warnings.map { "\n    warning: \($0)" }.joined()
    }
  }

  private static func counts(_ estimate: TaskEstimate) -> String {
    "\(Figures.count(estimate.frames, "frame")), \(Figures.count(estimate.windows, "window"))"
  }

  private func totalText(_ estimates: [TaskEstimate], _ estimator: BatchEstimator) -> String {
    let frames = estimates.reduce(0) { $0 + $1.frames }
    let windows = estimates.reduce(0) { $0 + $1.windows }
    return
      "\(estimates.count) to do: \(Figures.count(frames, "frame")), \(Figures.count(windows, "window")), about "
      + "\(Figures.duration(estimator.seconds(of: estimates))), \(ByteCount.text(estimator.memory(of: estimates))) of memory"
  }

  // MARK: For programs

  private static func line(_ task: BatchTask, _ verdict: Verdict) throws -> String {
    var keys: [String: Any] = [
      "event": "task", "job": task.job, "input": task.restore.input, "output": task.restore.output,
    ]
    switch verdict {
    case .skip(let reason): (keys["action"], keys["state"]) = ("skip", reason)
    case .fail(let reason): (keys["action"], keys["state"]) = ("fail", reason)
    case .run(let state, let estimate):
      (keys["action"], keys["state"]) = ("run", state.text)
      keys["frames"] = estimate.frames
      keys["windows"] = estimate.windows
      keys["windows_kept"] = estimate.windowsKept
      keys["seconds"] = estimate.seconds
      keys["memory_bytes"] = estimate.memory
      keys["warnings"] = estimate.warnings
    }
    return try JSONProgress.text(keys)
  }

  private func total(_ estimates: [TaskEstimate], _ estimator: BatchEstimator) throws -> String {
    try JSONProgress.text([
      "event": "total", "inputs": estimates.count, "frames": estimates.reduce(0) { $0 + $1.frames },
      "windows": estimates.reduce(0) { $0 + $1.windows }, "seconds": estimator.seconds(of: estimates),
      "memory_bytes": estimator.memory(of: estimates),
    ])
  }
}
