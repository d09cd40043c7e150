import Foundation
import Frames
import Kernels
import Testing

@testable import Reconstruction

@Suite struct LevelLineInterpolationTests {
  private func window(
    _ frames: Int, _ height: Int, _ width: Int, planes: Int = 1, value: (Int, Int, Int) -> Double,
    missing: (Int, Int, Int) -> Bool
  ) -> (window: MaskedSamples, truth: [Float]) {
    let places = (0..<frames * height * width).map {
      ($0 / (height * width), $0 / width % height, $0 % width)
    }
    let truth = places.map { Float(value($0.0, $0.1, $0.2)) }
    let states = places.map { missing($0.0, $0.1, $0.2) ? SampleState.missing : SampleState.known }
    let plane = MaskedSamples.Plane(
      role: .luma, height: height, width: width,
      values: zip(truth, states).map { $1 == SampleState.known ? $0 : 0 }, states: states,
      rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init))
    return (
      MaskedSamples(
        frames: frames, height: height, width: width, planes: Array(repeating: plane, count: planes)), truth
    )
  }

  private func error(_ estimate: Estimate, _ truth: [Float], in window: MaskedSamples, plane: Int = 0)
    -> Double
  {
    let places = truth.indices.filter { window.planes[plane].states[$0] != SampleState.known }
    let sum = places.reduce(0.0) {
      $0 + pow(Double(max(0, min(1, estimate.planes[plane][$1])) - truth[$1]), 2)
    }
    return (sum / Double(max(1, places.count))).squareRoot()
  }

  private func edge(_ distance: Double) -> Double { 0.5 + 0.4 * tanh(distance) }

  @Test func aLineGoesOnThroughAWideHole() throws {
    // Three stripes that lean, with a hole of 22 x 22 in the middle of them.
    let (window, truth) = window(2, 56, 56) { t, y, x in
      edge(8 * sin((0.6 * Double(x) + 0.8 * Double(y)) / 8 + 0.1 * Double(t)))
    } missing: { _, y, x in
      (17..<39).contains(y) && (17..<39).contains(x)
    }
    let context = EstimatorContext(threads: 2)
    let lines = try LevelLineInterpolation.lines(steps: 20).estimate(window, context: context)
    let spatial = try SpatialInterpolation().estimate(window, context: context)
    #expect(error(lines, truth, in: window) < 0.25 * error(spatial, truth, in: window))
  }

  @Test func leaningSurfacesJoinSlices() throws {
    // The edge moves by a column and a half from slice to slice.
    let (window, truth) = window(15, 20, 48) { t, y, x in
      edge((Double(x) - 1.5 * Double(t) - 12 - 3 * sin(0.3 * Double(y))) * 0.8)
    } missing: { t, _, _ in
      t % 2 == 1
    }
    let context = EstimatorContext(threads: 2)
    let surfaces = try LevelLineInterpolation.surfaces(steps: 200).estimate(window, context: context)
    let spline = try SplineInterpolation().estimate(window, context: context)
    #expect(error(surfaces, truth, in: window) < 0.58 * error(spline, truth, in: window))
  }

  @Test func knownSamplesStayAndThreadsDoNotMatter() throws {
    let (window, truth) = window(5, 33, 41, planes: 2) { t, y, x in
      edge(sin(0.3 * Double(x) + 0.2 * Double(y) - 0.4 * Double(t)))
    } missing: { t, y, x in
      (t * 7 + y * 5 + x * 3) % 4 != 0 || (8..<20).contains(y) && (9..<24).contains(x)
    }
    for estimator in [LevelLineInterpolation.surfaces(steps: 30), .lines(steps: 20)] {
      let one = try estimator.estimate(window, context: EstimatorContext(threads: 1))
      let three = try estimator.estimate(window, context: EstimatorContext(threads: 3))
      #expect(one.planes == three.planes)
      #expect(one.planes[0] == one.planes[1])
      for i in truth.indices where window.planes[0].states[i] == SampleState.known {
        #expect(one.planes[0][i] == truth[i])
      }
    }
  }

  @Test func moreKnownSamplesContinueAnEarlierEstimate() throws {
    let (all, truth) = window(3, 48, 48) { t, y, x in
      edge(sin(0.25 * Double(x) + 0.15 * Double(y) - 0.2 * Double(t)))
    } missing: { _, y, x in
      (12..<26).contains(y) && (14..<30).contains(x)
    }
    var fewer = all
    for i in truth.indices where (30..<40).contains(i / 48 % 48) && (30..<44).contains(i % 48) {
      fewer.planes[0].states[i] = SampleState.heldOut
    }
    let context = EstimatorContext(threads: 2)
    for (estimator, most) in [(LevelLineInterpolation.surfaces(steps: 60), 1.02), (.lines(steps: 20), 1.28)] {
      let earlier = try estimator.estimate(fewer, context: context)
      let later = try estimator.estimate(all, after: earlier, context: context)
      let anew = try estimator.estimate(all, context: context)
      #expect(error(later, truth, in: all) < most * error(anew, truth, in: all))
      // What was held out is known now.
      for i in truth.indices where fewer.planes[0].states[i] == SampleState.heldOut {
        #expect(later.planes[0][i] == truth[i])
      }
    }
  }

  @Test func framesOfWhichNothingIsKnownAreInterpolatedInTime() throws {
    let (window, truth) = window(5, 24, 24) { t, y, x in
      0.2 + 0.1 * Double(t) + 0.2 * sin(0.2 * Double(x))
    } missing: { t, y, x in
      t == 2 || (8..<14).contains(y) && (8..<14).contains(x)
    }
    let lines = try LevelLineInterpolation.lines(steps: 20).estimate(window, context: EstimatorContext())
    #expect(lines.planes[0].allSatisfy { $0.isFinite })
    #expect(error(lines, truth, in: window) < 0.0045)
  }

  @Test func nothingKnownIsNoReasonToFail() throws {
    let (window, _) = window(3, 17, 19) { _, _, _ in
      0.5
    } missing: { _, _, _ in
      true
    }
    for estimator in [LevelLineInterpolation.surfaces(steps: 30), .lines(steps: 20)] {
      let estimate = try estimator.estimate(window, context: EstimatorContext())
      #expect(estimate.planes[0].allSatisfy { $0.isFinite })
    }
  }

  @Test func cancellingStopsASearch() {
    let (window, _) = window(3, 30, 30) { t, y, x in
      edge(Double(x - y))
    } missing: { _, y, _ in
      y > 10
    }
    var context = EstimatorContext()
    context.isCancelled = { true }
    #expect(throws: RestorationError.self) {
      try LevelLineInterpolation.surfaces(steps: 30).estimate(window, context: context)
    }
  }

  @Test func halvedPicturesKeepStraightSlopes() {
    let shape = (frames: 2, height: 13, width: 18)
    let slope = (0..<2 * 13 * 18).map { i -> Float in
      let (y, x) = (Float(i / 18 % 13), Float(i % 18))
      return 0.1 + 0.02 * y + 0.03 * x
    }
    let known = [UInt8](repeating: SampleState.known, count: slope.count)
    let coarse = LevelLineGrid(shape: shape, states: known, signals: [slope]).halved(byFrame: true)
    #expect(coarse.shape == (2, 7, 9))
    var fine = LevelLineGrid(
      shape: shape, states: known.map { _ in SampleState.missing }, signals: [slope.map { _ in 0 }])
    fine.fill(from: coarse)
    for i in slope.indices where (4..<9).contains(i / 18 % 13) && (4..<14).contains(i % 18) {
      #expect(abs(fine.signals[0][i] - slope[i]) < 1e-5)
    }
  }
}
