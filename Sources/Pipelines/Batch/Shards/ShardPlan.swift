import Foundation

/// A batch cut into units, the windows of its inputs, so that shards on several machines can share them.
public struct ShardPlan: Sendable, Codable {
  struct Unit: Sendable, Codable, Equatable {
    var job: String
    var input: String
    var output: String
    var inputHash: String
    var maskHash: String?
    var settingsHash: String
    /// Windows of the input.
    var units: Int
    /// Why the input can't be restored; nil where it can. Such an input has no units, and the merge reports it as failed.
    var fault: String?
  }

  public var tool: String
  /// The absolute path of the file of jobs, and the settings that were given over it.
  public var pipeline: String
  public var sets: [String]
  var tasks: [Unit]

  public var unitCount: Int { tasks.reduce(0) { $0 + $1.units } }

  /// Why inputs that have no units can't be restored.
  public var faults: [String] { tasks.compactMap(\.fault) }

  /// Reads all inputs and counts their windows. An input that can't be restored is noted, and the others go on.
  ///
  /// - Throws: `JobError`.
  public init(yaml: String, sets: [String], isCancelled: @escaping () -> Bool = { false }) throws {
    tool = ToolVersion.current
    pipeline = PathName.absolute(yaml)
    self.sets = sets
    let plan = try BatchPlan(yaml: pipeline, sets: sets)
    let journal = Journal(folder: plan.run.work)
    tasks = try plan.tasks.map { task in
      let record = try TaskInspection(task, journal: journal, isCancelled: isCancelled).record
      let store = UnitStore(journal.windows(of: task.restore.output))
      var unit = Unit(
        job: task.job, input: record.input, output: record.output, inputHash: record.inputHash,
        maskHash: record.maskHash, settingsHash: record.settingsHash, units: 0)
      do {
        try task.restore.visitUnits(store, isStopping: isCancelled, isCancelled: isCancelled)
        unit.units = store.end
      } catch let error as JobError where error.kind == .input || error.kind == .configuration {
        unit.fault = error.description
      }
      return unit
    }
  }

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is no plan.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw JobError.input("\(path) can't be read: make it with inrr-video plan")
    }
    do {
      self = try JSONDecoder().decode(ShardPlan.self, from: data)
      // Bounds beyond any input, and far from where the sum of all units overflows.
      let isSound = tasks.count < 1 << 24 && tasks.allSatisfy { (0..<1 << 32).contains($0.units) }
      if !isSound { throw JobError.configuration("") }
    } catch {
      throw JobError.configuration("\(path) is no plan: make it with inrr-video plan")
    }
  }

  public func write(to path: String) throws {
    try AtomicFile.checkFolder(of: path)
    try AtomicFile.write(try ReportJSON.encoder().encode(self), to: path)
  }

  /// Reads the jobs again, which must not have changed since the plan was made.
  ///
  /// - Throws: `JobError` of kind `.configuration` that names the first difference.
  func batch(threads: Int? = nil, isCancelled: () -> Bool) throws -> BatchPlan {
    if tool != ToolVersion.current {
      throw JobError.configuration(
        "the plan is of version \(tool) of the tool: make it anew with inrr-video plan")
    }
    let plan = try BatchPlan(yaml: pipeline, sets: sets, threads: threads)
    let journal = Journal(folder: plan.run.work)
    guard plan.tasks.count == tasks.count else {
      throw JobError.configuration("\(pipeline) has other inputs than when the plan was made: make it anew")
    }
    for (task, unit) in zip(plan.tasks, tasks) {
      let record = try TaskInspection(task, journal: journal, isCancelled: isCancelled).record
      let now = [record.input, record.output, record.inputHash, record.maskHash, record.settingsHash]
      if now != [unit.input, unit.output, unit.inputHash, unit.maskHash, unit.settingsHash] {
        throw JobError.configuration(
          "\(task.restore.input), its mask or its settings changed since the plan was made: make it anew")
      }
    }
    return plan
  }
}
