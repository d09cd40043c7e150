import Dispatch
import Synchronization

/// Does pieces of work in order on a thread of its own. Adding waits where too many pieces are waiting.
///
/// Until `finish()` or `abandon()` has returned, nothing else may use what the work uses.
final class WriteQueue {
  /// Carries work to the queue's thread. Unchecked: that nothing else uses what the work uses until the queue has been waited
  /// for is beyond the compiler.
  private struct Work: @unchecked Sendable {
    let run: () throws -> Void
  }

  private final class State: Sendable {
    let error = Mutex<(any Error)?>(nil)
    let isAbandoned = Atomic<Bool>(false)
  }

  private let queue = DispatchQueue(label: "inrr-video.writing")
  private let room: DispatchSemaphore
  private let state = State()

  /// - Parameter limit: the most pieces of work that wait or are being done, at least 1.
  init(limit: Int) { room = DispatchSemaphore(value: max(1, limit)) }

  /// Adds a piece of work; waits where too many are waiting.
  ///
  /// - Throws: the error of an earlier piece. No piece is done after that.
  func add(_ work: @escaping () throws -> Void) throws {
    room.wait()
    if let error = state.error.withLock({ $0 }) {
      room.signal()
      throw error
    }
    let work = Work(run: work)
    queue.async { [room, state] in
      defer { room.signal() }
      if state.isAbandoned.load(ordering: .acquiring) || state.error.withLock({ $0 != nil }) { return }
      do {
        try work.run()
      } catch {
        state.error.withLock { $0 = error }
      }
    }
  }

  /// Waits until all is done.
  ///
  /// - Throws: the error of a piece of work.
  func finish() throws {
    queue.sync {}
    if let error = state.error.withLock({ $0 }) { throw error }
  }

  /// Waits until the piece at work is done, and drops the others.
  func abandon() {
    state.isAbandoned.store(true, ordering: .releasing)
    queue.sync {}
  }
}
