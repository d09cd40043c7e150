import Foundation
import Frames
import Kernels

@testable import Reconstruction

/// Smooth moving content, and masks over it, small enough for debug builds.
enum SyntheticVideo {
  /// Value in 0 ... 1 at a place and time.
  static func value(t: Int, y: Int, x: Int, plane: Int = 0, speed: Float = 0.5) -> Float {
    let u = Float(x) - speed * Float(t)
    return 0.5 + 0.25 * sin(u / (4 + Float(plane))) * cos(Float(y) / 5) + 0.15 * sin((u + Float(y)) / 9)
  }

  static func window(
    frames: Int, height: Int, width: Int, roles: [PlaneRole] = [.luma], speed: Float = 0.5,
    missing: (Int, Int, Int) -> Bool
  ) -> (window: MaskedSamples, truth: Estimate) {
    var truth = Estimate(planes: [])
    let planes = roles.enumerated().map { p, role in
      var values: [Float] = []
      var states: [UInt8] = []
      for t in 0..<frames {
        for y in 0..<height {
          for x in 0..<width {
            values.append(value(t: t, y: y, x: x, plane: p, speed: speed))
            states.append(missing(t, y, x) ? SampleState.missing : SampleState.known)
          }
        }
      }
      truth.planes.append(values)
      return MaskedSamples.Plane(
        role: role, height: height, width: width,
        values: zip(values, states).map { $1 == SampleState.known ? $0 : 0 }, states: states,
        rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init))
    }
    return (MaskedSamples(frames: frames, height: height, width: width, planes: planes), truth)
  }

  /// A window of which a share of the samples, drawn at random, is missing.
  static func scattered(
    frames: Int, height: Int, width: Int, roles: [PlaneRole] = [.luma], share: Float, seed: UInt64
  ) -> (window: MaskedSamples, truth: Estimate) {
    var random = RandomSource(seed: seed)
    let draws = (0..<frames * height * width).map { _ in random.uniform() }
    return window(frames: frames, height: height, width: width, roles: roles) { t, y, x in
      draws[(t * height + y) * width + x] < share
    }
  }

  /// Whether every known sample is what it was.
  static func isKnownKept(_ estimate: Estimate, in window: MaskedSamples) -> Bool {
    window.planes.enumerated().allSatisfy { p, plane in
      plane.states.indices.allSatisfy {
        plane.states[$0] != SampleState.known || estimate.planes[p][$0] == plane.values[$0]
      }
    }
  }

  /// PSNR in dB over the missing samples.
  static func psnr(_ estimate: Estimate, _ truth: Estimate, in window: MaskedSamples) -> Double {
    var sum = 0.0
    var count = 0.0
    for (p, plane) in window.planes.enumerated() {
      for i in plane.states.indices where plane.states[i] == SampleState.missing {
        let d = Double(estimate.planes[p][i] - truth.planes[p][i])
        sum += d * d
        count += 1
      }
    }
    return -10 * log10(max(sum / count, 1e-12))
  }
}

/// Frames of `SyntheticVideo`, for the streaming restorer.
final class SyntheticSource: MaskedStream {
  let format: FrameFormat
  let count: Int
  let missing: (Int, Int, Int) -> Bool
  let scene: (Int) -> Int
  private(set) var read = 0
  private(set) var written: [Frame] = []
  /// Most frames that were read and not yet written.
  private(set) var mostHeld = 0

  init(
    format: FrameFormat, count: Int, scene: @escaping (Int) -> Int = { _ in 0 },
    missing: @escaping (Int, Int, Int) -> Bool
  ) {
    self.format = format
    self.count = count
    self.scene = scene
    self.missing = missing
  }

  func truth(_ t: Int) -> Frame {
    let planes = format.planes.enumerated().map { p, plane in
      (0..<plane.count).map { i -> UInt16 in
        let y = (i / plane.width) << plane.verticalShift
        let x = (i % plane.width) << plane.horizontalShift
        let v =
          SyntheticVideo.value(t: t, y: y + 40 * scene(t), x: x, plane: p) + 0.4 * Float(scene(t) % 2) - 0.2
        return UInt16(max(0, min(1, v)) * Float(format.maximumValue))
      }
    }
    return Frame(format: format, planes: planes, index: t, time: Double(t) / 25, attachment: t)
  }

  func next() throws -> MaskedFrame? {
    if read == count { return nil }
    defer { read += 1 }
    mostHeld = max(mostHeld, read + 1 - written.count)
    var frame = truth(read)
    let mask = mask(for: frame)
    for (p, plane) in format.planes.enumerated() {
      for (i, m) in mask.missing(in: plane).enumerated() where m != 0 {
        // What stands in a hole must not matter.
        frame.planes[p][i] = UInt16(truncatingIfNeeded: i &* 7919 &+ read) & UInt16(format.maximumValue)
      }
    }
    return MaskedFrame(frame: frame, mask: mask)
  }

  func mask(for frame: Frame) -> FrameMask {
    let bits = (0..<format.width * format.height).map { i -> UInt8 in
      missing(frame.index, i / format.width, i % format.width) ? 1 : 0
    }
    return FrameMask(width: format.width, height: format.height, missing: bits.contains(1) ? bits : [])
  }

  func write(_ frame: Frame) throws { written.append(frame) }
}
