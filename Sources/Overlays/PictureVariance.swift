import Kernels

/// How much the picture differs from pixel to pixel around an overlay's place, in each frame: what is expected of the picture
/// beneath it.
///
/// Differences that stay the same over time say nothing about opacity, so their mean over time is taken away first.
struct PictureVariance: Sendable {
  /// For each pixel and frame, as `PlaceSamples.values`: twice the mean square of a difference between neighbours, which is
  /// the variance of a pixel about its neighbours.
  let values: [Float]

  /// Added to the variance, in squares of steps: rounding.
  static let rounding: Float = 0.15
  private static let rounds = 4
  /// How much the mean over the whole place counts against what is near.
  private static let whole: Float = 0.004

  init(_ samples: PlaceSamples, reach: Int, threads: Int) {
    let (area, frames, width) = (samples.area, samples.frames, samples.width)
    let blur = BoxBlur(width: width, height: samples.height, radius: reach)
    let steps = [1, width]
    let known = steps.map { step in (0..<area).map { samples.isKnown($0, step) } }
    var counts = [Float](repeating: 0, count: area)
    for (k, step) in steps.enumerated() {
      for i in 0..<area where known[k][i] { counts[i + step] += 1 }
    }
    let total = max(1, counts.reduce(0, +))
    var near = counts
    blur.blur(&near)
    var variance = [Float](repeating: 1, count: area * frames)
    for _ in 0..<Self.rounds {
      let (last, blurred) = (variance, near)
      let means = parallelMap(area, threads: threads) { i in
        steps.enumerated().map { k, step in
          known[k][i] ? Self.meanDifference(samples, last, i, i + step) : 0
        }
      }
      parallelFor(frames, threads: threads, writing: &variance) { t, variance in
        var energy = [Float](repeating: 0, count: area)
        var sum: Float = 0
        for (k, step) in steps.enumerated() {
          for i in 0..<area where known[k][i] {
            let difference =
              samples.values[i * frames + t] - samples.values[(i + step) * frames + t] - means[i][k]
            energy[i + step] += difference * difference
            sum += difference * difference
          }
        }
        let mean = sum / total
        blur.blur(&energy)
        for i in 0..<area {
          variance[i * frames + t] = 2 * (energy[i] + Self.whole * mean) / (blurred[i] + Self.whole)
        }
      }
    }
    values = variance
  }

  private static func meanDifference(_ samples: PlaceSamples, _ variance: [Float], _ a: Int, _ b: Int)
    -> Float
  {
    let frames = samples.frames
    var (sum, weights) = (0.0, 0.0)
    for t in 0..<frames {
      let weight = Double(
        1 / (variance[a * frames + t] + rounding) + 1 / (variance[b * frames + t] + rounding))
      sum += weight * Double(samples.values[a * frames + t] - samples.values[b * frames + t])
      weights += weight
    }
    return Float(sum / weights)
  }
}
