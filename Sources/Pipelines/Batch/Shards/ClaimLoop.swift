import Foundation
import Synchronization

/// Goes round the inputs of a plan until nothing is left of them that another process is at work on.
struct ClaimLoop {
  let plan: ShardPlan
  /// The work folder.
  let work: String
  /// Seconds without a sign of its owner after which a piece is free again.
  let patience: Double

  /// What came of looking at an input once.
  struct Look {
    /// Whether nothing of it is left that another process is at work on.
    var isDone = true
    /// Whether something of it was done.
    var hasWorked = false
    var units = 0
    var solved = 0
    var failure: JobError?
  }

  /// - Parameters:
  ///   - tasks: the inputs' numbers.
  ///   - look: takes what is free of an input, and does it.
  /// - Throws: the first failure, once everything else is done, or what `look` throws.
  func run(
    _ tasks: [Int], isEnding: () -> Bool, look: (Int, ClaimFolder, WorkerProgress) throws -> Look
  ) throws -> WorkOutcome {
    let me = WorkerProgress(plan, folder: work)
    me.beat()
    let heart = Heartbeat(of: me)
    defer {
      heart.stop()
      me.end()
    }
    let claims = ClaimFolder(plan, work: work, me: me, patience: patience)
    // Each process begins at another input, so that few ask for the same piece.
    let start =
      tasks.isEmpty
      ? 0 : Int(ContentHash.text(of: me.name).prefix(8), radix: 16).map { $0 % tasks.count } ?? 0
    var open = Array(tasks[start...] + tasks[..<start])
    var outcome = WorkOutcome()
    var failure: JobError?
    while !open.isEmpty {
      var left: [Int] = []
      var hasDone = false
      for task in open {
        if isEnding() { throw JobError.stopped }
        let found = try look(task, claims, me)
        outcome.units += found.units
        outcome.solved += found.solved
        failure = failure ?? found.failure
        hasDone = hasDone || found.hasWorked || found.units > 0
        if !found.isDone { left.append(task) }
      }
      open = left
      if !open.isEmpty && !hasDone { try wait(min(5, patience / 4), isEnding: isEnding) }
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
