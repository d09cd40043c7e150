import Dispatch
import Synchronization

/// Elements that the calls of a parallel loop share.
///
/// Unchecked because the compiler can't see what every such loop has to keep to: a call writes only to elements that no
/// other call touches.
public struct SharedElements<Element>: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Element>

  public init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }

  public var count: Int { buffer.count }

  public subscript(i: Int) -> Element {
    get { buffer[i] }
    nonmutating set { buffer[i] = newValue }
  }

  public subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(rebasing: buffer[range])
  }

  /// Where element `i` lies, for kernels that go on to `count` elements from there.
  public func address(of i: Int, count: Int) -> UnsafeMutablePointer<Element> {
    guard let base = buffer.baseAddress, i >= 0, count >= 0, count <= buffer.count - i else {
      preconditionFailure("no such elements")
    }
    return base + i
  }

  fileprivate func initialize(_ i: Int, to value: Element) { buffer.initializeElement(at: i, to: value) }
}

extension Array {
  /// Lends the elements to parallel loops in `body`.
  public mutating func withSharedElements<Value>(
    _ body: (SharedElements<Element>) throws -> Value
  ) rethrows -> Value {
    try withUnsafeMutableBufferPointer { try body(SharedElements($0)) }
  }
}

/// Runs `body(i)` for every i in 0..<count on up to `threads` threads and returns when all are done.
///
/// Which thread runs which index is not fixed; a result that is the same for any number of threads follows when
/// each index writes only to places of its own and sums over indices are taken afterwards, in index order.
public func parallelFor(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  if count <= 0 { return }
  let workers = min(threads, count)
  if workers <= 1 {
    for i in 0..<count { body(i) }
    return
  }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if i >= count { return }
      body(i)
    }
  }
}

/// The same where the calls write to elements of one array, each to its own.
public func parallelFor<Element>(
  _ count: Int, threads: Int, writing array: inout [Element],
  _ body: @Sendable (Int, SharedElements<Element>) -> Void
) {
  array.withSharedElements { elements in
    parallelFor(count, threads: threads) { body($0, elements) }
  }
}

/// The values of `body(i)` for every i in 0..<count, in this order, computed by `parallelFor`.
public func parallelMap<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  Array(unsafeUninitializedCapacity: max(0, count)) { values, made in
    let places = SharedElements(values)
    parallelFor(count, threads: threads) { places.initialize($0, to: body($0)) }
    made = max(0, count)
  }
}
