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
            samples, variance, i, i + step, doubt: doubt,
            gains: gains.map { (Float($0[i]), Float($0[i + step])) }) : Sums()
      }
    }
    let expected = parallelMap(area, threads: threads) { i in
      variance.values.withFrames(frames) { variance in
        var sum = FrameLanes()
        for chunk in 0..<samples.chunks {
          let part = variance[i, chunk] / (variance[i, chunk] + doubt)
          sum += part * part
        }
        return Double(sum.sum())
      }
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
    _ samples: PlaceSamples, _ variance: PictureVariance, _ a: Int, _ b: Int, doubt: Float,
    gains: (a: Float, b: Float)?
  ) -> Sums {
    let frames = samples.frames
    return samples.values.withFrames(frames) { values in
      variance.values.withFrames(frames) { variance in
        let pair = Pair(
          seen: values, variance: variance, a: a, b: b, chunks: samples.chunks,
          ends: samples.isFrame(samples.chunks - 1), doubt: doubt)
        return pair.sums(gains: gains, frames: Float(frames))
      }
    }
  }

  /// What two pixels show, sixteen frames at once.
  private struct Pair {
    let seen: FrameValues
    let variance: FrameValues
    let (a, b): (Int, Int)
    let chunks: Int
    /// Ones where the last chunk has frames.
    let ends: FrameLanes
    let doubt: Float

    private func isFrame(_ chunk: Int) -> FrameLanes {
      chunk == chunks - 1 ? ends : FrameLanes(repeating: 1)
    }

    /// The mean square that is expected of the difference beneath.
    private func expected(_ chunk: Int) -> FrameLanes {
      (variance[a, chunk] + variance[b, chunk]) / 4 + doubt / 2
    }

    private func difference(_ chunk: Int, _ gains: (a: Float, b: Float)) -> FrameLanes {
      gains.a * seen[a, chunk] - gains.b * seen[b, chunk]
    }

    /// The mean over frames of the difference beneath, hardly minding those in which an edge of the scene lies there.
    private func middle(_ gains: (a: Float, b: Float)) -> Float {
      var middle: Float = 0
      for round in 0..<3 {
        var (sum, whole) = (FrameLanes(), FrameLanes())
        for chunk in 0..<chunks {
          let difference = difference(chunk, gains)
          let rest = round > 0 ? difference - middle : FrameLanes()
          let trust = isFrame(chunk) / (expected(chunk) + rest * rest)
          sum += trust * difference
          whole += trust
        }
        middle = sum.sum() / whole.sum()
      }
      return middle
    }

    func sums(gains: (a: Float, b: Float)?, frames: Float) -> Sums {
      // About the mean over frames, single precision is enough for sums of squares.
      var (allA, allB) = (FrameLanes(), FrameLanes())
      for chunk in 0..<chunks {
        allA += seen[a, chunk]
        allB += seen[b, chunk]
      }
      let (meanA, meanB) = (allA.sum() / frames, allB.sum() / frames)
      let middle = gains.map { self.middle($0) } ?? 0
      let none = FrameLanes()
      var (w, wa, wb, waa, wbb, wab) = (none, none, none, none, none, none)
      var (v, va, vb) = (none, none, none)
      for chunk in 0..<chunks {
        var factor = isFrame(chunk)
        if let gains {
          let rest = difference(chunk, gains) - middle
          factor /= 1 + rest * rest / expected(chunk)
        }
        let (x, y) = (seen[a, chunk] - meanA, seen[b, chunk] - meanB)
        let (p, q) = (variance[a, chunk], variance[b, chunk])
        let (r, s) = (1 / (p + doubt), 1 / (q + doubt))
        let weight = factor * (p * r * r + q * s * s) / 2
        let trust = factor * (r + s) / 2
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
      func sum(_ lanes: FrameLanes) -> Double { Double(lanes.sum()) }
      if sum(w) <= 0 || sum(v) <= 0 { return Sums() }
      return Sums(
        aa: max(0, sum(waa) - sum(wa) * sum(wa) / sum(w)), bb: max(0, sum(wbb) - sum(wb) * sum(wb) / sum(w)),
        ab: sum(wab) - sum(wa) * sum(wb) / sum(w), meanA: Double(meanA) + sum(va) / sum(v),
        meanB: Double(meanB) + sum(vb) / sum(v), weight: sum(v), weights: sum(w))
    }
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
