import Kernels

/// Sums over frames for each pair of neighbouring pixels, from which opacity and colour follow: frames are not looked at again.
///
/// A pair is a pixel `a` and the one beside it or below it, `b`; frames count by how little the picture differs there.
struct PairSums: Sendable {
  /// Of one pair.
  struct Sums: Sendable {
    /// Squares and product of how `a` and `b` change over time, weighted.
    var (aa, bb, ab) = (0.0, 0.0, 0.0)
    /// The weighted means of `a` and `b`, and how much their difference counts.
    var (meanA, meanB, weight) = (0.0, 0.0, 0.0)
    /// The weights of `aa`, `bb` and `ab`, added up.
    var weights = 0.0
  }

  /// For each pixel, its pair with the one beside it and with the one below.
  private(set) var right: [Sums]
  private(set) var below: [Sums]
  /// For each pixel, how many squares of unit variance `aa` is expected to sum were nothing in the way.
  private(set) var expected: [Double]
  /// How many frames the picture's changes are worth: few of a still scene, however long it is.
  let effectiveFrames: Double

  /// - Parameters:
  ///   - level: the level of what coding added, and by how much unblending raises it.
  ///   - gains: those of a first estimate, with which frames in which an edge of the scene crosses a pair are told; they
  ///     hardly count then.
  init(
    _ samples: PlaceSamples, _ variance: PictureVariance, reach: Int, noise level: NoiseLevel,
    gains: [Double]? = nil, threads: Int
  ) {
    let (area, frames) = (samples.area, samples.frames)
    let (noise, gain) = (Float(level.variance), level.gain)
    let doubt = noise * (gain * gain - 1) + PictureVariance.rounding
    // What coding adds to a sample's square after unblending is no change of the picture.
    let excess = noise > 0.4 ? Double(noise / 4 * (1 - 1 / (gain * gain))) : 0
    let sums = [1, samples.width].map { step in
      parallelMap(area, threads: threads) { i in
        samples.isPair(i, step)
          ? Self.sums(
            samples, variance.values, i, i + step, doubt: doubt,
            gains: gains.map { (Float($0[i]), Float($0[i + step])) }) : Sums()
      }
    }
    let expected = parallelMap(area, threads: threads) { i in
      var sum = 0.0
      for t in 0..<frames {
        let square = variance.values[i * frames + t]
        let whole = square + doubt
        sum += Double(square / whole * square / whole)
      }
      return sum
    }
    (right, below, self.expected) = (sums[0], sums[1], expected)
    // Known pixels show how far sums of squares lie from what is expected of them.
    let (mean, spread) = Self.dispersion(samples, sums, expected)
    effectiveFrames = min(Double(frames), 2 / max(spread, 1e-6))
    let share = effectiveFrames / Double(max(1, frames))
    for i in 0..<area {
      self.expected[i] *= share * mean * (1 - 1 / Double(max(2, frames)))
      right[i].scale(share, excess: excess)
      below[i].scale(share, excess: excess)
    }
    correctMeans(samples, sums, reach: reach)
  }

