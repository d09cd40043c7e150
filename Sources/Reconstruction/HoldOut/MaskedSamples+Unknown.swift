import Frames
import Kernels

extension MaskedSamples.Plane {
  /// Calls `body` with the index of each sample that is not known, in order.
  func forEachUnknown(_ body: (Int) -> Void) { forEachUnknown(in: 0..<states.count, body) }

  func forEachUnknown(in range: Range<Int>, _ body: (Int) -> Void) {
    states.withUnsafeBufferPointer { states in
      guard let base = states.baseAddress else { return }
      precondition(range.lowerBound >= 0 && range.upperBound <= states.count, "samples of the plane")
      forEachIndex(in: range, of: base, where: SampleState.known, body)
    }
  }
}
