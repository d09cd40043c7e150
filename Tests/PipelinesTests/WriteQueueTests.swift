import Foundation
import Synchronization
import Testing

@testable import Pipelines

@Suite("Work beside the solver")
struct WriteQueueTests {
  private struct Broken: Error, Equatable {
    var number: Int
  }

  /// Numbers in the order in which they were added.
  private final class Notes: Sendable {
    private let numbers = Mutex<[Int]>([])

    var list: [Int] { numbers.withLock { $0 } }

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
  }

  @Test("is done in its order, and all of it when the queue is finished")
  func order() throws {
    let (queue, notes) = (WriteQueue(limit: 3), Notes())
    for i in 0..<50 { try queue.add { notes.add(i) } }
    try queue.finish()
    #expect(notes.list == Array(0..<50))
  }

  @Test("ends with the first error, which whoever comes next is told")
  func errors() throws {
    let (queue, notes) = (WriteQueue(limit: 2), Notes())
    #expect(throws: Broken(number: 3)) {
      for i in 0..<50 {
        try queue.add {
          if i == 3 { throw Broken(number: 3) }
          notes.add(i)
        }
      }
      try queue.finish()
    }
    #expect(throws: Broken(number: 3)) { try queue.finish() }
    #expect(notes.list == [0, 1, 2])
  }

  @Test("holds up who is too far ahead")
  func limit() throws {
    let (queue, notes) = (WriteQueue(limit: 2), Notes())
    let gate = DispatchSemaphore(value: 0)
    for i in 0..<2 {
      try queue.add {
        gate.wait()
        notes.add(i)
      }
    }
    // The third finds room only once the first is done.
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { gate.signal() }
    try queue.add { notes.add(2) }
    #expect(notes.list.contains(0))
    gate.signal()
    try queue.finish()
    #expect(notes.list == [0, 1, 2])
  }

  @Test("leaves the rest when it is abandoned")
  func abandoned() throws {
    let (queue, notes) = (WriteQueue(limit: 8), Notes())
    let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    try queue.add {
      begun.signal()
      gate.wait()
      notes.add(0)
    }
    for i in 1..<5 { try queue.add { notes.add(i) } }
    begun.wait()
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { gate.signal() }
    queue.abandon()
    #expect(notes.list == [0])
  }
}
