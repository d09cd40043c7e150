/// Work on a plan: solving the units of one shard, and putting solved units together.
public struct ShardRun: Sendable {
  public let plan: ShardPlan

  /// Worker threads instead of the plan's, whose number a node of a cluster may not have.
  public let threads: Int?

  public init(plan: ShardPlan, threads: Int? = nil) {
    self.plan = plan
    self.threads = threads
  }

  /// Units of a shard, and how many of them this run solved.
  public struct Outcome: Sendable, Equatable {
    public var units: Int
    public var solved: Int
  }

  /// Solves units i, i + n, i + 2n, ... unless they are solved already. Two runs at once are harmless.
  ///
  /// - Parameters:
  ///   - observe: told each input as it is begun.
  /// - Throws: `JobError`, of kind `.tryAgain` while a run or a merge is at work in the same folder.
  public func solve(
    shard: Int, of count: Int, observe: (String) -> Void = { _ in },
    isStopping: @escaping () -> Bool = { false }, isCancelled: @escaping () -> Bool = { false }
  ) throws -> Outcome {
    let isEnding = { isStopping() || isCancelled() }
    let batch = try plan.batch(threads: threads, isCancelled: isEnding)
    let journal = Journal(folder: batch.run.work)
    let lock = try WorkLock(.shared, folder: batch.run.work, purpose: "solving a shard of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    var solved = 0
    var first = 0
    for (task, unit) in zip(batch.tasks, plan.tasks) {
      defer { first += unit.units }
      // A complete output needs its windows no more.
      let state = try TaskInspection(task, journal: journal, isCancelled: isEnding).state
      if state.isComplete || unit.fault != nil { continue }
      observe(task.restore.input)
      let store = UnitStore(journal.windows(of: task.restore.output), first: first) { $0 % count == shard }
      try task.restore.visitUnits(store, isStopping: isEnding, isCancelled: isCancelled)
      solved += store.counts.solved
    }
    let units = plan.unitCount
    return Outcome(units: units / count + (shard < units % count ? 1 : 0), solved: solved)
  }

  /// The jobs whose outputs are left to write, if all units are solved.
  ///
  /// - Throws: `JobError` of kind `.configuration` that tells how many units are missing.
  public func merged(isCancelled: @escaping () -> Bool = { false }) throws -> BatchPlan {
    let batch = try plan.batch(threads: threads, isCancelled: isCancelled)
    let journal = Journal(folder: batch.run.work)
    var missing = 0
    for (task, unit) in zip(batch.tasks, plan.tasks) {
      let state = try TaskInspection(task, journal: journal, isCancelled: isCancelled).state
      if state.isComplete || unit.fault != nil { continue }
      let store = UnitStore(journal.windows(of: task.restore.output))
      try task.restore.visitUnits(store, isStopping: isCancelled, isCancelled: isCancelled)
      missing += store.end - store.counts.kept
    }
    if missing > 0 {
      throw JobError.configuration(
        "\(missing) of \(plan.unitCount) units are not solved yet: run the shards that are left, then merge again"
      )
    }
    return batch
  }
}
