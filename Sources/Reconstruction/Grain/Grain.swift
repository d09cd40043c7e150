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

  /// Held-out samples' noise is part of what they err by, and so is an estimate's own error: noise around the holes that is
  /// more than this share of it is motion, or texture, that was taken for noise.
  private static let mostOfError = 0.75

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
      let isStill = still ?? change.isStill
      still = isStill
      for (k, p) in layer.planes.enumerated() {
        count += samples.planes[p].states.count { $0 == SampleState.missing }
        guard let level = GrainLevel(of: change, plane: k, frames: samples.frames, isStill: isStill)
        else { continue }
        let noise = GrainNoise(seed: seed, plane: p, group: group, correlation: level.correlation)
        variance += add(
          noise, level, to: &estimate.planes[p], where: change.shown, plane: p, of: samples,
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
    _ noise: GrainNoise, _ level: GrainLevel, to values: inout [Float], where shown: [Bool], plane p: Int,
    of samples: MaskedSamples, numbers: [Int], threads: Int
  ) -> Double {
    let plane = samples.planes[p]
    let (height, width) = (plane.height, plane.width)
    let most = Float((Self.mostOfError * heldOut[p]).squareRoot())
    let variances = values.withSharedElements { values in
      parallelMap(samples.frames, threads: threads) { t in
        let frame = plane.states[t * height * width..<(t + 1) * height * width]
        var variance = 0.0
        // A frame that is missing as a whole has no surroundings.
        if !frame.contains(SampleState.known) { return variance }
        for y in 0..<height {
          let start = (t * height + y) * width
          let row = shown[start..<start + width]
          guard let first = row.firstIndex(of: true), let last = row.lastIndex(of: true) else { continue }
          let column = first - start
          let deviations = level.deviation.row(t: t, y: y, width: width)
          let drawn = noise.row(
            frame: numbers[t], row: corners[p].row + y,
            columns: corners[p].column + column..<corners[p].column + last - start + 1)
          for i in first...last where row[i] {
            let deviation = Float(strength) * min(most, deviations[i - start])
            values[i] += deviation * drawn[i - first]
            variance += Double(deviation * deviation)
          }
        }
        return variance
      }
    }
    return variances.reduce(0, +)
  }
}
