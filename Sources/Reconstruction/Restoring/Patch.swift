import Frames

/// A tile's solution for one frame, and how much it counts where it overlaps others.
struct Patch {
  let box: Box
  /// For each plane of the frame, the samples of the tile, full scale = 1.
  let planes: [[Float]]
  /// Weight in time, above 0.
  let weight: Float
}

/// A frame that waits for its windows to be solved.
struct PendingFrame {
  var frame: Frame
  let mask: FrameMask
  let signature: FrameSignature
  var patches: [Patch] = []

  /// Writes the blend of all patches over the missing samples; every other sample stays as it is.
  mutating func composite() {
    guard !patches.isEmpty else { return }
    let format = frame.format
    let full = Float(format.maximumValue)
    for (p, plane) in format.planes.enumerated() {
      let missing = mask.missing(in: plane)
      // Nothing lies outside the box around all patches.
      let whole = patches.dropFirst().reduce(patches[0].box) { $0.union($1.box) }
      let area = PlaneBox(whole, in: plane)
      var sums = [Float](repeating: 0, count: area.count)
      var weights = sums
      for patch in patches { patch.add(plane: p, of: format, within: area, to: &sums, weights: &weights) }
      for y in 0..<area.height {
        let row = (area.y + y) * plane.width + area.x
        for x in 0..<area.width where missing[row + x] != 0 {
          let k = y * area.width + x
          if weights[k] <= 0 { continue }
          let value = (sums[k] / weights[k] * full).rounded()
          frame.planes[p][row + x] = UInt16(max(0, min(full, value)))
        }
      }
    }
    patches = []
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
    let area = PlaneBox(box, in: plane)
    let ramp = Float(TilePlanner.overlap >> 1)
    func ramps(_ start: Int, _ length: Int, _ whole: Int, _ shift: Int) -> [Float] {
      (0..<length).map { i in
        let before = start == 0 ? Float.infinity : Float((i << shift) + 1)
        let after = start + length == whole ? Float.infinity : Float(((length - 1 - i) << shift) + 1)
        return min(1, min(before, after) / ramp)
      }
    }
    let rows = ramps(area.y, area.height, plane.height, plane.verticalShift)
    let columns = ramps(area.x, area.width, plane.width, plane.horizontalShift)
    for y in 0..<area.height {
      let target = (area.y + y - whole.y) * whole.width + area.x - whole.x
      for x in 0..<area.width {
        let w = weight * rows[y] * columns[x]
        sums[target + x] += w * planes[p][y * area.width + x]
        weights[target + x] += w
      }
    }
  }
}
