import Frames
import Kernels

/// A frame's brightness in steps of 8 bits, smaller where it is large: places of subtitles are looked for there.
struct ReducedPicture: Sendable {
  /// Rows at most, about: letters of a fiftieth of the height are still ten of them tall.
  private static let rows = 600

  let width: Int
  let height: Int
  /// Rows and columns of the frame that become one.
  let scale: Int
  var samples: [UInt8]

  init(_ plane: BrightnessPlane, threads: Int) {
    let scale = max(1, (min(plane.width, plane.height) + Self.rows / 2) / Self.rows)
    let (width, height) = (max(1, plane.width / scale), max(1, plane.height / scale))
    (self.width, self.height, self.scale) = (width, height, scale)
    if plane.samples.isEmpty {
      samples = []
      return
    }
    switch plane.samples {
    case .bytes(let all) where scale == 1 && plane.step == 1: samples = all
    case .bytes(let all): samples = Self.reduced(all, plane, scale: scale, width: width, height, threads)
    case .words(let all): samples = Self.reduced(all, plane, scale: scale, width: width, height, threads)
    }
  }

  private static func reduced<Sample: UnsignedInteger & FixedWidthInteger & Sendable>(
    _ samples: [Sample], _ plane: BrightnessPlane, scale: Int, width: Int, _ height: Int, _ threads: Int
  ) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: width * height)
    let factor = plane.step / Float(scale * scale)
    let wide = plane.width
    parallelFor(height, threads: threads, writing: &result) { y, result in
      let row = result[y * width..<(y + 1) * width]
      samples.withUnsafeBufferPointer { samples in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: wide) { sums in
          guard let sum = sums.baseAddress, let first = samples.baseAddress else { return }
          if scale == 2 {
            let (upper, lower) = (first + 2 * y * wide, first + (2 * y + 1) * wide)
            for x in 0..<width {
              let above =
                UInt32(truncatingIfNeeded: upper[2 * x]) &+ UInt32(truncatingIfNeeded: upper[2 * x + 1])
              let below =
                UInt32(truncatingIfNeeded: lower[2 * x]) &+ UInt32(truncatingIfNeeded: lower[2 * x + 1])
              row[x] = UInt8(max(0, min(255, Float(above &+ below) * factor + 0.5)))
            }
            return
          }
          sums.initialize(repeating: 0)
          for line in y * scale..<(y + 1) * scale {
            let from = first + line * wide
            for x in 0..<wide { sum[x] &+= UInt32(truncatingIfNeeded: from[x]) }
          }
          for x in 0..<width {
            var all: UInt32 = 0
            for k in x * scale..<(x + 1) * scale { all &+= sum[k] }
            row[x] = UInt8(max(0, min(255, Float(all) * factor + 0.5)))
          }
        }
      }
    }
    return result
  }
}
