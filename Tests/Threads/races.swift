// Races, and what is none, for the sanitizer of threads to tell apart: .ci/sanitized runs each by its name before it trusts that
// a suite in which nothing was found has no race.
import Dispatch

/// Shared without a lock, which is what the compiler would refuse.
struct Place: @unchecked Sendable {
  let numbers = UnsafeMutablePointer<Int>.allocate(capacity: 64)

  init() { numbers.initialize(repeating: 0, count: 64) }
}

@main struct Races {
  static let place = Place()

  static func main() {
    for _ in 0..<50 {
      switch CommandLine.arguments.dropFirst().first {
      case "loop": DispatchQueue.concurrentPerform(iterations: 8) { _ in place.numbers[0] += 1 }
      case "queues": onQueues { place.numbers[0] += 1 }
      case "sound": sound()
      default: fatalError("there is no such race")
      }
    }
    print(place.numbers[0])
  }

  /// Runs `work` on two queues, which nothing keeps apart.
  private static func onQueues(_ work: @escaping @Sendable () -> Void) {
    let queues = [DispatchQueue(label: "first"), DispatchQueue(label: "second")]
    for queue in queues { queue.async(execute: work) }
    for queue in queues { queue.sync {} }
  }

  /// Hands numbers to a loop, from that to a queue, and back by a semaphore.
  private static func sound() {
    place.numbers[63] += 1
    DispatchQueue.concurrentPerform(iterations: 8) { i in place.numbers[i] += place.numbers[63] }
    place.numbers[0] += 1
    let (queue, done) = (DispatchQueue(label: "sound"), DispatchSemaphore(value: 0))
    for _ in 0..<4 {
      queue.async {
        for i in 0..<8 { place.numbers[i] += 1 }
      }
    }
    queue.async {
      place.numbers[8] += 1
      done.signal()
    }
    done.wait()
    place.numbers[8] += 1
    queue.sync { place.numbers[0] += 1 }
    place.numbers[0] += 1
  }
}
