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
    let frames = samples.frames
    var pairs: [(square: [Double], expected: [Double], excess: Double)] = []
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
      var differences = [Double](repeating: 0, count: frames)
      var expected = differences
      var (sum, weights) = (0.0, 0.0)
      for t in 0..<frames {
        differences[t] =
          gains[a] * Double(samples.values[a * frames + t]) - gains[b]
          * Double(samples.values[b * frames + t])
        expected[t] = Double(variance.values[a * frames + t] + variance.values[b * frames + t]) / 4
        sum += differences[t] / (expected[t] + 1)
        weights += 1 / (expected[t] + 1)
      }
      let mean = weights > 0 ? sum / weights : 0
      let gain = (gains[a] + gains[b]) / 2
      pairs.append((differences.map { ($0 - mean) * ($0 - mean) }, expected, (gain * gain - 1) / 2))
    }
    if pairs.count < 30 { return candidates[0] }
    var best = (cost: Double.infinity, noise: candidates[0])
    var share = 1.0
    for noise in candidates {
      let cost = cost(noise, &share, pairs)
      if cost < best.cost { best = (cost, noise) }
    }
    return best.noise
  }

  private static let mostPairs = 600
  private static let mostRounds = 8

  /// Minus the log-likelihood.
  ///
  /// - Parameter share: of the picture's variance, the likeliest one for this noise; looked for from what it was before.
  private static func cost(
    _ noise: Double, _ share: inout Double, _ pairs: [(square: [Double], expected: [Double], excess: Double)]
  ) -> Double {
    for _ in 0..<mostRounds {
      var (ratios, weights) = (0.0, 0.0)
      for pair in pairs {
        for t in pair.square.indices {
          let whole = share * pair.expected[t] + noise * pair.excess + 1e-3
          let part = pair.expected[t] / whole
          ratios += part * pair.square[t] / whole
          weights += part
        }
      }
      if weights <= 0 { break }
      let change = min(max(ratios / weights, 0.3), 3)
      share *= change
      if abs(change - 1) < 0.01 { break }
    }
    var (cost, count) = (0.0, 0.0)
    for pair in pairs {
      for t in pair.square.indices {
        let whole = share * pair.expected[t] + noise * pair.excess + 1e-3
        cost += pair.square[t] / whole + log(whole)
        count += 1
      }
    }
    return cost / count
  }
}
