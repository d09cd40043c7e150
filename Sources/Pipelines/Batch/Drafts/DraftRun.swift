import Foundation

/// Reads inputs of a draft: a shard's part, some by their numbers, or those that nobody else is reading.
public struct DraftRun: PlanWork {
  public let draft: PlanDraft
  /// Worker threads instead of the file's.
  public let threads: Int?

  public init(draft: PlanDraft, threads: Int? = nil) { (self.draft, self.threads) = (draft, threads) }

  public var words: (parts: String, done: String) { ("inputs", "read") }
  private var plan: ShardPlan { draft.plan }

  public func solve(
    shard: Int, of count: Int, observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome {
    let all = plan.cost
    var start = 0.0
    var numbers: [Int] = []
    for (number, task) in plan.tasks.enumerated() {
      // By the middle of each, so that every input is in one shard.
      let middle = start + task.cost / 2
      start += task.cost
      let own = all > 0 ? Int(min(middle / all * Double(count), 1e9)) : 0
      if min(own, count - 1) == shard { numbers.append(number) }
    }
    return try read(
      numbers, again: false, purpose: "shard \(shard)/\(count)", observe: observe, isStopping: isStopping,
      isCancelled: isCancelled)
  }

  /// Inputs that could not be read are read again.
  public func solve(
    units: [ClosedRange<Int>], observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome {
    for range in units where range.upperBound >= plan.inputCount || range.lowerBound < 0 {
      throw JobError.configuration(
        "--units \(range.lowerBound)-\(range.upperBound): the draft has inputs 0 to \(plan.inputCount - 1)")
    }
    let numbers = plan.tasks.indices.filter { number in units.contains { $0.contains(number) } }
    return try read(
      numbers, again: true, purpose: "inputs", observe: observe, isStopping: isStopping,
      isCancelled: isCancelled)
  }

  private func read(
    _ numbers: [Int], again: Bool, purpose: String, observe: (String) -> Void,
    isStopping: @escaping @Sendable () -> Bool, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome {
    let batch = try PlannedBatch(plan, tasks: numbers, threads: threads)
    let lock = try WorkLock(
      .shared, folder: batch.run.work, purpose: "reading \(purpose) of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    let results = draft.results(in: batch.run.work)
    let progress = WorkerProgress(plan, folder: batch.run.work)
    defer { progress.end() }
    let open = numbers.filter { number in
      again ? results.entry(number).map { $0.task.fault != nil } ?? true : !results.isRead(number)
    }
    for number in open { observe(plan.tasks[number].input) }
    let isEnding = { @Sendable in isStopping() || isCancelled() }
    let hashes = InputHashes()
    try InputReading(threads: batch.run.threads, isCancelled: isEnding).each(
      of: open.compactMap { batch.tasks[$0] }
    ) { index, task in
      try read(open[index], task, results, progress, hashes: hashes, isEnding)
    }
    return WorkOutcome(units: numbers.count, solved: open.count)
  }

  private func read(
    _ number: Int, _ task: BatchTask, _ results: DraftResults, _ progress: WorkerProgress,
    hashes: InputHashes = InputHashes(), known: SceneLibrary? = nil, _ isEnding: @escaping () -> Bool
  ) throws {
    let start = ContinuousClock.now
    try results.keep(number) { data in
      try InputPlanner(task: task, data: data, hashes: hashes, known: known, isCancelled: isEnding).plan()
    }
    let pieces = results.scenes(of: number, pieces: plan.tasks[number].pieces)
    for file in pieces { unlink(file) }
    let planned = plan.tasks[number]
    let cost = known == nil ? planned.cost : planned.cost - planned.pieceCost * Double(planned.pieces)
    progress.note(cost, seconds: (ContinuousClock.now - start).inSeconds)
  }

  public func claim(
    patience: Double, observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome {
    try plan.checkProcessor()
    let settings = try PlannedBatch(plan, tasks: [], threads: threads).run
    let lock = try WorkLock(.shared, folder: settings.work, purpose: "reading inputs of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    let results = draft.results(in: settings.work)
    let loop = ClaimLoop(plan: plan, work: settings.work, patience: patience)
    let isEnding = { isStopping() || isCancelled() }
    return try loop.run(Array(plan.tasks.indices), isEnding: isEnding) { number, claims, me in
      if results.isRead(number) { return ClaimLoop.Look() }
      let work = ReadingWork(run: self, number: number, results: results, claims: claims, me: me)
      return try work.perform(observe, isEnding)
    }
  }

  /// Goes once through the pieces of an input, and does those that are free: looking through parts of it first, where it is cut,
  /// and once all of these are done reading it whole.
  private struct ReadingWork {
    let run: DraftRun
    let number: Int
    let results: DraftResults
    let claims: ClaimFolder
    let me: WorkerProgress

    private var planned: ShardPlan.Task { run.plan.tasks[number] }

    func perform(_ observe: (String) -> Void, _ isEnding: @escaping () -> Bool) throws -> ClaimLoop.Look {
      var look = ClaimLoop.Look()
      let cuts = planned.cuts ?? []
      let files = results.scenes(of: number, pieces: planned.pieces)
      for piece in files.indices {
        try take(piece, &look) { task in
          observe("\(task.restore.input), piece \(piece + 1) of \(files.count)")
          let start = ContinuousClock.now
          let scenes = try JobError.during(.reading) {
            try ScenePiece(job: task.restore, cuts: cuts, number: piece).scenes(isCancelled: isEnding)
          }
          try AtomicFile.makeFolder(results.folder)
          try AtomicFile.write(SceneCode.encoded(scenes), to: files[piece])
          me.note(planned.pieceCost, seconds: (ContinuousClock.now - start).inSeconds)
        }
      }
      if !look.isDone { return look }
      let isRead = try take(files.count, &look) { task in
        observe(task.restore.input)
        let known = files.isEmpty ? nil : SceneLibrary(files: files, cuts: cuts)
        try run.read(number, task, results, me, known: known, isEnding)
      }
      if isRead { (look.units, look.solved) = (1, 1) }
      return look
    }

    /// Does a piece, if nobody else has it.
    ///
    /// - Returns: whether it was done now.
    @discardableResult
    private func take(_ piece: Int, _ look: inout ClaimLoop.Look, _ body: (BatchTask) throws -> Void) throws
      -> Bool
    {
      let piece = Piece(task: number, first: piece, units: piece..<piece + 1)
      switch try claims.take(piece) {
      case .done: return false
      case .busy:
        look.isDone = false
        return false
      case .failed(let sentence):
        look.failure = look.failure ?? .configuration(sentence)
        return false
      case .taken: break
      }
      do {
        let batch = try PlannedBatch(run.plan, tasks: [number], threads: run.threads)
        guard var task = batch.tasks[number] else { throw PlannedBatch.changed(planned) }
        task.restore.threads = batch.run.threads
        try body(task)
        look.hasWorked = true
        claims.finish(piece)
        return true
      } catch let error as JobError where error.kind == .input || error.kind == .configuration {
        claims.fail(piece, error.description)
        me.note(failure: error.description)
        look.failure = look.failure ?? error
        return false
      } catch {
        claims.release(piece)
        throw error
      }
    }
  }
}

extension ShardPlan.Task {
  /// Parts of an input of a draft that are looked through by themselves.
  var pieces: Int { cuts.map { $0.count + 1 } ?? 0 }

  /// What looking through one of them costs, of what the input costs: 0.25 s of a processor for a frame of 1080p of 0.35 s, by
  /// what was measured.
  var pieceCost: Double { pieces == 0 ? 0 : 0.7 * cost / Double(pieces) }
}
