import Frames
import Kernels

/// Interpolation in time that gives way to a fallback where it is doubted, as far as `BorderDoubt` doubts it.
///
/// To measure its error, the border of each hole is interpolated from other frames too, as if it were missing.
struct DoubtedInterpolation {
  /// Interpolation in time.
  var temporal: Estimate
  /// An estimate from the hole's own frame, or in a volume from slices close by.
  var fallback: Estimate

  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    let known = samples.planes.map { $0.states.map { $0 == SampleState.known ? UInt8(1) : 0 } }
    let borders = zip(samples.planes, known).map { plane, known in
      BorderDoubt(height: plane.height, width: plane.width).border(
        of: known, threads: context.threads)
    }
    var grown = samples
    for (p, border) in borders.enumerated() {
      for i in border.indices where border[i] == 1 { grown.planes[p].states[i] = SampleState.missing }
    }
    let found = try TemporalInterpolation().estimate(grown, context: context)
    var result = temporal
    for (p, plane) in samples.planes.enumerated() {
      let area = plane.height * plane.width
      let doubt = BorderDoubt(height: plane.height, width: plane.width)
      parallelFor(samples.frames, threads: context.threads, writing: &result.planes[p]) { t, values in
        let parts = doubt.parts(of: known[p][t * area..<(t + 1) * area])
        if parts.isEmpty { return }
        let doubts = doubt.doubt(
          frame: t, found: [found.planes[p]], truth: [plane.values], known: known[p], within: parts,
          compared: borders[p][t * area..<(t + 1) * area])
        known[p].withUnsafeBufferPointer { known in
          guard let base = known.baseAddress else { return }
          forEachIndex(in: t * area..<(t + 1) * area, of: base, where: 1) { i in
            values[i] += doubts[i - t * area] * (fallback.planes[p][i] - values[i])
          }
        }
      }
    }
    return result
  }
}
