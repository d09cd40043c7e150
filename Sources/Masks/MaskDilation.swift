import Frames

extension FrameMask {
  /// Grows what is missing by `radius` samples in every direction (a square of side 2 radius + 1).
  ///
  /// A square comes apart into a pass along rows and one along columns, each a running distance.
  /// - Complexity: O(width x height), whatever the radius.
  func dilated(by radius: Int) -> FrameMask {
    precondition(radius >= 0, "a radius is not negative")
    if radius == 0 || isEmpty { return self }
    var result = missing
    for y in 0..<height {
      dilateLine(in: &result, start: y * width, stride: 1, count: width, radius: radius)
    }
    for x in 0..<width {
      dilateLine(in: &result, start: x, stride: width, count: height, radius: radius)
    }
    return FrameMask(width: width, height: height, missing: result)
  }

  private func dilateLine(in samples: inout [UInt8], start: Int, stride: Int, count: Int, radius: Int) {
    samples.withUnsafeMutableBufferPointer { samples in
      // Everything from here on is already marked, or not yet reached.
      var markedUpTo = 0
      var at = 0
      while at < count {
        if samples[start + at * stride] == 0 {
          at += 1
          continue
        }
        var end = at + 1
        while end < count, samples[start + end * stride] != 0 { end += 1 }
        // Here `at ..< end` was missing before; marks of this pass always lie behind `end`'s scan.
        for i in max(markedUpTo, at - radius)..<max(markedUpTo, at) { samples[start + i * stride] = 1 }
        var next = end
        let limit = min(count, end + radius)
        // A run that follows within the radius takes over from there.
        while next < limit, samples[start + next * stride] == 0 {
          samples[start + next * stride] = 1
          next += 1
        }
        markedUpTo = next
        at = next
      }
    }
  }
}
