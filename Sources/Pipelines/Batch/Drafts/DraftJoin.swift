import Foundation

extension PlanMaker {
  /// Puts a plan together of what was found in the inputs of a draft; reads no input. What was found is removed once the plan is
  /// there; a plan that was made of the draft already is left as it is.
  ///
  /// - Throws: `JobError` of kind `.configuration` that names the inputs that are not read yet, and how that is done.
  public func make(from draft: PlanDraft, output: String) throws -> ShardPlan {
    if OutputPath.isSame(draft.path, output) {
      throw JobError.configuration("\(output) is the draft itself: give the plan another name with -o")
    }
    let batch = try PlannedBatch(draft.plan, tasks: [])
    let results = draft.results(in: batch.run.work)
    let old = try? ShardPlan.read(output)
    let missing = draft.plan.tasks.indices.filter { !results.isRead($0) }
    if missing.count == draft.inputCount, let old, old.madeOf == draft.plan.id { return old }
    try check(missing, of: draft, "not read yet")
    try AtomicFile.checkFolder(of: output)
    var plan = ShardPlan(pipeline: draft.plan.pipeline, sets: draft.plan.sets, path: output)
    (plan.processor, plan.part) = (draft.plan.processor, draft.plan.part)
    plan.madeOf = draft.plan.id
    let data = try PlanData(adding: plan.dataPath)
    do {
      var broken: [Int] = []
      for (number, planned) in draft.plan.tasks.enumerated() {
        if isCancelled() { throw JobError.stopped }
        guard let task = try join(number, planned, of: results, into: data) else {
          broken.append(number)
          continue
        }
        plan.tasks.append(task)
        observe(task.input, plan.tasks.count)
      }
      try check(broken, of: draft, "read, but what was found in them is gone or damaged")
      try data.finish()
    } catch {
      unlink(plan.dataPath)
      throw JobError(error, while: .writing)
    }
    try finish(&plan, instead: old, work: batch.run.work)
    try? FileManager.default.removeItem(atPath: draft.plan.folder(in: batch.run.work))
    return plan
  }

  private func check(_ numbers: [Int], of draft: PlanDraft, _ what: String) throws {
    if numbers.isEmpty { return }
    let names = numbers.prefix(3).map { PathName.name(of: draft.plan.tasks[$0].input) }.joined(
      separator: ", ")
    let more = numbers.count > 3 ? " and \(numbers.count - 3) more" : ""
    throw JobError.configuration(
      "\(numbers.count) of \(draft.inputCount) inputs are \(what) (\(names)\(more)): have that done with inrr-video run --plan "
        + "\(draft.path) --claim, or of these alone with --units \(UnitRanges.text(numbers, most: 20)), then make the plan again"
    )
  }

  /// What was found in one input, with its blocks copied into the plan's file, in the order in which `InputPlanner` adds them.
  ///
  /// - Returns: nil where what was found is not whole.
  /// - Throws: `JobError` of kind `.output`.
  private func join(
    _ number: Int, _ planned: ShardPlan.Task, of results: DraftResults, into data: PlanData
  ) throws -> ShardPlan.Task? {
    guard let entry = results.entry(number), entry.task.output == planned.output,
      entry.task.settingsHash == planned.settingsHash
    else { return nil }
    var task = entry.task
    do {
      let found = results.data(of: entry)
      func copied(_ block: PlanData.Block?) throws -> PlanData.Block? {
        try block.map { try data.add(found.data($0)) }
      }
      func copied(masks block: PlanData.Block?) throws -> PlanData.Block? {
        try block.map { block in
          var entries = try JSONDecoder().decode([MaskLog.Entry].self, from: found.data(block))
          for i in entries.indices { entries[i].mask = try data.add(found.data(entries[i].mask)) }
          return try data.add(json: entries)
        }
      }
      task.maskBlock = try copied(masks: task.maskBlock)
      if let block = task.volumeBlock {
        var volumes = try JSONDecoder().decode([PlannedVolume].self, from: found.data(block))
        for i in volumes.indices { volumes[i].maskBlock = try copied(masks: volumes[i].maskBlock) }
        task.volumeBlock = try data.add(json: volumes)
      }
      task.foundBlock = try copied(task.foundBlock)
      task.overlayBlock = try copied(task.overlayBlock)
      task.unitBlock = try copied(task.unitBlock)
    } catch let error as JobError where error.kind != .input && error.kind != .configuration {
      throw error
    } catch {
      return nil
    }
    return task
  }
}
