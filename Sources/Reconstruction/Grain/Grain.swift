import Frames
import Kernels
import Motion

/// Adds grain to the holes of a video: noise like that around them.
///
/// An estimate of least squared error is a mean, and has none of the noise of camera and codec: filled holes are smooth, hold
/// still, and stand out of their surroundings. Grain adds its variance to the squared error, and makes holes change from
/// frame to frame as their surroundings do (`GrainLevel`).
struct Grain {
  /// Share of the missing noise's standard deviation to add, 0 ... 1.
  let strength: Double
  let seed: UInt64
  /// The site's first frame in the video.
  let firstFrame: Int
  /// The site's first row and column in each plane of the video.
  let corners: [(row: Int, column: Int)]
  /// What held-out samples of each plane err by, full scale = 1, squared; infinite where it is not known.
  var heldOut: [Double]

  /// Held-out samples' noise is part of what they err by, and so is an estimate's own error: noise around the holes whose mean
  /// variance is more than this share of it is motion, or texture, that was taken for noise.
  private static let mostOfError = 0.9

  init(strength: Double, seed: UInt64, firstFrame: Int, box: Box, format: FrameFormat) {
    (self.strength, self.seed, self.firstFrame) = (strength, seed, firstFrame)
    corners = format.planes.map {
      let area = PlaneBox(box, in: $0)
      return (area.y, area.x)
    }
    heldOut = format.planes.map { _ in .infinity }
  }

  /// Adds grain to the missing samples of an estimate where a lack of it can be seen.
  ///
  /// - Parameter chain: the motion between all frames.
  /// - Returns: the mean variance of the grain over missing samples, full scale = 1.
  func add(to estimate: inout Estimate, of samples: MaskedSamples, chain: FlowChain, threads: Int)
    -> Double
  {
    let picture = samples.completed(by: estimate)
    var (variance, count) = (0.0, 0)
    // Whether frames repeat is decided by the first planes, which have the most samples.
    var still: [Bool]?
    for (group, layer) in MotionLayer.layers(of: samples).enumerated() {
      let change = TemporalChange(of: layer, in: samples, picture: picture, chain: chain, threads: threads)
      let brightness = Brightness(at: layer.lattice, of: samples, picture: picture)
      let isStill = still ?? change.isStill
      still = isStill
      for (k, p) in layer.planes.enumerated() {
        count += samples.planes[p].states.count { $0 == SampleState.missing }
        guard
          let level = GrainLevel(
            of: change, plane: k, values: picture.planes[p], brightness: brightness, isStill: isStill)
        else { continue }
        let noise = GrainNoise(seed: seed, plane: p, group: group, correlation: level.correlation)
        variance += add(
          noise, level, to: &estimate.planes[p], where: change.shown, brightness, plane: p, of: samples,
          numbers: numbers(isStill), threads: threads)
      }
    }
    return variance / Double(max(1, count))
  }

  /// The frame whose grain each frame has: its own, or the one before's where that is repeated.
  private func numbers(_ isStill: [Bool]) -> [Int] {
    var result = [firstFrame]
    for (t, isStill) in isStill.enumerated() { result.append(isStill ? result[t] : firstFrame + t + 1) }
    return result
  }

  /// - Returns: the sum of the grain's variances over all missing samples.
  private func add(
    _ noise: GrainNoise, _ level: GrainLevel, to values: inout [Float], where shown: ShownSamples,
    _ brightness: Brightness,
    plane p: Int,
    of samples: MaskedSamples, numbers: [Int], threads: Int
  ) -> Double {
    let (height, width) = (samples.planes[p].height, samples.planes[p].width)
    /// Calls `body` with the rows that have such samples, the first and the last of them, and the deviations in the row.
    @Sendable func forRows(
      of t: Int, _ body: (_ y: Int, _ start: Int, _ samples: ClosedRange<Int>, _ deviations: [Float]) -> Void
    ) {
      for y in 0..<height {
        let start = (t * height + y) * width
        let row = shown.isShown[start..<start + width]
        guard let first = row.firstIndex(of: true), let last = row.lastIndex(of: true) else { continue }
        body(
          y, start, first...last,
          level.deviations(t: t, y: y, width: width, isEmpty: shown.isEmpty[t], brightness: brightness))
      }
    }
    let sums = parallelMap(samples.frames, threads: threads) { t in
      var (variance, count) = (0.0, 0)
      forRows(of: t) { _, start, samples, deviations in
        for i in samples where shown.isShown[i] {
          variance += Double(deviations[i - start] * deviations[i - start])
          count += 1
        }
      }
      return (variance: variance, count: count)
    }
    let (variance, count) = sums.reduce((0, 0)) { ($0.0 + $1.variance, $0.1 + $1.count) }
    if variance == 0 { return 0 }
    let most = Self.mostOfError * heldOut[p] * Double(count) / variance
    let gain = strength * min(1, most).squareRoot()
    values.withSharedElements { values in
      parallelFor(samples.frames, threads: threads) { t in
        forRows(of: t) { y, start, samples, deviations in
          let drawn = noise.row(
            frame: numbers[t], row: corners[p].row + y,
            columns: corners[p].column + samples.lowerBound - start..<corners[p].column + samples.upperBound
              - start + 1)
          for i in samples where shown.isShown[i] {
            values[i] += Float(gain) * deviations[i - start] * drawn[i - samples.lowerBound]
          }
        }
      }
    }
    return gain * gain * variance
  }
}
