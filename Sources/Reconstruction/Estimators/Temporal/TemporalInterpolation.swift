import Frames
import Kernels

/// Linear interpolation in time, sample by sample, between the nearest known frames before and after.
///
/// Before the first and after the last known frame the value is held. A sample that is known in no frame takes the harmonic
/// interpolation in space from the samples around it, known or interpolated.
///
/// With a `fallback`, samples of compact holes that move take its estimate instead, as far as known samples beside the holes
/// show that other frames differ (`DoubtedInterpolation`).
struct TemporalInterpolation: Interpolation {
  let id = EstimatorID.temporal
  /// The estimator that stands in; nil for interpolation in time everywhere.
  var fallback: EstimatorID?

  func estimate(_ site: SiteInputs) throws -> Estimate {
    let temporal = try estimate(site.samples, context: site.context)
    guard HoleKind.moving.contains(site.holes), let fallback = try fallback.flatMap(site.estimate(by:))
    else { return temporal }
    return try DoubtedInterpolation(temporal: temporal, fallback: fallback).estimate(
      site.samples, context: site.context)
  }

  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    var result = Estimate(planes: [])
    for plane in samples.planes {
      try context.checkCancellation()
      result.planes.append(interpolate(plane, frames: samples.frames, threads: context.threads))
    }
    return result
  }

  private func interpolate(_ plane: MaskedSamples.Plane, frames: Int, threads: Int) -> [Float] {
    let area = plane.height * plane.width
    var values = plane.values
    // Samples that are known in every frame need nothing.
    var filled = [UInt8](repeating: SampleState.known, count: area)
    for t in 0..<frames {
      for i in 0..<area { filled[i] &= plane.states[t * area + i] == SampleState.known ? 1 : 0 }
    }
    values.withSharedElements { values in
      parallelFor(plane.height, threads: threads, writing: &filled) { y, filled in
        for i in y * plane.width..<(y + 1) * plane.width {
          if filled[i] == SampleState.known { continue }
          var last = -1
          for t in 0..<frames where plane.states[t * area + i] == SampleState.known {
            let next = values[t * area + i]
            if last < 0 {
              for k in 0..<t { values[k * area + i] = next }
            } else {
              let previous = values[last * area + i]
              for k in last + 1..<max(t, last + 1) {
                let w = Float(k - last) / Float(t - last)
                values[k * area + i] = previous + w * (next - previous)
              }
            }
            last = t
          }
          if last >= 0 {
            for k in last + 1..<max(frames, last + 1) { values[k * area + i] = values[last * area + i] }
            filled[i] = 1
          }
        }
      }
    }
    if filled.contains(0) && filled.contains(1) {
      let pyramid = PullPush(height: plane.height, width: plane.width)
      let harmonic = filled.withUnsafeBufferPointer {
        Harmonic(known: $0, height: plane.height, width: plane.width)
      }
      parallelFor(frames, threads: threads, writing: &values) { [filled] t, values in
        let frame = values[t * area..<(t + 1) * area]
        filled.withUnsafeBufferPointer { pyramid.fill(frame, known: $0) }
        harmonic.relax(frame)
      }
    }
    return values
  }
}

extension EstimatorID {
  static let temporal = EstimatorID("temporal")
}
