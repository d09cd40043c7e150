import Frames
import Kernels

/// A unit's solution for one frame, and how much it counts where it overlaps others.
struct Patch {
  let box: Box
  /// Which samples of the frame it is for, as far as they lie in the box.
  let mask: FrameMask
  /// For each plane, the values of those, row by row, full scale = 1.
  let values: [[Float]]
  /// Weight in time, above 0.
  let weight: Float
}

/// A patch's values for a plane, taken out row by row from the top.
struct PlanePatch {
  private let area: PlaneBox
  private let missing: [UInt8]
  private let values: [Float]
  private let weight: Float
  /// The patch's weight falls towards edges that are not the frame's own.
  private let rows: [Float]
  private let columns: [Float]
  /// Values that were taken out.
  private var used = 0

  init(_ patch: Patch, plane p: Int, of format: FrameFormat) {
    let plane = format.planes[p]
    let area = PlaneBox(patch.box, in: plane)
    self.area = area
    missing = patch.mask.missing(in: area)
    (values, weight) = (patch.values[p], patch.weight)
    let ramp = Float(TilePlanner.overlap >> 1)
    func ramps(_ start: Int, _ length: Int, _ whole: Int, _ shift: Int) -> [Float] {
      (0..<length).map { i in
        let before = start == 0 ? Float.infinity : Float((i << shift) + 1)
        let after = start + length == whole ? Float.infinity : Float(((length - 1 - i) << shift) + 1)
        return min(1, min(before, after) / ramp)
      }
    }
    rows = ramps(area.y, area.height, plane.height, plane.verticalShift)
    columns = ramps(area.x, area.width, plane.width, plane.horizontalShift)
  }

  /// Calls `body` with the column, the value and the weight of each of the row's samples. Rows come in order, none twice.
  mutating func forEach(row: Int, _ body: (_ x: Int, _ value: Float, _ weight: Float) -> Void) {
    let y = row - area.y
    guard (0..<area.height).contains(y) else { return }
    let scale = weight * rows[y]
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      forEachIndex(in: y * area.width..<(y + 1) * area.width, of: base, where: 0) { i in
        let x = i - y * area.width
        body(area.x + x, values[used], scale * columns[x])
        used += 1
      }
    }
  }
}
