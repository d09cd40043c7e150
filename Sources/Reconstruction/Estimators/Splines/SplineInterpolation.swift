import Frames
import Kernels

/// Cubic splines along the slices of a volume, sample by sample: the least bent curves through what is known there.
///
/// They are flat at the first and the last known slice, beyond which the value is held, as if the volume were mirrored
/// there: of the usual conditions the one with the least errors near the ends. Samples that are known in fewer than three slices are left to linear interpolation, and those known in none to what
/// lies around them.
///
/// - Complexity: O(samples).
struct SplineInterpolation: Interpolation {
  let id = EstimatorID.spline

  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    var result = try TemporalInterpolation().estimate(window, context: context)
    for (p, plane) in window.planes.enumerated() {
      try context.checkCancellation()
      result.planes[p].withUnsafeMutableBufferPointer { values in
        plane.states.withUnsafeBufferPointer { states in
          parallelFor(plane.height, threads: context.threads) { y in
            var curve = Curve(frames: window.frames)
            let area = plane.height * plane.width
            for i in y * plane.width..<(y + 1) * plane.width {
              curve.fill(values, states, first: i, step: area)
            }
          }
        }
      }
    }
    return result
  }

  /// A spline through the known samples of one line, and the room that it takes.
  private struct Curve {
    private let frames: Int
    private var knots: [Int] = []
    /// Second derivatives at the knots, and the factors of the tridiagonal elimination.
    private var bends: [Float]
    private var factors: [Float]

    init(frames: Int) {
      self.frames = frames
      bends = Array(repeating: 0, count: frames)
      factors = bends
      knots.reserveCapacity(frames)
    }

    mutating func fill(
      _ values: UnsafeMutableBufferPointer<Float>, _ states: UnsafeBufferPointer<UInt8>, first: Int, step: Int
    ) {
      knots.removeAll(keepingCapacity: true)
      for t in 0..<frames where states[first + t * step] == SampleState.known { knots.append(t) }
      let count = knots.count
      if count < 3 || count == frames { return }
      func value(_ k: Int) -> Float { values[first + knots[k] * step] }
      func length(_ k: Int) -> Float { Float(knots[k + 1] - knots[k]) }
      func slope(_ k: Int) -> Float { (value(k + 1) - value(k)) / length(k) }
      // h0 m0 + 2 (h0 + h1) m1 + h1 m2 = 6 (slope1 - slope0); beyond the ends there is no slope.
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
