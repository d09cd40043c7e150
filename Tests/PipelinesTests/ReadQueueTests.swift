import Foundation
import Synchronization
import Testing

@testable import Pipelines

@Suite("Reading beside the solver")
struct ReadQueueTests {
  private struct Broken: Error {}

  /// How often something happened.
  private final class Count: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func next() -> Int {
      number.withLock {
        $0 += 1
        return $0
      }
    }
  }

  @Test("gives all pieces in their order, and the end as often as it is asked for")
  func order() throws {
    let count = Count()
    let queue = ReadQueue<Int>(ahead: 3) {
      let k = count.next()
      return k <= 50 ? k : nil
    }
    var found: [Int] = []
    while let next = try queue.next() { found.append(next) }
    #expect(found == Array(1...50))
    #expect(try queue.next() == nil)
    #expect(count.value == 51)
  }

  @Test("tells an error at its turn, after the pieces before it, and reads no further")
  func errors() throws {
    let count = Count()
    let queue = ReadQueue<Int>(ahead: 4) {
      let k = count.next()
      if k == 3 { throw Broken() }
      return k
    }
    #expect(try queue.next() == 1)
    #expect(try queue.next() == 2)
    for _ in 0..<2 { #expect(throws: Broken.self) { try queue.next() } }
    #expect(count.value == 3)
  }

  @Test("reads nothing before it is asked, and no more than so many pieces ahead")
  func bound() throws {
    let count = Count()
    let queue = ReadQueue<Int>(ahead: 3) { count.next() }
    Thread.sleep(forTimeInterval: 0.05)
    #expect(count.value == 0)
    #expect(try queue.next() == 1)
    Thread.sleep(forTimeInterval: 0.1)
    #expect(count.value <= 4)
  }
}
