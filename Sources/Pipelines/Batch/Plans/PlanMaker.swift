import Foundation
import Synchronization

/// Makes plans, and adds inputs to them.
public struct PlanMaker: Sendable {
  /// Called for each input that is planned, by one thread at a time: its name, and how many are done.
  let observe: @Sendable (String, Int) -> Void
  let isCancelled: @Sendable () -> Bool

  /// Bounds of what a piece that is claimed costs, in seconds of a processor.
  private static let pieceCosts = 30.0...600.0

  public init(
    observe: @escaping @Sendable (String, Int) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.observe, self.isCancelled) = (observe, isCancelled)
  }

  /// Reads all inputs once and writes the plan of their units. An input that can't be restored is noted, and the others go on.
  ///
  /// - Parameter part: the part of the inputs to plan; nil for all. Which part an input is in follows from its output's name.
  /// - Throws: `JobError`.
  public func make(
    yaml: String, sets: [String], part: ShardIndex? = nil, output: String
  ) throws -> ShardPlan {
    var begun = try begin(yaml: yaml, sets: sets, part: part, output: output)
    try add(begun.batch.tasks, of: begun.batch.run, to: &begun.plan)
    try finish(&begun.plan, instead: begun.old, work: begun.batch.run.work)
    return begun.plan
  }

  /// A plan without inputs, the jobs that it is made of, and the plan that it stands in for; nil where there is none.
  ///
  /// - Throws: `JobError`.
  func begin(
    yaml: String, sets: [String], part: ShardIndex?, output: String
  ) throws -> (plan: ShardPlan, batch: BatchPlan, old: ShardPlan?) {
    let old = try? ShardPlan.read(output)
    var plan = ShardPlan(pipeline: PathName.absolute(yaml), sets: sets, path: output)
    plan.part = part
    try AtomicFile.checkFolder(of: output)
    return (plan, try BatchPlan(yaml: plan.pipeline, sets: sets), old)
  }

  /// Writes a plan that has all its inputs, and removes what belonged to the one before.
  func finish(_ plan: inout ShardPlan, instead old: ShardPlan?, work: String) throws {
    let share = plan.cost / 1000
    plan.pieceCost = min(max(share, Self.pieceCosts.lowerBound), Self.pieceCosts.upperBound)
    try plan.write()
    if let old {
      unlink(old.dataPath)
      try? FileManager.default.removeItem(atPath: old.folder(in: work))
    }
  }

  /// Adds the inputs that the file of jobs has by now to a plan. What it has already keeps its numbers, and work on it goes on.
  ///
  /// - Returns: the plan, and how many inputs are new.
  /// - Throws: `JobError`.
  public func append(to path: String) throws -> (plan: ShardPlan, added: Int) {
    var plan = try ShardPlan(path: path)
    try plan.checkProcessor()
    let batch = try BatchPlan(yaml: plan.pipeline, sets: plan.sets)
    let known = Set(plan.tasks.map(\.output))
    let before = plan.tasks.count
    try add(batch.tasks.filter { !known.contains($0.restore.output) }, of: batch.run, to: &plan)
    try plan.write()
    return (plan, plan.tasks.count - before)
  }

  private func add(_ all: [BatchTask], of run: BatchRunSettings, to plan: inout ShardPlan) throws {
    let tasks = all.filter { ShardIndex.isOurs($0.restore.output, plan.part) }
    let data = try PlanData(adding: plan.dataPath)
    let isNew = plan.tasks.isEmpty
    let planned = Mutex([ShardPlan.Task?](repeating: nil, count: tasks.count))
    do {
      let done = Mutex(0)
      let hashes = InputHashes()
      try InputReading(threads: run.threads, isCancelled: isCancelled).each(of: tasks) { index, task in
        let found = try InputPlanner(task: task, data: data, hashes: hashes, isCancelled: isCancelled).plan()
        planned.withLock { $0[index] = found }
        done.withLock { done in
          done += 1
          observe(found.input, done)
        }
      }
      try data.finish()
    } catch {
      // A plan that is there goes on to use the part that it names.
      if isNew { unlink(plan.dataPath) }
      throw JobError(error, while: .writing)
    }
    plan.tasks += planned.withLock { $0.compactMap { $0 } }
  }
}
