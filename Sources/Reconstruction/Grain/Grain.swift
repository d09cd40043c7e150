import Frames
import Kernels
import Motion

/// Gives the holes of a video noise, as much as its known samples have.
///
/// What errs least is a mean of what may have been there: without the noise of camera and codec, which nobody can foretell,
/// holes hold still and are smooth, and stand out of what surrounds them. This noise costs as much squared error as it has
/// variance, and makes holes change from frame to frame as their surroundings do (`GrainLevel`).
struct Grain {
  /// How much of the missing noise is added, 0 ... 1.
  let strength: Double
  let seed: UInt64
  /// The window's first frame in the video.
  let firstFrame: Int
  /// The window's first row and column in each plane of the video.
  let corners: [(row: Int, column: Int)]

  init(strength: Double, seed: UInt64, firstFrame: Int, box: Box, format: FrameFormat) {
    (self.strength, self.seed, self.firstFrame) = (strength, seed, firstFrame)
    corners = format.planes.map {
      let area = PlaneBox(box, in: $0)
      return (area.y, area.x)
    }
  }

  /// Adds noise to the missing samples of an estimate, where a lack of it can be seen.
  ///
  /// - Parameter chain: the motion between all frames of the window.
  /// - Returns: its mean variance over missing samples, full scale = 1.
  func add(to estimate: inout Estimate, of window: MaskedSamples, chain: FlowChain, threads: Int)
    -> Double
  {
    let picture = window.completed(by: estimate)
    var (variance, count) = (0.0, 0)
    // The first planes have the most samples, and speak for all.
    var still: [Bool]?
    for (group, layer) in MotionLayer.layers(of: window).enumerated() {
      let change = TemporalChange(of: layer, in: window, picture: picture, chain: chain, threads: threads)
      let isStill = still ?? change.isStill
      still = isStill
      for (k, p) in layer.planes.enumerated() {
        count += window.planes[p].states.count { $0 == SampleState.missing }
        guard let level = GrainLevel(of: change, plane: k, frames: window.frames, isStill: isStill)
        else { continue }
        let noise = GrainNoise(seed: seed, plane: p, group: group, correlation: level.correlation)
        variance += add(
          noise, level, to: &estimate.planes[p], where: change.shown, plane: p, of: window,
          numbers: numbers(isStill), threads: threads)
      }
    }
    return variance / Double(max(1, count))
  }

  /// The frame whose noise each frame of the window has: its own, or where nothing changes, that of the one before.
  private func numbers(_ isStill: [Bool]) -> [Int] {
    var result = [firstFrame]
    for (t, isStill) in isStill.enumerated() { result.append(isStill ? result[t] : firstFrame + t + 1) }
    return result
  }

  /// - Returns: the sum of the variances of all missing samples.
  private func add(
    _ noise: GrainNoise, _ level: GrainLevel, to values: inout [Float], where shown: [Bool], plane p: Int,
    of window: MaskedSamples, numbers: [Int], threads: Int
  ) -> Double {
    let plane = window.planes[p]
    let (height, width) = (plane.height, plane.width)
    var variances = [Double](repeating: 0, count: window.frames)
    values.withUnsafeMutableBufferPointer { values in
      variances.withUnsafeMutableBufferPointer { variances in
        parallelFor(window.frames, threads: threads) { t in
          let frame = plane.states[t * height * width..<(t + 1) * height * width]
          // A frame that is missing as a whole has nothing to be like.
          if !frame.contains(SampleState.known) { return }
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
              let deviation = Float(strength) * deviations[i - start]
              values[i] += deviation * drawn[i - first]
              variances[t] += Double(deviation * deviation)
            }
          }
        }
      }
    }
    return variances.reduce(0, +)
  }
}
