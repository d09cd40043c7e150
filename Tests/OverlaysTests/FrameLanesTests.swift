import Foundation
import Kernels
import Testing

@testable import Overlays

/// What is reckoned by sixteen frames at once, against the same frame by frame.
@Suite("Frames side by side")
struct FrameLanesTests {
  /// Frames that are no multiple of sixteen, of a place with a hole in its middle, with edges that some frames have.
  private static func samples(frames: Int = 37) -> PlaceSamples {
    var random = RandomSource(seed: 8)
    let (width, height) = (14, 11)
    let isHole = (0..<width * height).map { (4..<10).contains($0 % width) && (3..<8).contains($0 / width) }
    return PlaceSamples(
      width: width, height: height, isHole: isHole,
      pictures: (0..<frames).map { t in
        (0..<width * height).map { i in
          let edge: Float = t % 5 == 0 && i % width > 6 ? 60 : 0
          return (80 + edge + Float(t) + 12 * random.normal()).rounded()
        }
      })
  }

  /// Whether two values are the same but for what single precision leaves out.
  private static func isClose(_ a: Double, _ b: Double, _ scale: Double = 1) -> Bool {
    abs(a - b) <= 1e-3 * max(scale, abs(b))
  }

  @Test("frames beyond the last one are zero")
  func ends() {
    let samples = Self.samples(frames: 19)
    samples.values.withFrames(19) { values in
      for i in [0, 70, samples.area - 1] {
        for t in 0..<32 {
          #expect(values[i, t / 16][t % 16] == (t < 19 ? samples.values[i * 19 + t] : 0))
        }
      }
    }
    #expect(samples.chunks == 2 && samples.isFrame(0).sum() == 16 && samples.isFrame(1).sum() == 3)
  }

  @Test("a blur of sixteen pictures is that of each")
  func blur() {
    var random = RandomSource(seed: 4)
    var pictures = (0..<16).map { _ in (0..<12 * 9).map { _ in random.uniform() } }
    var lanes = (0..<12 * 9).map { i in FrameLanes(pictures.map { $0[i] }) }
    let blur = BoxBlur(width: 12, height: 9, radius: 2)
    blur.blur(&lanes)
    for k in pictures.indices {
      blur.blur(&pictures[k])
      #expect(lanes.map { $0[k] } == pictures[k])
    }
  }

  @Test("the picture's variance is the same as frame by frame")
  func variance() {
    let samples = Self.samples()
    let (frames, area, reach) = (samples.frames, samples.area, 2)
    var values = [Float](repeating: 1, count: area * frames)
    let blur = BoxBlur(width: samples.width, height: samples.height, radius: reach)
    let known = [1, samples.width].flatMap { step in
      (0..<area).filter { samples.isKnown($0, step) }.map { (a: $0, b: $0 + step) }
    }
    var near = [Float](repeating: 0, count: area)
    for pair in known { near[pair.b] += 1 }
    blur.blur(&near)
    for _ in 0..<4 {
      let means = known.map { a, b in
        let weights = (0..<frames).map {
          1 / (values[a * frames + $0] + 0.15) + 1 / (values[b * frames + $0] + 0.15)
        }
        let sum = (0..<frames).reduce(Float(0)) {
          $0 + weights[$1] * (samples.values[a * frames + $1] - samples.values[b * frames + $1])
        }
        return sum / weights.reduce(0, +)
      }
      for t in 0..<frames {
        var energy = [Float](repeating: 0, count: area)
        for ((a, b), mean) in zip(known, means) {
          let difference = samples.values[a * frames + t] - samples.values[b * frames + t] - mean
          energy[b] += difference * difference
        }
        let mean = energy.reduce(0, +) / Float(known.count)
        blur.blur(&energy)
        for i in 0..<area { values[i * frames + t] = 2 * (energy[i] + 0.004 * mean) / (near[i] + 0.004) }
      }
    }
    let found = PictureVariance(samples, reach: reach, threads: 2).values
    #expect(found.count == values.count && values.contains { $0 > 500 })
    for (a, b) in zip(found, values) { #expect(Self.isClose(Double(a), Double(b))) }
    #expect(PictureVariance(samples, reach: reach, threads: 1).values == found)
  }

  @Test("sums of pairs are the same as frame by frame", arguments: [false, true])
  func sums(weighed: Bool) {
    let samples = Self.samples()
    let frames = samples.frames
    let variance = PictureVariance(samples, reach: 2, threads: 1)
    let gains = (0..<samples.area).map { samples.isHole[$0] ? 1.5 : 1 }
    let found = PairSums(
      samples, variance, reach: 2, noise: .none, gains: weighed ? gains : nil, threads: 1)
    // Of two pairs, but for what all pairs are scaled by: their ratios.
    func sums(_ a: Int, _ b: Int) -> (square: Double, mean: Double) {
      let doubt = 0.15
      let expected = (0..<frames).map {
        Double(variance.values[a * frames + $0] + variance.values[b * frames + $0]) / 4 + doubt / 2
      }
      let seen = [a, b].map { i in (0..<frames).map { Double(samples.values[i * frames + $0]) } }
      let differences = (0..<frames).map { gains[a] * seen[0][$0] - gains[b] * seen[1][$0] }
      var middle = 0.0
      for round in 0..<3 {
        let trusts = (0..<frames).map { t in
          1 / (expected[t] + (round > 0 ? pow(differences[t] - middle, 2) : 0))
        }
        middle = zip(trusts, differences).reduce(0) { $0 + $1.0 * $1.1 } / trusts.reduce(0, +)
      }
      var (weights, mean, trust, trusted) = (0.0, 0.0, 0.0, 0.0)
      let factors = (0..<frames).map { t in
        weighed ? 1 / (1 + pow(differences[t] - middle, 2) / expected[t]) : 1
      }
      let each = (0..<frames).map { t -> Double in
        let (p, q) = (
          Double(variance.values[a * frames + t]), Double(variance.values[b * frames + t])
        )
        trust += factors[t] * (1 / (p + doubt) + 1 / (q + doubt))
        trusted += factors[t] * (1 / (p + doubt) + 1 / (q + doubt)) * seen[0][t]
        return factors[t] * (p / pow(p + doubt, 2) + q / pow(q + doubt, 2)) / 2
      }
      for t in 0..<frames {
        weights += each[t]
        mean += each[t] * seen[0][t]
      }
      mean /= weights
      let square = (0..<frames).reduce(0.0) { $0 + each[$1] * pow(seen[0][$1] - mean, 2) }
      return (square, trusted / trust)
    }
    let here = (a: 4 * samples.width + 5, b: 4 * samples.width + 6)
    let there = (a: 2 * samples.width + 5, b: 2 * samples.width + 6)
    let (first, second) = (sums(here.a, here.b), sums(there.a, there.b))
    #expect(Self.isClose(found.right[here.a].aa / found.right[there.a].aa, first.square / second.square))
    #expect(Self.isClose(found.right[here.a].meanA, first.mean))
    #expect(Self.isClose(found.right[there.a].meanA, second.mean))
  }
}
