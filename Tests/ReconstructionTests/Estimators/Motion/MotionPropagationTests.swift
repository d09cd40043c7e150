import Foundation
import Frames
import Kernels
import Testing

@testable import Reconstruction

@Suite("Propagation along motion")
struct MotionPropagationTests {
  private static let speed: (dy: Float, dx: Float) = (-0.75, 1.5)

  /// A texture that moves; planes of other roles than luma differ in brightness, chroma is half as large.
  private func moving(
    frames: Int, height: Int, width: Int, roles: [PlaneRole] = [.luma], missing: (Int, Int, Int) -> Bool
  ) -> (window: MaskedSamples, truth: Estimate) {
    var truth = Estimate(planes: [])
    let planes = roles.map { role in
      let step = role.isChroma ? 2 : 1
      var values: [Float] = []
      var states: [UInt8] = []
      for t in 0..<frames {
        for y in stride(from: 0, to: height, by: step) {
          for x in stride(from: 0, to: width, by: step) {
            let v = Float(y) - Self.speed.dy * Float(t)
            let u = Float(x) - Self.speed.dx * Float(t)
            let waves = sin(0.31 * v + 0.17 * u) + sin(0.41 * u - 0.23 * v + 2) + sin(0.53 * v + 0.47 * u + 1)
            values.append(0.5 + (role == .red ? 0.1 : 0.14) * waves)
            states.append(missing(t, y, x) ? SampleState.missing : SampleState.known)
          }
        }
      }
      truth.planes.append(values)
      let (rows, columns) = (height / step, width / step)
      return MaskedSamples.Plane(
        role: role, height: rows, width: columns,
        values: zip(values, states).map { $1 == SampleState.known ? $0 : 0 },
        states: states, rowPositions: (0..<rows).map { Float($0 * step) },
        columnPositions: (0..<columns).map { Float($0 * step) })
    }
    return (MaskedSamples(frames: frames, height: height, width: width, planes: planes), truth)
  }

  /// PSNR of interpolation in time, and of propagation that starts from it.
  private func compared(_ window: MaskedSamples, _ truth: Estimate) throws -> (
    fill: Double, motion: Double
  ) {
    let context = EstimatorContext(threads: 2)
    let fill = try TemporalInterpolation().estimate(window, context: context)
    let motion = try MotionPropagation(fill: fill).estimate(window, context: context)
    return (SyntheticVideo.psnr(fill, truth, in: window), SyntheticVideo.psnr(motion, truth, in: window))
  }

  @Test("fills a hole in a texture that moves, in luma and in chroma")
  func movingHole() throws {
    let (window, truth) = moving(frames: 5, height: 48, width: 48, roles: [.luma, .chromaBlue]) { t, y, x in
      t == 2 && (16..<30).contains(y) && (18..<32).contains(x)
    }
    let (fill, motion) = try compared(window, truth)
    #expect(motion > fill + 8)
    #expect(motion > 38.9)
  }

  @Test("makes a missing frame better than the mean of its neighbours")
  func missingFrame() throws {
    let (window, truth) = moving(frames: 5, height: 48, width: 48, roles: [.red, .green, .blue]) { t, _, _ in
      t == 2
    }
    let (fill, motion) = try compared(window, truth)
    #expect(motion > fill + 13)
  }

