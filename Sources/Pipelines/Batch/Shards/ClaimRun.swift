import Foundation
import Synchronization

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
    isStopping: @escaping () -> Bool = { false }, isCancelled: @escaping () -> Bool = { false }
  ) throws -> Outcome {
    try plan.checkProcessor()
    let settings = try PlannedBatch(plan, tasks: [], threads: threads).run
    let lock = try WorkLock(.shared, folder: settings.work, purpose: "solving pieces of \(plan.pipeline)")
    defer { withExtendedLifetime(lock) {} }
    let me = WorkerProgress(plan, folder: settings.work)
    me.beat()
    let heart = Heartbeat(of: me)
    defer {
      heart.stop()
      me.end()
    }
    let claims = ClaimFolder(plan, work: settings.work, me: me, patience: patience)
    let tasks = plan.tasks.indices.filter { plan.tasks[$0].units > 0 }
    // Each process begins at another input, so that few ask for the same piece.
    let start =
      tasks.isEmpty
      ? 0 : Int(ContentHash.text(of: me.name).prefix(8), radix: 16).map { $0 % tasks.count } ?? 0
    var open = Array(tasks[start...] + tasks[..<start])
    var outcome = Outcome(units: 0, solved: 0)
    var failure: JobError?
    while !open.isEmpty {
      var left: [Int] = []
      var hasDone = false
      for task in open {
        if isStopping() || isCancelled() { throw JobError.stopped }
        var work = PieceWork(run: self, task: task, claims: claims, me: me)
        let isDone = try work.perform(observe: observe, isStopping: isStopping, isCancelled: isCancelled)
        outcome.units += work.units
        outcome.solved += work.solved
        failure = failure ?? work.failure
        hasDone = hasDone || work.units > 0
        if !isDone { left.append(task) }
      }
      open = left
      if !open.isEmpty && !hasDone {
        try wait(min(5, patience / 4), isEnding: { isStopping() || isCancelled() })
      }
    }
    if let failure { throw failure }
    return outcome
  }

  private func wait(_ seconds: Double, isEnding: () -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if isEnding() { throw JobError.stopped }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}

/// Goes once through the pieces of an input, and does those that are free.
private struct PieceWork {
  let run: ShardRun
  let task: Int
  let claims: ClaimFolder
  let me: WorkerProgress
  var units = 0
  var solved = 0
  var failure: JobError?

  init(run: ShardRun, task: Int, claims: ClaimFolder, me: WorkerProgress) {
    (self.run, self.task, self.claims, self.me) = (run, task, claims, me)
  }

  /// - Returns: whether none is left that another process is at work on.
  mutating func perform(
    observe: (String) -> Void, isStopping: @escaping () -> Bool, isCancelled: @escaping () -> Bool
  ) throws -> Bool {
    let planned = run.plan.tasks[task]
    let pieces = Piece.pieces(of: task, try run.plan.units(of: planned), cost: run.plan.pieceCost)
    var isDone = true
    var worker: UnitWorker?
    for piece in pieces {
      switch try claims.take(piece) {
      case .done: continue
      case .busy: isDone = false
      case .failed(let sentence): failure = failure ?? .configuration(sentence)
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
          solved += try worker?.solve(piece.units) { [me] in me.note($0.cost, seconds: $1) } ?? 0
          units += piece.units.count
          claims.finish(piece)
        } catch let error as JobError where error.kind == .input || error.kind == .configuration {
          claims.fail(piece, error.description)
          me.note(failure: error.description)
          failure = failure ?? error
        } catch {
          claims.release(piece)
          throw error
        }
      }
    }
    return isDone
  }
}

/// Gives signs of a process while it works, from a thread of its own.
private final class Heartbeat: Sendable {
  private let isOver = Mutex(false)
  private let ended = DispatchSemaphore(value: 0)

  init(of worker: WorkerProgress) {
    let thread = Thread { [self] in
      var last = ContinuousClock.now
      while !isOver.withLock({ $0 }) {
        Thread.sleep(forTimeInterval: 0.1)
        if (ContinuousClock.now - last).inSeconds < WorkerProgress.pause { continue }
        worker.beat()
        last = .now
      }
      ended.signal()
    }
    thread.start()
  }

  func stop() {
    isOver.withLock { $0 = true }
    ended.wait()
  }
}
