extension ShardRun {
  /// Solves pieces of the plan, one after the other, as long as there are any that nobody else has; and those whose owner is gone.
  /// Ends when all are done.
  ///
  /// - Parameters:
  ///   - patience: seconds without a sign of a piece's owner after which it is taken over.
  ///   - observe: told each input as a piece of it is begun.
  /// - Returns: units of the pieces that this process had, and how many it solved.
  /// - Throws: `JobError`: of the first piece that could not be done, by this process or another, once all others are.
  public func claim(
    patience: Double = 120, observe: (String) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> WorkOutcome {
    try plan.checkProcessor()
    let settings = try PlannedBatch(plan, tasks: [], threads: threads).run
    let lock = try WorkLock(.shared, folder: settings.work, purpose: "solving pieces of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    let loop = ClaimLoop(plan: plan, work: settings.work, patience: patience)
    let tasks = plan.tasks.indices.filter { plan.tasks[$0].units > 0 }
    return try loop.run(tasks, isEnding: { isStopping() || isCancelled() }) { task, claims, me in
      var work = PieceWork(run: self, task: task, claims: claims, me: me)
      work.look.isDone = try work.perform(
        observe: observe, isStopping: isStopping, isCancelled: isCancelled)
      return work.look
    }
  }
}

/// Goes once through the pieces of an input, and does those that are free.
private struct PieceWork {
  let run: ShardRun
  let task: Int
  let claims: ClaimFolder
  let me: WorkerProgress
  var look = ClaimLoop.Look()

  init(run: ShardRun, task: Int, claims: ClaimFolder, me: WorkerProgress) {
    (self.run, self.task, self.claims, self.me) = (run, task, claims, me)
  }

  /// - Returns: whether none is left that another process is at work on.
  mutating func perform(
    observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    let planned = run.plan.tasks[task]
    let pieces = Piece.pieces(of: task, try run.plan.units(of: planned), cost: run.plan.pieceCost)
    var isDone = true
    var worker: UnitWorker?
    for piece in pieces {
      switch try claims.take(piece) {
      case .done: continue
      case .busy: isDone = false
      case .failed(let sentence): look.failure = look.failure ?? .configuration(sentence)
      case .taken:
        do {
          if worker == nil {
            let batch = try PlannedBatch(run.plan, tasks: [task], threads: run.threads)
            if batch.isWritten(task) {
              claims.finish(piece)
              continue
            }
            observe(planned.input)
            worker = try UnitWorker(batch, task: task, isStopping: isStopping, isCancelled: isCancelled)
          }
          look.solved += try worker?.solve(piece.units) { [me] in me.note($0.cost, seconds: $1) } ?? 0
          look.units += piece.units.count
          claims.finish(piece)
        } catch let error as JobError where error.kind == .input || error.kind == .configuration {
          claims.fail(piece, error.description)
          me.note(failure: error.description)
          look.failure = look.failure ?? error
        } catch {
          claims.release(piece)
          throw error
        }
      }
    }
    return isDone
  }
}
