import Foundation
import Frames
import Kernels
import Motion
import Testing

@testable import Reconstruction

@Suite("Grain")
struct GrainTests {
  private static let (frames, height, width) = (9, 48, 56)
  private static let deviation: Float = 0.02

  private func isHole(_ y: Int, _ x: Int) -> Bool { (14..<34).contains(y) && (16..<40).contains(x) }

  /// A still picture under noise, of which a window knows all but a hole, and the picture alone.
  private func still(
    _ noise: Float, roles: [PlaneRole] = [.luma], isGrey: Bool = false
  ) -> (window: MaskedSamples, noisy: Estimate, clean: Estimate) {
    var (window, clean) = SyntheticVideo.window(
      frames: Self.frames, height: Self.height, width: Self.width, roles: roles, speed: 0
    ) { _, y, x in isHole(y, x) }
    var noisy = clean
    for p in roles.indices {
      var random = RandomSource(seed: isGrey ? 1 : UInt64(p) + 1)
      for i in noisy.planes[p].indices { noisy.planes[p][i] += noise * random.normal() }
      for i in noisy.planes[p].indices where window.planes[p].states[i] == SampleState.known {
        window.planes[p].values[i] = noisy.planes[p][i]
      }
    }
    clean = window.completed(by: clean)
    return (window, noisy, clean)
  }

  private var noMotion: FlowChain {
    let flow = FlowField(still: Self.height, Self.width)
    return FlowChain(flows: Array(repeating: flow, count: 2 * (Self.frames - 1)), threads: 1)
  }

  private func grain(strength: Double = 1, seed: UInt64 = 5, firstFrame: Int = 0) -> Grain {
    Grain(
      strength: strength, seed: seed, firstFrame: firstFrame,
      box: Box(x: 0, y: 0, width: Self.width, height: Self.height),
      format: FrameFormat(
        width: Self.width, height: Self.height, bitDepth: 8, roles: [.green, .blue, .red],
        chromaHorizontalShift: 0, chromaVerticalShift: 0))
  }

  /// What was added to the hole, plane by plane.
  private func added(_ estimate: Estimate, to clean: Estimate) -> [[Float]] {
    zip(estimate.planes, clean.planes).map { a, b in
      a.indices.filter { isHole($0 / Self.width % Self.height, $0 % Self.width) }.map { a[$0] - b[$0] }
    }
  }

