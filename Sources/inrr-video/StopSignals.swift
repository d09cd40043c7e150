import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and its like into a wish to stop that the job asks about.
///
/// The second signal ends the process at once: the output has its name only when it is complete, so all that can
/// be left is a temporary file, which is removed as well as can be. Clusters send SIGTERM to all processes of a job,
/// and its script passes it on: what comes within moments is the same request, unless a person presses Ctrl-C.
final class StopSignals {
  private static let first = Atomic<Int32>(0)
  /// When it came, in milliseconds of a clock that only runs forward.
  private static let moment = Atomic<Int>(0)
  /// Seconds within which a signal that is sent twice counts once.
  private static let sameRequest = 2.0
  private let sources: [any DispatchSourceSignal]

  /// The signal that asked to stop, if one did.
  static var received: Int32? {
    let signal = first.load(ordering: .acquiring)
    return signal == 0 ? nil : signal
  }

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

  /// - Parameters:
  ///   - others: signals that ask to stop besides those that always do.
  ///   - notice: what a person who presses Ctrl-C reads at once, where the end may take a while.
  ///   - cleanUp: called on another thread before the process ends at once.
  init(others: [Int32] = [], notice: String? = nil, cleanUp: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "inrr-video.signals", qos: .userInteractive)
    sources = ([SIGINT, SIGTERM, SIGHUP] + others).compactMap { number in
      // What the parent made us ignore (nohup) stays ignored.
      if number == SIGHUP && Self.isIgnored(number) { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // Before the signal is seen, so that whoever sees it knows when it came.
        _ = Self.moment.compareExchange(expected: 0, desired: Self.now, ordering: .acquiringAndReleasing)
        let (isFirst, _) = Self.first.compareExchange(
          expected: 0, desired: number, ordering: .acquiringAndReleasing)
        if isFirst, number == SIGINT, let notice { Console.write("\n\(Console.name): \(notice)\n") }
        if !isFirst && (number == SIGINT || Self.secondsSinceReceived > Self.sameRequest) {
          cleanUp()
          _exit(128 + number)
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
