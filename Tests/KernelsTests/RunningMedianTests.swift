import Testing

@testable import Kernels

@Suite("Running medians")
struct RunningMedianTests {
  @Test("running medians are medians of the mirrored row", arguments: [1, 3, 15, 41], [1, 2, 9, 60])
  func runningMedian(window: Int, count: Int) {
    var source = RandomSource(seed: 3)
    // Equal values too.
    let values = (0..<count).map { _ in Float(source.below(12)) }
    var medians = [Float](repeating: -1, count: count)
    values.withUnsafeBufferPointer { from in
      medians.withUnsafeMutableBufferPointer { VectorMath.runningMedians(of: from, window: window, into: $0) }
    }
    for i in 0..<count {
      let around = (i - window / 2...i + window / 2).map { k in
        let mirrored = k < 0 ? -1 - k : k >= count ? 2 * count - 1 - k : k
        return values[max(0, min(count - 1, mirrored))]
      }
      #expect(medians[i] == around.sorted()[window / 2])
    }
  }
}
