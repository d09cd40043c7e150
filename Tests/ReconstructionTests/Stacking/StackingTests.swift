import Frames
import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("Stacking by hold-out")
struct StackingTests {
  @Test("weights are the constrained minimum of the error's quadratic form")
  func convexMinimum() {
    var random = RandomSource(seed: 4)
    for count in 1...5 {
      // Second moments of random errors.
      let errors = (0..<40).map { _ in
        (0..<count).map { e in Double(random.uniform(bound: 1)) * Double(e + 1) }
      }
      var moments = [Double](repeating: 0, count: count * count)
      for e in errors {
        for i in 0..<count {
          for j in 0..<count { moments[i * count + j] += e[i] * e[j] }
        }
      }
      let w = convexWeights(moments: moments, count: count)
      #expect(w.allSatisfy { $0 >= 0 } && abs(w.reduce(0, +) - 1) < 1e-9)
      func value(_ w: [Double]) -> Double {
        (0..<count * count).reduce(0) { $0 + w[$1 / count] * w[$1 % count] * moments[$1] }
      }
      for _ in 0..<200 {
        let draw = (0..<count).map { _ in Double(random.uniform()) + 1e-9 }
        let other = draw.map { $0 / draw.reduce(0, +) }
        #expect(value(w) <= value(other) * 1.002)
      }
    }
  }

  /// Two estimates of one truth: the first good on the left, the second on the right.
  private func halves() -> (window: MaskedSamples, truth: Estimate, estimates: [Estimate]) {
    var random = RandomSource(seed: 6)
    let (frames, height, width) = (8, 32, 96)
    let draws = (0..<frames * height * width).map { _ in random.uniform() }
    var (window, truth) = SyntheticVideo.window(frames: frames, height: height, width: width) { t, y, x in
      draws[(t * height + y) * width + x] < 0.5
    }
    var estimates = [truth, truth]
    for i in draws.indices {
      if draws[i] > 0.9 { window.planes[0].states[i] = SampleState.heldOut }
      estimates[0].planes[0][i] += random.uniform(bound: i % width < width / 2 ? 0.01 : 0.1)
      estimates[1].planes[0][i] += random.uniform(bound: i % width < width / 2 ? 0.1 : 0.01)
    }
    return (window, truth, estimates)
  }

  @Test("takes each estimator where it is good, and beats both")
  func local() {
    let (window, truth, estimates) = halves()
    let stacking = Stacking(
      ids: ["left", "right"].map { EstimatorID($0) }, estimates: estimates, samples: window)
    let blend = stacking.stack(estimates, in: window, threads: 2)
    let best = estimates.map { SyntheticVideo.psnr($0, truth, in: window) }.max() ?? 0
    #expect(SyntheticVideo.psnr(blend, truth, in: window) > best + 8.5)
    let field = stacking.fields[0]
    #expect(field.row(t: 3, y: 9, width: 96)[2 * 4] > 0.88)
    #expect(field.row(t: 3, y: 9, width: 96)[2 * 90] < 0.11)
  }

  @Test("reports an error on hold-out samples close to the error on the missing ones")
  func honest() throws {
    let (window, truth, estimates) = halves()
    let stacking = Stacking(
      ids: ["left", "right"].map { EstimatorID($0) }, estimates: estimates, samples: window)
    let blend = stacking.stack(estimates, in: window, threads: 1)
    let missing = SyntheticVideo.psnr(blend, truth, in: window)
    let reported = try #require(stacking.heldOut.psnr)
    #expect(stacking.judged.count == 1 && stacking.heldOut.samples == window.count(of: SampleState.heldOut))
    #expect(abs(missing - reported) < 0.6, "\(missing) dB, reported \(reported) dB")
  }

  @Test("does far better on the hold-out samples than the best single estimator, whatever else is stacked")
  func neverWorse() {
    var (window, _, estimates) = halves()
    // One useless estimator more.
    estimates.append(Estimate(planes: [Array(repeating: 0.5, count: estimates[0].planes[0].count)]))
    for i in window.planes[0].states.indices
    where i % 7 == 0 && window.planes[0].states[i] == SampleState.known {
      window.planes[0].states[i] = SampleState.heldOut
    }
    let stacking = Stacking(
      ids: ["a", "b", "c"].map { EstimatorID($0) }, estimates: estimates, samples: window)
    let errors = estimates.map { estimate in
      zip(zip(estimate.planes[0], window.planes[0].values), window.planes[0].states).reduce(0.0) { sum, s in
        let d = Double(s.0.0 - s.0.1)
        return s.1 == SampleState.heldOut ? sum + d * d : sum
      }
    }
    #expect(stacking.heldOut.squares < (errors.min() ?? 0) * 0.15)
    #expect((stacking.meanWeights[EstimatorID("c")] ?? 1) < 0.02)
  }

  @Test("planes of different sizes have weights of their own")
  func planes() {
    var (window, truth, estimates) = halves()
    let (chroma, colour) = SyntheticVideo.window(frames: 8, height: 16, width: 48) { _, _, x in x % 2 == 0 }
    window.planes += chroma.planes
    truth.planes += colour.planes
    var random = RandomSource(seed: 7)
    // The first is good in one plane, the second in the other.
    for k in 0..<2 {
      for (p, plane) in truth.planes.enumerated() {
        estimates[k].planes =
          Array(estimates[k].planes.prefix(p)) + [
            plane.map { $0 + random.uniform(bound: k == p ? 0.01 : 0.1) }
          ]
      }
    }
    for i in window.planes[1].states.indices
    where i % 7 == 0 && window.planes[1].states[i] == SampleState.known {
      window.planes[1].states[i] = SampleState.heldOut
    }
    let stacking = Stacking(
      ids: ["first", "second"].map { EstimatorID($0) }, estimates: estimates, samples: window)
    #expect(stacking.fields[0].means[0] > 0.9 && stacking.fields[1].means[1] > 0.9)
    let stacked = stacking.stack(estimates, in: window, threads: 1)
    for (values, right) in zip(stacked.planes, truth.planes) {
      #expect(zip(values, right).allSatisfy { abs($0 - $1) < 0.03 })
    }
  }

  @Test("what lies beyond the range of samples counts as its end")
  func range() {
    let (window, _) = SyntheticVideo.window(frames: 2, height: 3, width: 4) { _, _, x in x > 1 }
    let estimate = Estimate(planes: [window.planes[0].values.indices.map { $0 % 4 == 2 ? -0.5 : 1.5 }])
    let stacking = Stacking(ids: [EstimatorID("a")], estimates: [estimate], samples: window)
    let stacked = stacking.stack([estimate], in: window, threads: 1).planes[0]
    for i in stacked.indices where i % 4 > 1 { #expect(stacked[i] == (i % 4 == 2 ? 0 : 1)) }
  }

  @Test("weights at samples are convex and change slowly")
  func smooth() {
    let (window, _, estimates) = halves()
    let field = Stacking(ids: ["a", "b"].map { EstimatorID($0) }, estimates: estimates, samples: window)
      .fields[0]
    for t in 0..<8 {
      let row = field.row(t: t, y: 20, width: 96)
      for x in 0..<96 {
        #expect(abs(row[2 * x] + row[2 * x + 1] - 1) < 1e-5)
        if x > 0 { #expect(abs(row[2 * x] - row[2 * x - 2]) < 1.01 / Float(WeightField.cell.x)) }
      }
    }
  }
}
