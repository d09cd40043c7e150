/// The median; the mean of the middle two of an even number.
func median(_ values: [Float]) -> Float {
  precondition(!values.isEmpty, "the median of something")
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The running median of a row of numbers, which is mirrored at its ends.
///
/// The window is kept sorted: one number leaves it and one comes in with each step, so that a step costs a search and a short
/// shift instead of sorting anew.
struct RunningMedian {
  /// Numbers in the window, odd.
  let window: Int

  init(window: Int) {
    precondition(window % 2 == 1 && window > 0, "a window has a middle")
    self.window = window
  }

  func apply(_ values: UnsafeBufferPointer<Float>, to medians: UnsafeMutableBufferPointer<Float>) {
    precondition(medians.count == values.count, "a median for each value")
    let count = values.count
    if count == 0 { return }
    let reach = window / 2
    func mirrored(_ i: Int) -> Float {
      let j = i < 0 ? -1 - i : i >= count ? 2 * count - 1 - i : i
      return values[max(0, min(count - 1, j))]
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: window) { memory in
      var sorted = memory
      for k in 0..<window { sorted.initializeElement(at: k, to: mirrored(k - reach)) }
      sorted.sort()
      for i in 0..<count {
        medians[i] = sorted[reach]
        let (old, new) = (mirrored(i - reach), mirrored(i + reach + 1))
        if old != new { Self.replace(old, by: new, in: sorted) }
      }
    }
  }

  /// Replaces a number that is there, and moves what lies between it and the new one.
  @inline(__always)
  private static func replace(_ old: Float, by new: Float, in sorted: UnsafeMutableBufferPointer<Float>) {
    var (low, high) = (0, sorted.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < old { low = middle + 1 } else { high = middle }
    }
    var i = low
    if new > old {
      while i + 1 < sorted.count, sorted[i + 1] < new {
        sorted[i] = sorted[i + 1]
        i += 1
      }
    } else {
      while i > 0, sorted[i - 1] > new {
        sorted[i] = sorted[i - 1]
        i -= 1
      }
    }
    sorted[i] = new
  }
}
