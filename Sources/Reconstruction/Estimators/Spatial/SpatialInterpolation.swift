import Frames
import Kernels

/// Harmonic interpolation in space, frame by frame (`Harmonic`), from a start on a pyramid (`PullPush`).
///
/// A frame of which nothing is known takes the interpolation in time instead.
struct SpatialInterpolation: Interpolation {
  let id = EstimatorID.spatial
  var holes = HoleKind.any

  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    var result = Estimate(planes: [])
    var temporal: Estimate?
    for (p, plane) in window.planes.enumerated() {
      try context.checkCancellation()
      let area = plane.height * plane.width
      let empty = (0..<window.frames).filter { t in
        !plane.states[t * area..<(t + 1) * area].contains(SampleState.known)
      }
      var values = plane.values
      if !empty.isEmpty {
        let inTime = try temporal ?? TemporalInterpolation().estimate(window, context: context)
        temporal = inTime
        for t in empty {
          values.replaceSubrange(t * area..<(t + 1) * area, with: inTime.planes[p][t * area..<(t + 1) * area])
        }
      }
      let skipped = Set(empty)
      let pyramid = PullPush(height: plane.height, width: plane.width)
      values.withUnsafeMutableBufferPointer { values in
        plane.states.withUnsafeBufferPointer { states in
          parallelFor(window.frames, threads: context.threads) { t in
            if skipped.contains(t) { return }
            let frame = UnsafeMutableBufferPointer(rebasing: values[t * area..<(t + 1) * area])
            let known = UnsafeBufferPointer(rebasing: states[t * area..<(t + 1) * area])
            pyramid.fill(frame, known: known)
            Harmonic(
              known: known, height: plane.height, width: plane.width,
              rowDistance: window.spacing.row / window.spacing.column
            ).relax(frame)
          }
        }
      }
      result.planes.append(values)
    }
    return result
  }
}

extension EstimatorID {
  static let spatial = EstimatorID("spatial")
}
