import ArgumentParser
import Foundation
import Pipelines

/// Does a batch, or a shard of one, under signals, and says how it went.
struct BatchWork {
  let kind: ProgressKind

  /// Seconds that the windows at work have to be solved in after a signal whose sender waits for the end.
  private static let grace = 12.0

  static let notice =
    "the windows at work are finished and kept before it stops; press Ctrl-C again to stop at once"

  static func isStopping() -> Bool { StopSignals.received != nil }

  static func isCancelled() -> Bool {
    // Whoever sends these kills what has not ended by itself soon after.
    [SIGTERM, SIGUSR1].contains(StopSignals.received ?? 0) && StopSignals.secondsSinceReceived > grace
  }

  /// A request to save is answered as one to end.
  private static func stopped(by signal: Int32) -> ExitStatus {
    .stopped(by: signal == SIGUSR1 ? SIGTERM : signal)
  }

  /// - Throws: `ValidationError` for a number of threads that is out of bounds.
  static func check(threads: Int?) throws {
    if let threads, !SolverLimits.threads.contains(threads) {
      throw ValidationError(
        "--threads \(threads) lies outside 1 ... \(SolverLimits.threads.upperBound)")
    }
  }

  /// - Throws: `ExitStatus` where not everything is done, or `JobError`.
  func run(_ plan: BatchPlan) throws {
    let reporter = BatchReporter(plan: plan, kind: kind)
    let written = plan.tasks.map(\.restore.output) + [plan.run.reportPath, "\(plan.run.work)/journal/-"]
    let signals = StopSignals(
      others: [SIGUSR1], notice: Self.notice, cleanUp: { TemporaryFiles.remove(besideAll: written) })
    let report = try withExtendedLifetime(signals) {
      try BatchRun(plan: plan).run(
        observe: reporter.report, isStopping: Self.isStopping, isCancelled: Self.isCancelled)
    }
    reporter.end()
    switch kind {
    case .json: print(try BatchSummary.line(report, path: plan.run.reportPath))
    case .none: break
    case .auto, .bar, .plain, .summary: print(BatchSummary.text(report, path: plan.run.reportPath))
    }
    if let signal = StopSignals.received, report.count(of: .stopped) > 0 { throw Self.stopped(by: signal) }
    if report.count(of: .failed) > 0 || report.count(of: .stopped) > 0 { throw ExitStatus.someFailed }
  }

  /// - Throws: `ExitStatus` where a signal stopped it, or `JobError`.
  func solve(_ run: ShardRun, shard: ShardIndex) throws {
    let signals = StopSignals(others: [SIGUSR1], notice: Self.notice, cleanUp: {})
    do {
      let outcome = try withExtendedLifetime(signals) {
        try run.solve(
          shard: shard.index, of: shard.count,
          observe: { if kind.tellsPeople { Console.line("\($0)") } },
          isStopping: Self.isStopping, isCancelled: Self.isCancelled)
      }
      if kind == .none { return }
      print("shard \(shard.index)/\(shard.count): \(outcome.units) units, \(outcome.solved) solved now")
    } catch let error as JobError where error.kind == .cancelled {
      guard let signal = StopSignals.received else { throw error }
      Console.error(error.description)
      throw Self.stopped(by: signal)
    }
  }
}
