import Frames
import Kernels

/// Harmonic interpolation in space, frame by frame (`Harmonic`), which starts from pull-push (`PullPush`).
///
/// A frame of which nothing is known takes interpolation in time instead.
struct SpatialInterpolation: Interpolation {
  let id = EstimatorID.spatial
  var holes = HoleKind.any
  /// Samples around holes that the start is made from.
  private static let margin = 8

  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    var result = Estimate(planes: [])
    var temporal: Estimate?
    for (p, plane) in samples.planes.enumerated() {
      try context.checkCancellation()
      let area = plane.height * plane.width
      let empty = (0..<samples.frames).filter { t in
        !plane.states[t * area..<(t + 1) * area].contains(SampleState.known)
      }
      var values = plane.values
      if !empty.isEmpty {
        let inTime = try temporal ?? TemporalInterpolation().estimate(samples, context: context)
        temporal = inTime
        for t in empty {
          values.replaceSubrange(t * area..<(t + 1) * area, with: inTime.planes[p][t * area..<(t + 1) * area])
        }
      }
      let skipped = Set(empty)
      let pyramid = PullPush(height: plane.height, width: plane.width)
      parallelFor(samples.frames, threads: context.threads, writing: &values) { t, values in
        if skipped.contains(t) { return }
        let frame = values[t * area..<(t + 1) * area]
        plane.states[t * area..<(t + 1) * area].withUnsafeBufferPointer { known in
          for part in FrameParts.around(
            holesIn: plane.states[t * area..<(t + 1) * area], height: plane.height, width: plane.width,
            margin: Self.margin)
          {
            pyramid.fill(frame, known: known, within: part)
            Harmonic(
              known: known, height: plane.height, width: plane.width, within: part,
              rowDistance: samples.spacing.row / samples.spacing.column
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