  private static func sums(
    _ samples: PlaceSamples, _ variance: [Float], _ a: Int, _ b: Int, doubt: Float,
    gains: (a: Float, b: Float)?
  ) -> Sums {
    let frames = samples.frames
    var (w, wa, wb, waa, wbb, wab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var (v, va, vb) = (0.0, 0.0, 0.0)
    samples.values.withUnsafeBufferPointer { values in
      variance.withUnsafeBufferPointer { variance in
        // By how much the difference beneath exceeds what is expected of it, about its mean over frames.
        func difference(_ t: Int, _ gains: (a: Float, b: Float)) -> Float {
          gains.a * values[a * frames + t] - gains.b * values[b * frames + t]
        }
        func expected(_ t: Int) -> Float {
          (variance[a * frames + t] + variance[b * frames + t]) / 4 + doubt / 2
        }
        var middle: Float = 0
        if let gains {
          for round in 0..<3 {
            var (sum, whole) = (Float(0), Float(0))
            for t in 0..<frames {
              let seen = difference(t, gains)
              let rest = round > 0 ? seen - middle : 0
              let trust = 1 / (expected(t) + rest * rest)
              sum += trust * seen
              whole += trust
            }
            middle = sum / whole
          }
        }
        for t in 0..<frames {
          var factor = 1.0
          if let gains {
            let rest = difference(t, gains) - middle
            factor = Double(1 / (1 + rest * rest / expected(t)))
          }
          let (x, y) = (Double(values[a * frames + t]), Double(values[b * frames + t]))
          let (p, q) = (variance[a * frames + t], variance[b * frames + t])
          let (r, s) = (1 / (p + doubt), 1 / (q + doubt))
          let weight = factor * Double(p * r * r + q * s * s) / 2
          let trust = factor * Double(r + s) / 2
          w += weight
          wa += weight * x
          wb += weight * y
          waa += weight * x * x
          wbb += weight * y * y
          wab += weight * x * y
          v += trust
          va += trust * x
          vb += trust * y
        }
      }
    }
    if w <= 0 || v <= 0 { return Sums() }
    return Sums(
      aa: max(0, waa - wa * wa / w), bb: max(0, wbb - wb * wb / w), ab: wab - wa * wb / w, meanA: va / v,
      meanB: vb / v, weight: v, weights: w)
  }

  /// The mean of known pixels' sums of squares over what is expected, and their variance about it over its square.
  private static func dispersion(_ samples: PlaceSamples, _ sums: [[Sums]], _ expected: [Double])
    -> (mean: Double, spread: Double)
  {
    let steps = [1, samples.width]
    var energies = [Double](repeating: 0, count: samples.area)
    var counts = [Int](repeating: 0, count: samples.area)
    for (k, step) in steps.enumerated() {
      for i in 0..<samples.area where samples.isKnown(i, step) {
        let energy = (sums[k][i].aa + sums[k][i].bb - 2 * sums[k][i].ab) / 2
        for j in [i, i + step] {
          energies[j] += energy
          counts[j] += 1
        }
      }
    }
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for i in 0..<samples.area where counts[i] == 4 && expected[i] > 0 {
      let ratio = energies[i] / expected[i]
      count += 1
      sum += ratio
      squares += ratio * ratio
    }
    if count < 16 || sum <= 0 { return (1, 2) }
    let mean = sum / count
    return (mean, max(0, squares / count / (mean * mean) - 1))
  }

  /// Means over time of differences count by how much those of known pixels exceed what independent frames would have.
  private mutating func correctMeans(_ samples: PlaceSamples, _ sums: [[Sums]], reach: Int) {
    let area = samples.area
    var excess = [Float](repeating: 0, count: area)
    var counts = excess
    var (total, number) = (0.0, 0.0)
    for (k, step) in [1, samples.width].enumerated() {
      for i in 0..<area where samples.isKnown(i, step) {
        let pair = sums[k][i]
        let difference = pair.meanA - pair.meanB
        let square = pair.weight * difference * difference
        total += square
        number += 1
        for j in [i, i + step] {
          excess[j] += Float(square)
          counts[j] += 1
        }
      }
    }
    let mean = Float(number > 0 ? total / number : 1)
    let blur = BoxBlur(width: samples.width, height: samples.height, radius: reach + reach / 2)
    blur.blur(&excess)
    blur.blur(&counts)
    let factors = (0..<area).map { Double(max(1, 2 * (excess[$0] + 0.02 * mean) / (counts[$0] + 0.02))) }
    for i in 0..<area {
      if samples.isPair(i, 1) { right[i].weight /= (factors[i] + factors[i + 1]) / 2 }
      if samples.isPair(i, samples.width) {
        below[i].weight /= (factors[i] + factors[i + samples.width]) / 2
      }
    }
  }
}

extension PairSums.Sums {
  /// Half of each square is left: a pixel that seems never to change would be stretched without end.
  fileprivate mutating func scale(_ share: Double, excess: Double) {
    aa = max(aa / 2, aa - excess * weights) * share
    bb = max(bb / 2, bb - excess * weights) * share
    ab *= share
  }
}
