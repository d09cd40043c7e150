import Frames
import Kernels

/// Cubic spline interpolation across the slices of a volume, sample by sample.
///
/// The slope is zero at the first and the last known slice (clamped ends), beyond which the value is held: of the usual end
/// conditions the one with the least errors near the ends. Samples that are known in fewer than three slices are
/// interpolated as `TemporalInterpolation` does.
///
/// - Complexity: O(samples).
struct SplineInterpolation: Interpolation {
  let id = EstimatorID.spline

  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    var result = try TemporalInterpolation().estimate(samples, context: context)
    for (p, plane) in samples.planes.enumerated() {
      try context.checkCancellation()
      parallelFor(plane.height, threads: context.threads, writing: &result.planes[p]) { y, values in
        var curve = Curve(frames: samples.frames)
        for i in y * plane.width..<(y + 1) * plane.width {
          curve.fill(values, plane.states, first: i, step: plane.height * plane.width)
        }
      }
    }
    return result
  }

  /// The spline through the known samples of one line across slices, with its buffers.
  private struct Curve {
    private let frames: Int
    private var knots: [Int] = []
    /// Second derivatives at the knots, and the factors of the tridiagonal (Thomas) elimination.
    private var bends: [Float]
    private var factors: [Float]

    init(frames: Int) {
      self.frames = frames
      bends = Array(repeating: 0, count: frames)
      factors = bends
      knots.reserveCapacity(frames)
    }

    mutating func fill(_ values: SharedElements<Float>, _ states: [UInt8], first: Int, step: Int) {
      knots.removeAll(keepingCapacity: true)
      for t in 0..<frames where states[first + t * step] == SampleState.known { knots.append(t) }
      let count = knots.count
      if count < 3 || count == frames { return }
      func value(_ k: Int) -> Float { values[first + knots[k] * step] }
      func length(_ k: Int) -> Float { Float(knots[k + 1] - knots[k]) }
      func slope(_ k: Int) -> Float { (value(k + 1) - value(k)) / length(k) }
      // h0 m0 + 2 (h0 + h1) m1 + h1 m2 = 6 (slope1 - slope0), m the second derivatives; the slope is 0 beyond the ends.
      (bends[0], factors[0]) = (3 * slope(0) / length(0), 0.5)
      for k in 1..<count - 1 {
        let (before, after) = (length(k - 1), length(k))
        let change = slope(k) - slope(k - 1)
        let pivot = 2 * (before + after) - before * factors[k - 1]
        factors[k] = after / pivot
        bends[k] = (6 * change - before * bends[k - 1]) / pivot
      }
      let end = count - 1
      bends[end] = (-6 * slope(end - 1) / length(end - 1) - bends[end - 1]) / (2 - factors[end - 1])
      for k in stride(from: end - 1, through: 0, by: -1) { bends[k] -= factors[k] * bends[k + 1] }
      for k in 0..<count - 1 where knots[k + 1] - knots[k] > 1 {
        let h = length(k)
        for t in knots[k] + 1..<knots[k + 1] {
          let b = Float(t - knots[k]) / h
          let a = 1 - b
          values[first + t * step] =
            a * value(k) + b * value(k + 1)
            + h * h / 6 * ((a * a * a - a) * bends[k] + (b * b * b - b) * bends[k + 1])
        }
      }
    }
  }
}

extension EstimatorID {
  static let spline = EstimatorID("spline")
}
