import Frames

extension FrameMask {
  /// Grows what is missing by `radius` samples in every direction (a square of side 2 radius + 1).
  ///
  /// - Complexity: O(width x height), whatever the radius.
  func dilated(by radius: Int) -> FrameMask {
    precondition(radius >= 0, "a radius is not negative")
    if radius == 0 || isEmpty { return self }
    if isByPlanes {
      var result = FrameMask(width: width, height: height)
      for plane in [PlaneSelection.first, .second, .third, .alpha] {
        var grown = mask(of: plane).dilated(by: radius)
        grown.restrict(to: plane)
        result.formUnion(grown)
      }
      return result
    }
    var result = missing
    Dilation.grow(&result, sides: [width, height], by: radius)
    return FrameMask(width: width, height: height, missing: result)
  }
}

/// Grows what is marked in a box of samples by a square or cube: along one axis after the other.
enum Dilation {
  /// - Parameters:
  ///   - samples: not 0 where marked.
  ///   - sides: of the box along its axes, the fastest first.
  ///   - radius: samples to grow by on either side.
  static func grow(_ samples: inout [UInt8], sides: [Int], by radius: Int) {
    samples.withUnsafeMutableBufferPointer { samples in
      var step = 1
      for count in sides {
        for block in stride(from: 0, to: samples.count, by: step * count) {
          for start in block..<block + step {
            growLine(samples, start: start, step: step, count: count, radius: min(radius, count))
          }
        }
        step *= count
      }
    }
  }

  private static func growLine(
    _ samples: UnsafeMutableBufferPointer<UInt8>, start: Int, step: Int, count: Int, radius: Int
  ) {
    // All samples before this one are done.
    var done = 0
    var at = 0
    while at < count {
      if samples[start + at * step] == 0 {
        at += 1
        continue
      }
      var end = at + 1
      while end < count, samples[start + end * step] != 0 { end += 1 }
      // The run `at ..< end` was marked before this pass, which marks only what lies behind `end`.
      for i in max(done, at - radius)..<max(done, at) { samples[start + i * step] = 1 }
      var next = end
      let limit = min(count, end + radius)
      // A run that begins within the radius goes on from there.
      while next < limit, samples[start + next * step] == 0 {
        samples[start + next * step] = 1
        next += 1
      }
      done = next
      at = next
    }
  }
}
