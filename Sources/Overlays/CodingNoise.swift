import Foundation

/// What coding added to an overlay's pixels after the overlay was laid on the picture.
///
/// Noise of the picture is dimmed by an overlay with the picture, that of coding is not: in frames in which little is to be seen
/// beneath, stretching leaves more than around. The likeliest amount of it is looked for.
enum CodingNoise {
  private static let candidates: [Double] = [
    0.2, 0.33, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24,
  ]

  /// The noise's variance of a pixel about its neighbours, in squares of steps.
  static func variance(
    _ samples: PlaceSamples, _ variance: PictureVariance, gains: [Double]
  ) -> Double {
    var pairs: [Pair] = []
    let used = [1, samples.width].flatMap { step in
      (0..<samples.area).filter {
        samples.isPair($0, step) && samples.isHole[$0] && samples.isHole[$0 + step] && gains[$0] > 1.1
          && gains[$0 + step] > 1.1
      }.map { ($0, $0 + step) }
    }
    // Enough to tell: regularly chosen where there are many.
    let stride = max(1, used.count / mostPairs)
    for k in Swift.stride(from: 0, to: used.count, by: stride) {
      let (a, b) = used[k]
      pairs.append(Pair(samples, variance, a, b, gains: (Float(gains[a]), Float(gains[b]))))
    }
    if pairs.count < 30 { return candidates[0] }
    let ends = samples.isFrame(samples.chunks - 1)
    var best = (cost: Float.infinity, noise: candidates[0])
    var share: Float = 1
    for noise in candidates {
      let cost = cost(Float(noise), &share, pairs, ends: ends)
      if cost < best.cost { best = (cost, noise) }
    }
    return best.noise
  }

  private static let mostPairs = 600
  private static let mostRounds = 8
  /// Added to what is expected of a square, which may be nothing.
  private static let least: Float = 1e-3

  /// Two neighbours, sixteen frames at once; zero beyond the last one.
  private struct Pair {
    /// Of the difference beneath about its mean over frames: its square, and what is expected of it.
    var squares: [FrameLanes]
    var expected: [FrameLanes]
    /// By how much coding's noise is raised in it.
    var excess: Float

    init(
      _ samples: PlaceSamples, _ variance: PictureVariance, _ a: Int, _ b: Int, gains: (a: Float, b: Float)
    ) {
      let (frames, chunks) = (samples.frames, samples.chunks)
      let differences = samples.values.withFrames(frames) { seen in
        (0..<chunks).map { gains.a * seen[a, $0] - gains.b * seen[b, $0] }
      }
      expected = variance.values.withFrames(frames) { variance in
        (0..<chunks).map { (variance[a, $0] + variance[b, $0]) / 4 }
      }
      var (sum, weights) = (FrameLanes(), FrameLanes())
      for chunk in 0..<chunks {
        let weight = samples.isFrame(chunk) / (expected[chunk] + 1)
        sum += weight * differences[chunk]
        weights += weight
      }
      let mean = sum.sum() / weights.sum()
      squares = differences.map { ($0 - mean) * ($0 - mean) }
      if chunks > 0 { squares[chunks - 1] *= samples.isFrame(chunks - 1) }
      let gain = (gains.a + gains.b) / 2
      excess = (gain * gain - 1) / 2
    }
  }

  /// Minus the log-likelihood.
  ///
  /// - Parameters:
  ///   - share: of the picture's variance, the likeliest one for this noise; looked for from what it was before.
  ///   - ends: ones where the last chunk has frames.
  private static func cost(_ noise: Float, _ share: inout Float, _ pairs: [Pair], ends: FrameLanes) -> Float {
    for _ in 0..<mostRounds {
      var (ratios, weights) = (0.0, 0.0)
      for pair in pairs {
        var (ratio, weight) = (FrameLanes(), FrameLanes())
        for (square, expected) in zip(pair.squares, pair.expected) {
          let whole = share * expected + (noise * pair.excess + least)
          let part = expected / whole
          ratio += part * square / whole
          weight += part
        }
        ratios += Double(ratio.sum())
        weights += Double(weight.sum())
      }
      if weights <= 0 { break }
      let change = Float(min(max(ratios / weights, 0.3), 3))
      share *= change
      if abs(change - 1) < 0.01 { break }
    }
    var (cost, count) = (0.0, 0.0)
    for pair in pairs {
      var (sum, logs) = (FrameLanes(), 0.0)
      // One logarithm for two chunks: the product of two variances is far from what single precision ends at.
      var product = FrameLanes(repeating: 1)
      for (chunk, (square, expected)) in zip(pair.squares, pair.expected).enumerated() {
        let whole = share * expected + (noise * pair.excess + least)
        sum += square / whole
        product *= chunk == pair.squares.count - 1 ? whole.replacing(with: 1, where: ends .== 0) : whole
        if chunk % 2 == 1 || chunk == pair.squares.count - 1 {
          for k in 0..<FrameLanes.scalarCount { logs += Double(log(product[k])) }
          product = FrameLanes(repeating: 1)
        }
      }
      cost += Double(sum.sum()) + logs
      count += Double((pair.squares.count - 1) * FrameLanes.scalarCount) + Double(ends.sum())
    }
    return Float(cost / count)
  }
}
