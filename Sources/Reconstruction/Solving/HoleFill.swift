import Frames

/// Fills a site in which nothing is known, from what lies around it in space and in time.
///
/// Holes wider than a site, and runs of missing frames longer than a window, leave a site without any known sample. Each of
/// its frames is interpolated in space over the whole frame; if nothing is known of that, the nearest filled frame before it
/// is repeated, or the first one after.
struct HoleFill {
  let format: FrameFormat
  let context: EstimatorContext

  /// - Parameter previous: the last restored frame before the window, if there is one.
  /// - Returns: nil if there is none and nothing is known of any of the frames.
  func estimate(box: Box, frames: [Frame], masks: [FrameMask], previous: Frame?) throws -> Estimate? {
    var filled: [[[Float]]?] = []
    for (frame, mask) in zip(frames, masks) {
      let whole = Box(x: 0, y: 0, width: format.width, height: format.height)
      let samples = MaskedSamples(frames: [frame], masks: [mask], box: whole, format: format)
      if samples.count(of: SampleState.known) == 0 {
        filled.append(nil)
      } else {
        filled.append(crop(try SpatialInterpolation().estimate(samples, context: context).planes, to: box))
      }
    }
    var last = previous.map { crop(scaled($0), to: box) } ?? filled.lazy.compactMap { $0 }.first
    guard last != nil else { return nil }
    var result = Estimate(planes: format.planes.map { _ in [] })
    for planes in filled {
      last = planes ?? last
      for (p, samples) in (last ?? []).enumerated() { result.planes[p] += samples }
    }
    return result
  }

  private func scaled(_ frame: Frame) -> [[Float]] {
    if !frame.values.isEmpty { return frame.values }
    let scale = 1 / Float(format.maximumValue)
    return frame.planes.map { $0.map { Float($0) * scale } }
  }

  private func crop(_ planes: [[Float]], to box: Box) -> [[Float]] {
    format.planes.indices.map { p in
      let plane = format.planes[p]
      let area = PlaneBox(box, in: plane)
      return (area.y..<area.y + area.height).flatMap { y in
        planes[p][y * plane.width + area.x..<y * plane.width + area.x + area.width]
      }
    }
  }
}
