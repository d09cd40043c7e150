import Foundation
import Pipelines

/// Does a batch or a shard, stops on signals, and prints how it went.
struct BatchWork {
  let kind: ProgressKind

  /// Seconds for solving the windows at work after a signal whose sender waits for the end.
  private static let grace = 12.0

  static let notice =
    "the windows at work are finished and kept before it stops; press Ctrl-C again to stop at once"

  static func isCancelled() -> Bool {
    // The senders of these signals kill the process soon after.
    [SIGTERM, SIGUSR1].contains(StopSignals.received ?? 0) && StopSignals.secondsSinceReceived > grace
  }

  /// SIGUSR1, a request to save and end, counts as SIGTERM.
  private static func stopped(by signal: Int32) -> ExitStatus {
    .stopped(by: signal == SIGUSR1 ? SIGTERM : signal)
  }

  /// - Throws: `ExitStatus` unless everything is done, or `JobError`.
  func run(_ plan: BatchPlan) throws {
    let reporter = BatchReporter(plan: plan, kind: kind)
    let written = plan.tasks.map(\.restore.output) + [plan.run.reportPath, "\(plan.run.work)/journal/-"]
    let report = try StopSignals.watched(others: [SIGUSR1], notice: Self.notice, outputs: written) {
      try BatchRun(plan: plan).run(
        observe: reporter.report, isStopping: StopSignals.hasReceived, isCancelled: Self.isCancelled)
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

  /// Which units of a plan are solved.
  enum Part {
    case shard(ShardIndex)
    case units([ClosedRange<Int>])
    case claims(timeout: Double)
  }

  /// - Throws: `ExitStatus` where a signal stopped it, or `JobError`.
  func solve(_ run: any PlanWork, _ part: Part) throws {
    let observe: (String) -> Void = { if kind.tellsPeople { Console.line($0) } }
    let isStopping: @Sendable () -> Bool = StopSignals.hasReceived
    let isCancelled: @Sendable () -> Bool = Self.isCancelled
    do {
      let (name, outcome) = try StopSignals.watched(others: [SIGUSR1], notice: Self.notice) {
        switch part {
        case .shard(let shard):
          let outcome = try run.solve(
            shard: shard.index, of: shard.count, observe: observe, isStopping: isStopping,
            isCancelled: isCancelled)
          return ("shard \(shard.index)/\(shard.count)", outcome)
        case .units(let units):
          let outcome = try run.solve(
            units: units, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
          return (run.words.parts, outcome)
        case .claims(let timeout):
          let outcome = try run.claim(
            patience: timeout, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
          return ("claimed", outcome)
        }
      }
      if kind == .none { return }
      let words = run.words
      print("\(name): \(outcome.units) \(words.parts), \(outcome.solved) \(words.done) now")
    } catch let error as JobError where error.kind == .cancelled {
      guard let signal = StopSignals.received else { throw error }
      Console.error(error.description)
      throw Self.stopped(by: signal)
    }
  }
}
