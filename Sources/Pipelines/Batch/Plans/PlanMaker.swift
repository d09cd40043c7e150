import Foundation
import Kernels
import Synchronization

/// Makes plans, and adds inputs to them.
public struct PlanMaker: Sendable {
  /// Called for each input that is planned, by one thread at a time: its name, and how many are done.
  private let observe: @Sendable (String, Int) -> Void
  private let isCancelled: @Sendable () -> Bool

  /// Inputs that are read at a time, at most: each holds a window of frames.
  private static let mostTogether = 8
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
    let old = try? ShardPlan(path: output)
    var plan = ShardPlan(pipeline: PathName.absolute(yaml), sets: sets, path: output)
    try AtomicFile.checkFolder(of: output)
    let batch = try BatchPlan(yaml: plan.pipeline, sets: sets)
    plan.part = part
    try add(batch.tasks, of: batch.run, to: &plan)
    let share = plan.cost / 1000
    plan.pieceCost = min(max(share, Self.pieceCosts.lowerBound), Self.pieceCosts.upperBound)
    try plan.write()
    if let old {
      unlink(old.dataPath)
      try? FileManager.default.removeItem(atPath: old.folder(in: batch.run.work))
    }
    return plan
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

  private static func isOurs(_ task: BatchTask, _ part: ShardIndex?) -> Bool {
    guard let part, part.count > 1 else { return true }
    let name = PathName.absolute(task.restore.output)
    let number = Int(ContentHash.text(of: name).prefix(12), radix: 16) ?? 0
    return number % part.count == part.index
  }

  private func add(_ all: [BatchTask], of run: BatchRunSettings, to plan: inout ShardPlan) throws {
    let tasks = all.filter { Self.isOurs($0, plan.part) }
    let data = try PlanData(adding: plan.dataPath)
    let isNew = plan.tasks.isEmpty
    let together = min(run.threads, tasks.count, Self.mostTogether)
    let journal = Journal(folder: run.work)
    struct Results {
      var tasks: [ShardPlan.Task?]
      var failure: (index: Int, error: any Error)?
      var done = 0
    }
    let results = Mutex(Results(tasks: Array(repeating: nil, count: tasks.count)))
    parallelFor(tasks.count, threads: max(1, together)) { index in
      if isCancelled() || results.withLock({ $0.failure != nil }) { return }
      var task = tasks[index]
      task.restore.threads = max(1, run.threads / max(1, together))
      do {
        let planned = try InputPlanner(task: task, journal: journal, data: data, isCancelled: isCancelled)
          .plan()
        results.withLock { results in
          results.tasks[index] = planned
          results.done += 1
          observe(planned.input, results.done)
        }
      } catch {
        results.withLock { results in
          // The same error for any number of threads, as far as several were at work.
          if results.failure.map({ $0.index > index }) ?? true { results.failure = (index, error) }
        }
      }
    }
    do {
      if let failure = results.withLock({ $0.failure?.error }) { throw failure }
      if isCancelled() { throw JobError.stopped }
      try data.finish()
    } catch {
      // A plan that is there goes on to use the part that it names.
      if isNew { unlink(plan.dataPath) }
      throw JobError(error, while: .writing)
    }
    plan.tasks += results.withLock { $0.tasks.compactMap { $0 } }
  }
}
