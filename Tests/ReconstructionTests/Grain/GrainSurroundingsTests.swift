import Foundation
import Frames
import Kernels
import Motion
import Testing

@testable import Reconstruction

@Suite("Grain and what surrounds it")
struct GrainSurroundingsTests {
  private static let (frames, height, width) = (12, 64, 72)
  private static let area = height * width
  private static let deviation: Float = 0.012

  private func isHole(_ y: Int, _ x: Int) -> Bool { (20..<44).contains(y) && (22..<50).contains(x) }

  /// A picture under noise, and the picture alone, of one plane.
  private func video(
    noise: Float = deviation, _ picture: (Int, Int, Int) -> Float
  ) -> (noisy: [Float], clean: [Float]) {
    var random = RandomSource(seed: 9)
    let clean = (0..<Self.frames * Self.area).map {
      picture($0 / Self.area, $0 / Self.width % Self.height, $0 % Self.width)
    }
    return (clean.map { $0 + noise * random.normal() }, clean)
  }

  private func soft(_ t: Int, _ y: Int, _ x: Int) -> Float {
    0.4 + 0.15 * sin(Float(x) / 9) * cos(Float(y) / 11)
  }

  /// What grain adds to the missing samples of an estimate, which is what is given there.
  private func grain(
    _ values: [Float], filled: [Float], isMissing: (Int, Int, Int) -> Bool
  ) -> [Float] {
    let states = values.indices.map { i in
      isMissing(i / Self.area, i / Self.width % Self.height, i % Self.width)
        ? SampleState.missing : SampleState.known
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: Self.height, width: Self.width, values: values, states: states,
      rowPositions: (0..<Self.height).map(Float.init), columnPositions: (0..<Self.width).map(Float.init))
    let samples = MaskedSamples(
      frames: Self.frames, height: Self.height, width: Self.width, planes: [plane])
    let clean = samples.completed(by: Estimate(planes: [filled]))
    var result = clean
    let flow = FlowField(still: Self.height, Self.width)
    let chain = FlowChain(flows: Array(repeating: flow, count: 2 * (Self.frames - 1)), threads: 1)
    let grain = Grain(
      strength: 1, seed: 3, firstFrame: 0, box: Box(x: 0, y: 0, width: Self.width, height: Self.height),
      format: FrameFormat(
        width: Self.width, height: Self.height, bitDepth: 8, roles: [.luma], chromaHorizontalShift: 0,
        chromaVerticalShift: 0))
    _ = grain.add(to: &result, of: samples, chain: chain, threads: 2)
    return states.indices.filter { states[$0] == SampleState.missing }.map {
      result.planes[0][$0] - clean.planes[0][$0]
    }
  }

  private func deviation(_ values: [Float]) -> Float {
    (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
  }

  @Test("the rim of damage that reaches beyond a mask does not raise it")
  func rim() {
    let (noisy, clean) = video(soft)
    var random = RandomSource(seed: 4)
    var damaged = noisy
    for i in damaged.indices {
      let (y, x) = (i / Self.width % Self.height, i % Self.width)
      if (18..<46).contains(y) && (20..<52).contains(x) { damaged[i] += 0.08 * random.normal() }
    }
    let added = deviation(grain(damaged, filled: clean) { _, y, x in isHole(y, x) })
    #expect(abs(added / Self.deviation - 0.95) < 0.1, "\(added / Self.deviation)")
  }

  @Test("ripples around a hole are not taken for it")
  func ripples() {
    let (noisy, clean) = video { t, y, x in
      let (t, y, x) = (Float(t), Float(y), Float(x))
      return 0.5 + 0.06 * sin(0.7 * x + 0.9 * t) + 0.06 * sin(0.5 * x - 0.6 * y + 1.3 * t)
    }
    let still = video(soft).clean
    let added = deviation(grain(noisy, filled: still) { _, y, x in isHole(y, x) })
    #expect(abs(added / Self.deviation - 0.95) < 0.15, "\(added / Self.deviation)")
    let (silent, _) = video(noise: 0) { t, y, x in clean[t * Self.area + y * Self.width + x] }
    let none = deviation(grain(silent, filled: still) { _, y, x in isHole(y, x) })
    // A tenth of what the ripples deviate by.
    #expect(none < 0.006, "\(none)")
  }

  @Test("an estimate that drifts smoothly where its surroundings do still lacks it")
  func water() {
    func waves(_ t: Int, _ y: Int, _ x: Int) -> Float {
      0.5 + 0.05 * sin(Float(x) / 5 + 0.9 * Float(t)) + 0.05 * sin(Float(y) / 4 - 1.3 * Float(t))
    }
    let (noisy, clean) = video(waves)
    let added = deviation(grain(noisy, filled: clean) { _, y, x in isHole(y, x) })
    #expect(abs(added / Self.deviation - 0.95) < 0.1, "\(added / Self.deviation)")
  }

  @Test(
    "frames that are missing as a whole get what the frames beside have and they lack", arguments: [1, 2])
  func wholeFrames(run: Int) {
    let (noisy, clean) = video(soft)
    func isMissing(_ t: Int) -> Bool { t % 4 >= 4 - run && t < 11 }
    let added = deviation(grain(noisy, filled: clean) { t, _, _ in isMissing(t) })
    #expect(abs(added / Self.deviation - 0.95) < 0.06, "\(added / Self.deviation)")
    // The mean of two frames has half of it.
    var means = clean
    for i in means.indices where isMissing(i / Self.area) {
      means[i] = (noisy[i - Self.area] + noisy[min(noisy.count - 1, i + Self.area)]) / 2
    }
    guard run == 1 else { return }
    let less = deviation(grain(noisy, filled: means) { t, _, _ in isMissing(t) })
    #expect(abs(less / Self.deviation - 0.65) < 0.08, "\(less / Self.deviation)")
  }

  @Test("whole frames between others that change in nothing get none")
  func silentFrames() {
    let (_, clean) = video(soft)
    #expect(grain(clean, filled: clean) { t, _, _ in t % 4 == 2 }.allSatisfy { $0 == 0 })
  }

  @Test("no sample gets more than three deviations")
  func bound() {
    let (noisy, clean) = video { _, _, _ in 0.5 }
    let added = grain(noisy, filled: clean) { _, y, x in isHole(y, x) }
    let (largest, own) = (added.map(abs).max() ?? 0, deviation(added))
    #expect(largest > 2.5 * own && largest < 3.3 * own, "\(largest / own)")
  }
}
