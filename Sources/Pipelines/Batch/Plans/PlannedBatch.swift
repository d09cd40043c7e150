import Foundation

/// The tasks of a plan with the settings of its file of jobs, checked against what the plan says of them.
struct PlannedBatch {
  let plan: ShardPlan
  let run: BatchRunSettings
  /// The tasks that were asked for, by their numbers in the plan.
  private(set) var tasks: [Int: BatchTask] = [:]
  let file: String

  var journal: Journal { Journal(folder: run.work) }

  /// Reads the settings of some tasks again, which must not have changed since the plan was made. Looks at no other input.
  ///
  /// - Parameters:
  ///   - numbers: of the tasks.
  ///   - threads: worker threads; nil for the file's number.
  /// - Throws: `JobError` of kind `.configuration` that names the first difference.
  init(_ plan: ShardPlan, tasks numbers: [Int], threads: Int? = nil) throws {
    self.plan = plan
    if !numbers.isEmpty { try plan.checkProcessor() }
    var seen: Set<String> = []
    let inputs = numbers.map { plan.tasks[$0].input }.filter { seen.insert($0).inserted }
    let batch = try BatchPlan(
      YAMLDocument(path: plan.pipeline), path: plan.pipeline, sets: plan.sets, threads: threads,
      inputs: inputs)
    (run, file) = (batch.run, batch.file)
    let found = Dictionary(
      batch.tasks.map { ($0.restore.output, $0) }, uniquingKeysWith: { first, _ in first })
    for number in numbers {
      let planned = plan.tasks[number]
      guard let task = found[planned.output], task.job == planned.job, task.restore.input == planned.input,
        try ResolvedSettings(job: task.restore).digest == planned.settingsHash
      else { throw Self.changed(planned) }
      tasks[number] = task
    }
  }

  static func changed(_ task: ShardPlan.Task) -> JobError {
    .configuration(
      "\(task.input), its mask or its settings changed since the plan was made: make it anew with inrr-video plan --force"
    )
  }

  /// Checks that an input and its masks are those of the plan: by sizes, times and numbers of the files, or by their contents
  /// where these differ.
  ///
  /// - Returns: the task's record, which need not be read again.
  /// - Throws: `JobError`.
  func check(_ number: Int, isCancelled: () -> Bool) throws -> Journal.Record {
    let planned = plan.tasks[number]
    guard let task = tasks[number] else { throw Self.changed(planned) }
    if planned.stamp.isEmpty || task.restore.stamp != planned.stamp {
      let record = try TaskInspection.record(of: task, isCancelled: isCancelled)
      if record.inputHash != planned.inputHash || record.maskHash != planned.maskHash {
        throw Self.changed(planned)
      }
    }
    return Journal.Record(
      output: planned.output, input: planned.input, tool: plan.tool, inputHash: planned.inputHash,
      maskHash: planned.maskHash, settingsHash: planned.settingsHash)
  }

  /// Whether a run or a merge made the output already, as far as that is seen without reading it.
  func isWritten(_ number: Int) -> Bool {
    let planned = plan.tasks[number]
    guard let found = journal.record(of: planned.output), let result = found.result,
      found.tool == plan.tool, found.inputHash == planned.inputHash, found.maskHash == planned.maskHash,
      found.settingsHash == planned.settingsHash
    else { return false }
    var status = stat()
    return stat(planned.output, &status) == 0 && Int(status.st_size) == result.size
  }
}
