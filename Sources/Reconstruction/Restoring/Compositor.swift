import Frames

/// Puts what was solved into frames, their missing samples and nothing else, and hands finished frames on in order.
struct Compositor {
  private let stream: any MaskedStream
  private(set) var framesWritten = 0
  /// The last frame that was handed on, restored.
  private(set) var last: Frame?

  init(_ stream: any MaskedStream) { self.stream = stream }

  /// Keeps a site's solution with the frames of its window.
  func add(_ estimate: Estimate, at site: Box, of window: Window) {
    for (t, frame) in window.frames.enumerated() {
      if let patch = Patch(
        of: estimate, at: site, frame: t, mask: frame.mask, format: stream.format,
        weight: window.weight(of: t))
      {
        frame.patches.append(patch)
      }
    }
  }

  /// Writes the frames that no later window has.
  mutating func write(_ window: Window) throws {
    for pending in window.frames[..<window.finished] {
      pending.composite()
      try stream.write(pending.frame)
      framesWritten += 1
      last = pending.frame
    }
  }
}

/// A site's solution for one frame, and how much it counts where it overlaps others.
struct Patch {
  let site: Box
  /// The part of the site that is kept: what is missing lies in it.
  let box: Box
  /// For each plane of the frame, the samples of the box, full scale = 1.
  let planes: [[Float]]
  /// Weight in time, above 0.
  let weight: Float

  /// - Parameter t: the frame's place in the window.
  /// - Returns: nil if nothing is missing in the site's part of the frame.
  init?(
    of estimate: Estimate, at site: Box, frame t: Int, mask: FrameMask, format: FrameFormat, weight: Float
  ) {
    guard let box = mask.extent(in: site) else { return nil }
    (self.site, self.box, self.weight) = (site, box, weight)
    planes = zip(format.planes, estimate.planes).map { plane, values in
      let (area, part) = (PlaneBox(site, in: plane), PlaneBox(box, in: plane))
      return (part.y..<part.y + part.height).flatMap { y in
        let row = (t * area.height + y - area.y) * area.width + part.x - area.x
        return values[row..<row + part.width]
      }
    }
  }
}

/// A frame that waits for its windows to be solved.
final class PendingFrame {
  var frame: Frame
  let mask: FrameMask
  let signature: FrameSignature
  var patches: [Patch] = []

  init(_ next: MaskedFrame) {
    (frame, mask) = (next.frame, next.mask)
    signature = FrameSignature(frame, mask: mask)
  }

  /// Writes the blend of all patches over the missing samples; every other sample stays as it is.
  func composite() {
    guard let first = patches.first else { return }
    // Nothing lies outside the box around all patches.
    let whole = patches.reduce(first.box) { $0.union($1.box) }
    let (format, isOfValues) = (frame.format, !frame.values.isEmpty)
    let full = Float(format.maximumValue)
    for p in format.planes.indices {
      if isOfValues {
        composite(p, of: format, within: whole, into: &frame.values[p]) { max(0, min(1, $0)) }
      } else {
        composite(p, of: format, within: whole, into: &frame.planes[p]) {
          UInt16(max(0, min(full, ($0 * full).rounded())))
        }
      }
    }
    patches = []
  }

  /// - Parameter sample: what is written for a value, full scale = 1.
  private func composite<Sample>(
    _ p: Int, of format: FrameFormat, within whole: Box, into samples: inout [Sample],
    _ sample: (Float) -> Sample
  ) {
    let plane = format.planes[p]
    let missing = mask.missing(in: plane)
    let area = PlaneBox(whole, in: plane)
    var sums = [Float](repeating: 0, count: area.count)
    var weights = sums
    for patch in patches {
      patch.add(plane: p, of: format, within: area, to: &sums, weights: &weights)
    }
    samples.withUnsafeMutableBufferPointer { samples in
      for y in 0..<area.height {
        let row = (area.y + y) * plane.width + area.x
        for x in 0..<area.width where missing[row + x] != 0 {
          let k = y * area.width + x
          if weights[k] > 0 { samples[row + x] = sample(sums[k] / weights[k]) }
        }
      }
    }
  }
}

extension Patch {
  /// Adds this patch's weighted samples to those of a part of the plane; its weight falls towards edges that are not the
  /// frame's own.
  fileprivate func add(
    plane p: Int, of format: FrameFormat, within whole: PlaneBox, to sums: inout [Float],
    weights: inout [Float]
  ) {
    let plane = format.planes[p]
    let (area, site) = (PlaneBox(box, in: plane), PlaneBox(site, in: plane))
    let ramp = Float(TilePlanner.overlap >> 1)
    func ramps(_ start: Int, _ length: Int, _ whole: Int, _ shift: Int) -> [Float] {
      (0..<length).map { i in
        let before = start == 0 ? Float.infinity : Float((i << shift) + 1)
        let after = start + length == whole ? Float.infinity : Float(((length - 1 - i) << shift) + 1)
        return min(1, min(before, after) / ramp)
      }
    }
    let rows = ramps(site.y, site.height, plane.height, plane.verticalShift)[(area.y - site.y)...]
    let columns = ramps(site.x, site.width, plane.width, plane.horizontalShift)[(area.x - site.x)...]
    for y in 0..<area.height {
      let target = (area.y + y - whole.y) * whole.width + area.x - whole.x
      for x in 0..<area.width {
        let w = weight * rows[rows.startIndex + y] * columns[columns.startIndex + x]
        sums[target + x] += w * planes[p][y * area.width + x]
        weights[target + x] += w
      }
    }
  }
}
