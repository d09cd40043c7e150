import Frames
import Kernels
import Testing

@testable import Reconstruction

@Suite("Interpolation")
struct InterpolationTests {
  @Test("in time is linear between the known frames, and held at the ends")
  func linearInTime() throws {
    var (window, _) = SyntheticVideo.window(frames: 6, height: 2, width: 2) { t, _, _ in ![1, 4].contains(t) }
    for i in 0..<4 {
      window.planes[0].values[4 + i] = 0.2
      window.planes[0].values[16 + i] = 0.8
    }
    let result = try TemporalInterpolation().estimate(window, context: EstimatorContext()).planes[0]
    for (t, expected) in [0.2, 0.2, 0.4, 0.6, 0.8, 0.8].enumerated() {
      #expect(abs(result[t * 4] - Float(expected)) < 1e-6)
    }
  }

  @Test("in time fills what is known in no frame from the samples around it")
  func neverKnown() throws {
    let (window, truth) = SyntheticVideo.window(frames: 4, height: 12, width: 12, speed: 0) { _, y, x in
      (5...6).contains(y) && (5...6).contains(x)
    }
    let result = try TemporalInterpolation().estimate(window, context: EstimatorContext())
    #expect(SyntheticVideo.psnr(result, truth, in: window) > 42)
  }

  @Test(
    "in space makes each missing sample the mean of its neighbours, at the edge of those it has",
    arguments: [
      (6..<16, 4..<21), (0..<9, 0..<11), (15..<24, 19..<30), (0..<24, 10..<17), (11..<12, 0..<30),
    ])
  func harmonic(rows: Range<Int>, columns: Range<Int>) throws {
    let (height, width) = (24, 30)
    let (window, _) = SyntheticVideo.window(frames: 1, height: height, width: width) { _, y, x in
      rows.contains(y) && columns.contains(x)
    }
    let result = try SpatialInterpolation().estimate(window, context: EstimatorContext()).planes[0]
    for y in rows {
      for x in columns {
        let beside = [(y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)].filter {
          (0..<height).contains($0.0) && (0..<width).contains($0.1)
        }
        let mean = beside.reduce(0) { $0 + result[$1.0 * width + $1.1] } / Float(beside.count)
        #expect(abs(result[y * width + x] - mean) < 5e-4)
      }
    }
    for i in result.indices where window.planes[0].states[i] == SampleState.known {
      #expect(result[i] == window.planes[0].values[i])
    }
  }

  @Test("looks neither at missing nor at held-out values")
  func blindToOthers() throws {
    var random = RandomSource(seed: 1)
    let draws = (0..<5 * 16 * 16).map { _ in random.uniform() }
    var (window, _) = SyntheticVideo.window(frames: 5, height: 16, width: 16) { t, y, x in
      draws[(t * 16 + y) * 16 + x] < 0.5
    }
    for i in draws.indices where draws[i] > 0.9 { window.planes[0].states[i] = SampleState.heldOut }
    var spoilt = window
    for i in draws.indices where spoilt.planes[0].states[i] != SampleState.known {
      spoilt.planes[0].values[i] = 7
    }
    let estimators: [any Interpolation] = [TemporalInterpolation(), SpatialInterpolation()]
    for estimator in estimators {
      let a = try estimator.estimate(window, context: EstimatorContext()).planes[0]
      let b = try estimator.estimate(spoilt, context: EstimatorContext()).planes[0]
      for i in draws.indices where window.planes[0].states[i] != SampleState.known { #expect(a[i] == b[i]) }
    }
  }

  @Test("of a frame of which nothing is known takes the interpolation in time")
  func emptyFrame() throws {
    let (window, truth) = SyntheticVideo.window(frames: 5, height: 10, width: 10, speed: 0) { t, _, _ in
      t == 2
    }
    let result = try SpatialInterpolation().estimate(window, context: EstimatorContext())
    #expect(SyntheticVideo.psnr(result, truth, in: window) > 110)
  }
}
