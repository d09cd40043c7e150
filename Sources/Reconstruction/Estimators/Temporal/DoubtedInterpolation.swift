import Frames
import Kernels

/// Interpolation in time where known samples beside the holes show that it holds there; elsewhere what stands in for it.
///
/// The samples beside a hole are taken for missing too, and so interpolated from as far away in time as the hole is.
struct DoubtedInterpolation {
  /// What was interpolated in time, of the window as it is.
  var temporal: Estimate
  /// What knows nothing of other frames.
  var fallback: Estimate

  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    let known = window.planes.map { $0.states.map { $0 == SampleState.known ? UInt8(1) : 0 } }
    let borders = zip(window.planes, known).map { plane, known in
      BorderDoubt(height: plane.height, width: plane.width).border(
        of: known, threads: context.threads)
    }
    var grown = window
    for (p, border) in borders.enumerated() {
      for i in border.indices where border[i] == 1 { grown.planes[p].states[i] = SampleState.missing }
    }
    let found = try TemporalInterpolation().estimate(grown, context: context)
    var result = temporal
    for (p, plane) in window.planes.enumerated() {
      let area = plane.height * plane.width
      let doubt = BorderDoubt(height: plane.height, width: plane.width)
      result.planes[p].withUnsafeMutableBufferPointer { values in
        parallelFor(window.frames, threads: context.threads) { t in
          guard let part = doubt.part(of: known[p][t * area..<(t + 1) * area]) else { return }
          let doubts = doubt.doubt(
            frame: t, found: [found.planes[p]], truth: [plane.values], known: known[p], within: part,
            judges: Array(borders[p][t * area..<(t + 1) * area]))
          for (place, doubt) in doubts.enumerated() where known[p][t * area + place] == 0 {
            let i = t * area + place
            values[i] += doubt * (fallback.planes[p][i] - values[i])
          }
        }
      }
    }
    return result
  }
}