  private func deviation(_ values: [Float]) -> Float {
    (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
  }

  @Test("makes up for the noise that a smooth hole lacks")
  func level() {
    let (window, _, clean) = still(Self.deviation)
    var result = clean
    let variance = grain().add(to: &result, of: window, chain: noMotion, threads: 2)
    let noise = added(result, to: clean)[0]
    #expect(abs(deviation(noise) / Self.deviation - 0.95) < 0.03, "\(deviation(noise))")
    #expect(abs(variance.squareRoot() / Double(deviation(noise)) - 1) < 0.02)
    #expect(abs(noise.reduce(0, +) / Float(noise.count)) < 0.0006)
    #expect(SyntheticVideo.isKnownKept(result, in: window))
  }

  @Test("adds no more than held-out samples err by allows")
  func bound() {
    let (window, _, clean) = still(Self.deviation)
    var bounded = grain()
    bounded.heldOut = [1e-4, 1e-4, 1e-4]
    var result = clean
    let variance = bounded.add(to: &result, of: window, chain: noMotion, threads: 2)
    #expect(abs(variance - 0.9e-4) < 1e-6)
    #expect(abs(deviation(added(result, to: clean)[0]) - 0.0095) < 0.0004)
  }

  @Test("adds a share of it where that is asked for")
  func strength() {
    let (window, _, clean) = still(Self.deviation)
    let results = [1, 0.5].map { strength in
      var result = clean
      _ = grain(strength: strength).add(to: &result, of: window, chain: noMotion, threads: 1)
      return deviation(added(result, to: clean)[0])
    }
    #expect(abs(results[1] / results[0] - 0.5) < 1e-3)
  }

  @Test("adds next to nothing to what has its noise, or where nothing has any")
  func nothing() {
    let (window, noisy, _) = still(Self.deviation)
    var result = noisy
    _ = grain().add(to: &result, of: window, chain: noMotion, threads: 1)
    #expect(deviation(added(result, to: noisy)[0]) < 0.01 * Self.deviation)
    let (silent, _, clean) = still(0)
    var unchanged = clean
    #expect(grain().add(to: &unchanged, of: silent, chain: noMotion, threads: 1) == 0)
    #expect(unchanged.planes == clean.planes)
  }

  @Test("is grey where the noise around is, and coloured where that is")
  func colours() {
    func correlation(isGrey: Bool) -> Float {
      let (window, _, clean) = still(Self.deviation, roles: [.green, .blue, .red], isGrey: isGrey)
      var result = clean
      _ = grain().add(to: &result, of: window, chain: noMotion, threads: 2)
      let noise = added(result, to: clean)
      return zip(noise[0], noise[2]).reduce(0) { $0 + $1.0 * $1.1 }
        / (Float(noise[0].count) * deviation(noise[0]) * deviation(noise[2]))
    }
    #expect(correlation(isGrey: true) > 0.999)
    #expect(abs(correlation(isGrey: false)) < 0.03)
  }

  @Test("lies in the frames and samples of the video, whatever the window, with any number of threads")
  func place() {
    let (window, _, clean) = still(Self.deviation)
    func noise(_ grain: Grain, threads: Int = 1) -> [Float] {
      var result = clean
      _ = grain.add(to: &result, of: window, chain: noMotion, threads: threads)
      return added(result, to: clean)[0]
    }
    let first = noise(grain())
    #expect(first == noise(grain(), threads: 3))
    #expect(first != noise(grain(seed: 6)))
    // A window that begins two frames later draws for its frames what the first one drew for its third and later ones.
    let count = first.count / Self.frames
    let pairs = zip(first.dropFirst(2 * count), noise(grain(firstFrame: 2)))
    #expect(pairs.allSatisfy { abs($0 - $1) < 0.1 * Self.deviation })
  }

  @Test("stands still where a frame is shown again, and is as strong as without")
  func repeated() {
    var (window, _, clean) = still(Self.deviation)
    let area = Self.height * Self.width
    for t in stride(from: 1, to: Self.frames, by: 2) {
      for i in t * area..<(t + 1) * area { window.planes[0].values[i] = window.planes[0].values[i - area] }
    }
    clean = window.completed(by: clean)
    var result = clean
    _ = grain().add(to: &result, of: window, chain: noMotion, threads: 1)
    let noise = added(result, to: clean)[0]
    let count = noise.count / Self.frames
    let frames = (0..<Self.frames).map { noise[$0 * count..<($0 + 1) * count] }
    func difference(_ a: Int, _ b: Int) -> Float {
      deviation(zip(frames[a], frames[b]).map { $0 - $1 })
    }
    #expect(difference(0, 1) == 0 && difference(2, 3) == 0)
    #expect(difference(1, 2) > 1.25 * Self.deviation)
    #expect(abs(deviation(noise) / Self.deviation - 0.95) < 0.03, "\(deviation(noise))")
  }

  @Test("is added to narrow holes where they stay, and to those of a single frame where they are wide")
  func shown() {
    func isGrained(_ isMissing: (Int, Int, Int) -> Bool) -> Bool {
      let (whole, noisy, _) = still(Self.deviation)
      let smooth = still(0).clean
      var window = whole
      window.planes[0].values = noisy.planes[0]
      for i in window.planes[0].states.indices {
        let (t, y, x) = (i / Self.width / Self.height, i / Self.width % Self.height, i % Self.width)
        window.planes[0].states[i] = isMissing(t, y, x) ? SampleState.missing : SampleState.known
      }
      // Smooth within the holes, noisy around.
      let clean = window.completed(by: smooth)
      var result = clean
      _ = grain().add(to: &result, of: window, chain: noMotion, threads: 1)
      return result.planes != clean.planes
    }
    #expect(isGrained { _, _, x in (20..<23).contains(x) })
    #expect(!isGrained { t, _, x in (10 + 4 * t..<13 + 4 * t).contains(x) })
    #expect(
      isGrained { t, y, x in (10 + 10 * (t % 3)..<16 + 10 * (t % 3)).contains(x) && (4..<24).contains(y) })
  }

}
