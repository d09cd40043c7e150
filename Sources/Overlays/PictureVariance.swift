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
    let (area, frames, width, chunks) = (samples.area, samples.frames, samples.width, samples.chunks)
    let blur = BoxBlur(width: width, height: samples.height, radius: reach)
    let pairs = [1, width].map { step in
      (step: step, known: (0..<area).filter { samples.isKnown($0, step) })
    }
    var counts = [Float](repeating: 0, count: area)
    for pair in pairs { for i in pair.known { counts[i + pair.step] += 1 } }
    let total = max(1, counts.reduce(0, +))
    blur.blur(&counts)
    let near = counts
    // Chunk by chunk, so that each can be blurred by itself.
    var variance = [FrameLanes](repeating: FrameLanes(repeating: 1), count: area * chunks)
    for _ in 0..<Self.rounds {
      var trusts = variance.map { 1 / ($0 + Self.rounding) }
      for i in trusts.indices.suffix(area) { trusts[i] *= samples.isFrame(chunks - 1) }
      let trusted = trusts
      let means = pairs.map { pair in
        parallelMap(pair.known.count, threads: threads) {
          Self.meanDifference(samples, trusted, pair.known[$0], pair.known[$0] + pair.step)
        }
      }
      parallelFor(chunks, threads: threads, writing: &variance) { chunk, variance in
        var energy = [FrameLanes](repeating: FrameLanes(), count: area)
        var sum = FrameLanes()
        samples.values.withFrames(frames) { values in
          for (pair, means) in zip(pairs, means) {
            for (i, mean) in zip(pair.known, means) {
              let difference = values[i, chunk] - values[i + pair.step, chunk] - mean
              energy[i + pair.step] += difference * difference
              sum += difference * difference
            }
          }
        }
        let mean = sum / total
        blur.blur(&energy)
        for i in 0..<area {
          variance[chunk * area + i] = 2 * (energy[i] + Self.whole * mean) / (near[i] + Self.whole)
        }
      }
    }
    values = [Float](unsafeUninitializedCapacity: area * frames) { values, made in
      for i in 0..<area {
        for t in 0..<frames {
          let lanes = variance[t / FrameLanes.scalarCount * area + i]
          values.initializeElement(at: i * frames + t, to: lanes[t % FrameLanes.scalarCount])
        }
      }
      made = area * frames
    }
  }

  /// - Parameter trusts: by how much frames count, chunk by chunk; not at all beyond the last one.
  private static func meanDifference(_ samples: PlaceSamples, _ trusts: [FrameLanes], _ a: Int, _ b: Int)
    -> Float
  {
    let area = samples.area
    var (sum, weights) = (FrameLanes(), FrameLanes())
    samples.values.withFrames(samples.frames) { values in
      for chunk in 0..<samples.chunks {
        let weight = trusts[chunk * area + a] + trusts[chunk * area + b]
        sum += weight * (values[a, chunk] - values[b, chunk])
        weights += weight
      }
    }
    return sum.sum() / weights.sum()
  }
}
