import Foundation

/// Work on a plan: solving its units, and putting solved units together.
public struct ShardRun: PlanWork {
  public let plan: ShardPlan

  /// Worker threads instead of the plan's, whose number a node of a cluster may not have.
  public let threads: Int?

  public init(plan: ShardPlan, threads: Int? = nil) {
    self.plan = plan
    self.threads = threads
  }

  public var words: (parts: String, done: String) { ("units", "solved") }

  /// Solves a shard's part of the units, unless they are solved already: units that follow each other, of about the same cost as
  /// every other shard's. Two runs at once are harmless.
  ///
  /// - Parameters:
  ///   - observe: told each input as it is begun.
  /// - Throws: `JobError`, of kind `.tryAgain` while a run or a merge is at work in the same folder.
  public func solve(
    shard: Int, of count: Int, observe: (String) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> WorkOutcome {
    try solve(
      ShardDeal(plan).units(ofShard: shard, of: count), purpose: "shard \(shard)/\(count)", observe: observe,
      isStopping: isStopping, isCancelled: isCancelled)
  }

  /// Solves units by their numbers in the plan, from 0.
  ///
  /// - Throws: `JobError`, as above.
  public func solve(
    units: [ClosedRange<Int>], observe: (String) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> WorkOutcome {
    for range in units where range.upperBound >= plan.unitCount || range.lowerBound < 0 {
      throw JobError.configuration(
        "--units \(range.lowerBound)-\(range.upperBound): the plan has units 0 to \(plan.unitCount - 1)")
    }
    let firsts = plan.firstUnits
    let parts = plan.tasks.indices.flatMap { task in
      units.compactMap { range -> PlanPart? in
        let own = (range.lowerBound..<range.upperBound + 1).clamped(to: firsts[task]..<firsts[task + 1])
        return own.isEmpty
          ? nil : PlanPart(task: task, units: own.lowerBound - firsts[task]..<own.upperBound - firsts[task])
      }
    }
    return try solve(
      parts, purpose: "units", observe: observe, isStopping: isStopping, isCancelled: isCancelled)
  }

  /// An input that fails does not keep the others from being done.
  private func solve(
    _ parts: [PlanPart], purpose: String, observe: (String) -> Void,
    isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome {
    let batch = try PlannedBatch(plan, tasks: parts.map(\.task), threads: threads)
    let lock = try WorkLock(
      .shared, folder: batch.run.work, purpose: "solving \(purpose) of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    let progress = WorkerProgress(plan, folder: batch.run.work)
    var solved = 0
    var failure: JobError?
    for part in parts {
      // A complete output needs its windows no more.
      if batch.isWritten(part.task) { continue }
      observe(plan.tasks[part.task].input)
      do {
        let worker = try UnitWorker(batch, task: part.task, isStopping: isStopping, isCancelled: isCancelled)
        solved += try worker.solve(part.units) { progress.note($0.cost, seconds: $1) }
      } catch let error as JobError where error.kind == .input || error.kind == .configuration {
        progress.note(failure: error.description)
        failure = failure ?? error
      }
    }
    progress.end()
    if let failure { throw failure }
    return WorkOutcome(units: parts.reduce(0) { $0 + $1.units.count }, solved: solved)
  }
}