  @Test("shows what lies around where something becomes covered on the way to a missing frame and from it")
  func coveredAround() throws {
    let (frames, height, width) = (5, 64, 112)
    var (values, states, truth) = ([Float](), [UInt8](), Estimate(planes: []))
    for t in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          let (v, u) = (Float(y), Float(x - 5 * t))
          let isBefore = (18..<46).contains(y) && (16..<44).contains(x - 5 * t)
          values.append(
            isBefore
              ? 0.7 + 0.1
                * (sin(0.23 * v + 0.19 * u) + sin(0.29 * u - 0.13 * v + 1) + sin(0.71 * v + 0.07 * u))
              : 0.35 + 0.08 * (sin(0.21 * v + 0.17 * Float(x)) + sin(0.31 * Float(x) - 0.23 * v + 2)))
          states.append(t == 2 ? SampleState.missing : SampleState.known)
        }
      }
    }
    truth.planes.append(values)
    let plane = MaskedSamples.Plane(
      role: .luma, height: height, width: width,
      values: zip(values, states).map { $1 == SampleState.known ? $0 : 0 }, states: states,
      rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init))
    let window = MaskedSamples(frames: frames, height: height, width: width, planes: [plane])
    let (fill, motion) = try compared(window, truth)
    #expect(motion > fill + 7)
  }

  @Test("reveals what moves behind a hole that stays")
  func staticHole() throws {
    let (window, truth) = moving(frames: 10, height: 48, width: 48) { _, y, x in
      (20..<27).contains(y) && (20..<27).contains(x)
    }
    let (fill, motion) = try compared(window, truth)
    #expect(motion > fill + 16)
  }

  @Test("follows half of a change in brightness that the border of a hole shows")
  func brightness() throws {
    var (window, truth) = moving(frames: 5, height: 48, width: 48) { t, y, x in
      t == 2 && (16..<30).contains(y) && (18..<32).contains(x)
    }
    let frame = 2 * 48 * 48..<3 * 48 * 48
    for i in frame {
      truth.planes[0][i] += 0.04
      if window.planes[0].states[i] == SampleState.known { window.planes[0].values[i] += 0.04 }
    }
    let context = EstimatorContext(threads: 2)
    let fill = try TemporalInterpolation().estimate(window, context: context)
    let motion = try MotionPropagation(fill: fill).estimate(window, context: context)
    let missing = frame.filter { window.planes[0].states[$0] == SampleState.missing }
    let lacking = missing.reduce(Float(0)) { $0 + truth.planes[0][$1] - motion.planes[0][$1] }
    #expect(abs(lacking / Float(missing.count) - 0.02) < 0.006, "\(lacking / Float(missing.count))")
  }

  @Test("handles windows too small for flow, single frames, and frames of which nothing is known")
  func degenerate() throws {
    let context = EstimatorContext(threads: 2)
    for (frames, side) in [(3, 8), (1, 24), (2, 16), (3, 2)] {
      let (window, _) = moving(frames: frames, height: side, width: side, roles: [.luma, .chromaRed]) {
        t, y, x in
        (t + y + x) % 3 == 0 || t == 1
      }
      let fill = try TemporalInterpolation().estimate(window, context: context)
      let result = try MotionPropagation(fill: fill).estimate(window, context: context)
      for (p, plane) in window.planes.enumerated() {
        #expect(result.planes[p].count == plane.values.count && result.planes[p].allSatisfy { $0.isFinite })
      }
    }
  }

  @Test("looks neither at missing nor at held-out values, and is the same for any number of threads")
  func blindToOthers() throws {
    var (window, _) = moving(frames: 4, height: 32, width: 32) { t, y, x in (7 * t + 5 * y + 3 * x) % 4 == 0 }
    for i in window.planes[0].states.indices where i % 11 == 0 {
      window.planes[0].states[i] = SampleState.heldOut
    }
    var spoilt = window
    for i in spoilt.planes[0].states.indices where spoilt.planes[0].states[i] != SampleState.known {
      spoilt.planes[0].values[i] = 7
    }
    let fill = try TemporalInterpolation().estimate(window, context: EstimatorContext())
    let a = try MotionPropagation(fill: fill).estimate(window, context: EstimatorContext(threads: 1))
    let b = try MotionPropagation(fill: fill).estimate(spoilt, context: EstimatorContext(threads: 4))
    #expect(a.planes == b.planes)
  }

  @Test("ends when it is cancelled")
  func cancelled() throws {
    let (window, truth) = moving(frames: 3, height: 16, width: 16) { t, _, _ in t == 1 }
    #expect(throws: RestorationError.cancelled) {
      try MotionPropagation(fill: truth).estimate(window, context: EstimatorContext(isCancelled: { true }))
    }
  }
}
