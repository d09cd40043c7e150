import Dispatch
import Synchronization

/// Reads pieces in order on a thread of its own, a few of them before they are asked for.
///
/// From the first call of `next()` until that returned nil or threw, nothing else may use what the reading uses.
final class ReadQueue<Piece: Sendable> {
  /// Carries the reading to the queue's thread. Unchecked because the compiler can't see that nothing else uses what it uses
  /// until it has ended.
  private struct Source: @unchecked Sendable {
    let read: () throws -> Piece?
  }

  private struct State {
    /// In order; the last one may be the end or an error, after which nothing is read.
    var results: [Result<Piece?, any Error>] = []
    var isEnded = false
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
    let arrived = DispatchSemaphore(value: 0)
  }

  private let queue = DispatchQueue(label: "inrr-video.reading")
  private let source: Source
  private let shared = Shared()
  private let ahead: Int
  private var isBegun = false
  /// What every call returns from the end on.
  private var end: Result<Piece?, any Error>?

  /// - Parameters:
  ///   - ahead: pieces that are read and not yet asked for, at most, at least 1.
  ///   - read: gives the next piece; nil after the last one.
  init(ahead: Int, read: @escaping () throws -> Piece?) {
    (self.ahead, source) = (max(1, ahead), Source(read: read))
  }

  deinit { shared.state.withLock { $0.isEnded = true } }

  /// The next piece; nil after the last one.
  ///
  /// - Throws: what the reading threw, at its turn.
  func next() throws -> Piece? {
    if let end { return try end.get() }
    if !isBegun {
      isBegun = true
      for _ in 0..<ahead { request() }
    }
    shared.arrived.wait()
    let result = shared.state.withLock { $0.results.removeFirst() }
    if case .success(.some) = result { request() } else { end = result }
    return try result.get()
  }

  private func request() {
    queue.async { [source, shared] in
      if shared.state.withLock({ $0.isEnded }) { return }
      let result = Result { try source.read() }
      shared.state.withLock {
        $0.results.append(result)
        if case .success(.some) = result { return }
        $0.isEnded = true
      }
      shared.arrived.signal()
    }
  }
}
