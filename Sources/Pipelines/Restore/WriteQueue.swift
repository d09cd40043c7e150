import Dispatch
import Synchronization

/// Does work in its order on a thread of its own, beside whoever hands it in, and holds up who is too far ahead.
///
/// Work touches nothing that anyone else touches before `finish()` or `abandon()` has returned.
final class WriteQueue {
  /// Carries work to the queue's thread. Unchecked because nobody else touches what it does until the queue has been waited
  /// for, which the compiler cannot see.
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

  /// - Parameter limit: pieces of work that may wait or be done at a time, at least 1.
  init(limit: Int) { room = DispatchSemaphore(value: max(1, limit)) }

  /// Adds a piece of work; waits where there are too many.
  ///
  /// - Throws: what an earlier piece threw. None is done after that.
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
  /// - Throws: what a piece of work threw.
  func finish() throws {
    queue.sync {}
    if let error = state.error.withLock({ $0 }) { throw error }
  }

  /// Waits until the piece at work is done, and leaves the others.
  func abandon() {
    state.isAbandoned.store(true, ordering: .releasing)
    queue.sync {}
  }
}
