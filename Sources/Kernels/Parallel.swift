import Dispatch
import Synchronization

/// Carries a closure onto worker threads that are joined before the closure's scope ends.
///
/// Unchecked because the caller of `parallelFor` promises that different indices touch different memory, which the
/// compiler cannot see through pointers.
private struct Body: @unchecked Sendable {
  let run: (Int) -> Void
}

/// Runs `body(i)` for every i in 0..<count on up to `threads` threads and returns when all are done.
///
/// Which thread runs which index is not fixed; a result that is the same for any number of threads follows when
/// each index writes only to places of its own and sums over indices are taken afterwards, in index order.
public func parallelFor(_ count: Int, threads: Int, _ body: (Int) -> Void) {
  if count <= 0 { return }
  let workers = min(threads, count)
  if workers <= 1 {
    for i in 0..<count { body(i) }
    return
  }
  let next = Atomic<Int>(0)
  withoutActuallyEscaping(body) { escapable in
    let shared = Body(run: escapable)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if i >= count { return }
        shared.run(i)
      }
    }
  }
}

/// The values of `body(i)` for every i in 0..<count, in this order, computed by `parallelFor`.
public func parallelMap<Value>(_ count: Int, threads: Int, _ body: (Int) -> Value) -> [Value] {
  Array(unsafeUninitializedCapacity: max(0, count)) { values, made in
    parallelFor(count, threads: threads) { values.initializeElement(at: $0, to: body($0)) }
    made = max(0, count)
  }
}
