import Frames

/// A part of a frame's brightness, in steps of 8 bits.
struct Patch: Sendable {
  let box: Box
  let values: [UInt8]

  init(_ plane: BrightnessPlane, box: Box) {
    precondition(
      box.x >= 0 && box.y >= 0 && box.x + box.width <= plane.width && box.y + box.height <= plane.height,
      "a part of the frame")
    self.box = box
    switch plane.samples {
    case .bytes(let samples): values = Self.cut(samples, plane, box)
    case .words(let samples): values = Self.cut(samples, plane, box)
    }
  }

  private static func cut<Sample: UnsignedInteger & FixedWidthInteger>(
    _ samples: [Sample], _ plane: BrightnessPlane, _ box: Box
  ) -> [UInt8] {
    samples.withUnsafeBufferPointer { samples in
      [UInt8](unsafeUninitializedCapacity: box.area) { values, count in
        var i = 0
        for y in box.y..<box.y + box.height {
          let row = y * plane.width
          for x in row + box.x..<row + box.x + box.width {
            values[i] =
              plane.step == 1
              ? UInt8(truncatingIfNeeded: samples[x]) : UInt8(min(255, Float(samples[x]) * plane.step + 0.5))
            i += 1
          }
        }
        count = box.area
      }
    }
  }
}
