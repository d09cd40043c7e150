import Dispatch
import Foundation
import Media
import Synchronization

/// Turns Ctrl-C and other signals into a request to stop, which jobs ask about.
///
/// The second signal ends the process at once, and unfinished files are removed. A signal within moments after the first one
/// counts as the same request, unless it is a person's Ctrl-C: clusters send SIGTERM to all processes of a job, and its
/// script passes it on.
final class StopSignals {
  private static let first = Atomic<Int32>(0)
  /// The time of the first signal in milliseconds, by a clock that never goes back.
  private static let moment = Atomic<Int>(0)
  /// Seconds within which two signals count as one request.
  private static let sameRequest = 2.0
  private let sources: [any DispatchSourceSignal]

  /// The signal that asked to stop; nil for none.
  static var received: Int32? {
    let signal = first.load(ordering: .acquiring)
    return signal == 0 ? nil : signal
  }

  static func hasReceived() -> Bool { received != nil }

  /// Seconds since the signal that asked to stop; 0 without one.
  static var secondsSinceReceived: Double {
    let then = moment.load(ordering: .acquiring)
    return then == 0 ? 0 : Double(now - then) / 1000
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }

  /// Calls `body` while signals are requests to stop.
  ///
  /// - Parameters:
  ///   - others: further signals that ask to stop.
  ///   - notice: printed after Ctrl-C, where stopping may take a while.
  ///   - paths: outputs beside which an end at once removes what this process has begun.
  static func watched<Result>(
    others: [Int32] = [], notice: String? = nil, outputs paths: [String] = [], _ body: () throws -> Result
  ) rethrows -> Result {
    let signals = StopSignals(others: others, notice: notice, outputs: paths)
    return try withExtendedLifetime(signals, body)
  }

  private init(others: [Int32], notice: String?, outputs paths: [String]) {
    let queue = DispatchQueue(label: "inrr-video.signals", qos: .userInteractive)
    sources = ([SIGINT, SIGTERM, SIGHUP] + others).compactMap { number in
      // A signal that the parent ignores (nohup) stays ignored.
      if number == SIGHUP && Self.isIgnored(number) { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // The time first: other threads read it once they see the signal.
        _ = Self.moment.compareExchange(expected: 0, desired: Self.now, ordering: .acquiringAndReleasing)
        let (isFirst, _) = Self.first.compareExchange(
          expected: 0, desired: number, ordering: .acquiringAndReleasing)
        if isFirst, number == SIGINT, let notice { Console.write("\n\(Console.name): \(notice)\n") }
        if !isFirst && (number == SIGINT || Self.secondsSinceReceived > Self.sameRequest) {
          UnfinishedFile.endProcess(status: 128 + number, outputs: paths)
        }
      }
      source.resume()
      return source
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    // Function pointers can't be compared; SIG_IGN is the address 1.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit { for source in sources { source.cancel() } }
}
