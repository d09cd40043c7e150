internal import CVectorMath

extension VectorMath {
  /// The median of the `window` numbers around each one of a row, which is mirrored at its ends.
  ///
  /// - Parameters:
  ///   - window: odd.
  ///   - medians: of as many elements as there are values, and other memory.
  public static func runningMedians(
    of values: UnsafeBufferPointer<Float>, window: Int, into medians: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(window % 2 == 1 && window > 0, "a window has a middle")
    precondition(medians.count == values.count, "a median for each value")
    guard let from = values.baseAddress, let to = medians.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: medianScratch(window)) { memory in
      guard let scratch = memory.baseAddress else { return }
      vm_kernels_best().pointee.residuals.median(from, values.count, window, to, scratch)
    }
  }

  /// `MEDIAN_SCRATCH`, which Swift does not see.
  private static func medianScratch(_ window: Int) -> Int { 2 * (window + 48) }
}
