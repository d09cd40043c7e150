import Foundation
import Kernels
import Synchronization

/// Reads several inputs at a time: most are short, or can't keep all processors busy by themselves.
struct InputReading {
  /// Worker threads of all inputs together.
  let threads: Int
  let isCancelled: @Sendable () -> Bool

  /// Inputs that are read at a time, at most: each holds a window of frames.
  private static let mostTogether = 8

  /// - Parameter body: reads one input; called by several threads, with the task's number, and with the task whose threads are
  ///   its share.
  /// - Throws: the failure of the first input that has one, or `JobError`.
  func each(of tasks: [BatchTask], _ body: @Sendable (Int, BatchTask) throws -> Void) throws {
    let together = max(1, min(threads, tasks.count, Self.mostTogether))
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    parallelFor(tasks.count, threads: together) { index in
      if isCancelled() || failure.withLock({ $0 != nil }) { return }
      var task = tasks[index]
      task.restore.threads = max(1, threads / together)
      do { try body(index, task) } catch {
        failure.withLock { failure in
          // The same error for any number of threads, as far as several were at work.
          if failure.map({ $0.index > index }) ?? true { failure = (index, error) }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
    if isCancelled() { throw JobError.stopped }
  }
}
