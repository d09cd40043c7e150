import Frames

/// What a frame holds in a box: all that is kept of frames outside a window.
struct FrameCrop: Sendable {
  /// The frame's number in the input.
  let index: Int
  let box: Box
  /// Of one frame.
  private let samples: MaskedSamples
  /// Of the frame's own resolution, 1 where missing.
  private let missing: [UInt8]
  private let planes: [PlaneFormat]

  init(_ frame: Frame, mask: FrameMask, box: Box) {
    (index, self.box, planes) = (frame.index, box, frame.format.planes)
    samples = MaskedSamples(frames: [frame], masks: [mask], box: box, format: frame.format)
    missing = mask.values(in: box)
  }

  /// Bytes that the samples take.
  var bytes: Int { missing.count + samples.planes.reduce(0) { $0 + $1.values.count * 5 } }

  /// Whether a hole can be seen here: more than half of its samples within `box` are known.
  func shows(_ hole: FrameMask, in box: Box) -> Bool {
    let (all, known) = count(hole, in: box)
    return known * 2 > all
  }

  /// How many samples of a hole within `box` there are, and how many of them are known here.
  func count(_ hole: FrameMask, in box: Box) -> (all: Int, known: Int) {
    var (all, known) = (0, 0)
    if hole.missing.isEmpty { return (0, 0) }
    for y in box.y..<box.y + box.height {
      for x in box.x..<box.x + box.width where hole.missing[y * hole.width + x] != 0 {
        all += 1
        if isKnown(row: y, column: x) { known += 1 }
      }
    }
    return (all, known)
  }

  /// How much the samples around a hole differ from those of another frame, where both are known.
  ///
  /// - Parameter hole: the box around the hole.
  func change(to frame: Frame, mask: FrameMask, around hole: Box) -> ErrorSum {
    let format = frame.format
    guard
      let p = format.planes.firstIndex(where: { $0.role == .luma || $0.role == .green })
        ?? format.planes.indices.first
    else { return ErrorSum() }
    var sum = ErrorSum()
    let (scale, reach) = (1 / Float(format.maximumValue), LastingHole.surroundings)
    let plane = samples.planes[p]
    let rows = (box.y..<box.y + box.height).clamped(to: hole.y - reach..<hole.y + hole.height + reach)
    let columns = (box.x..<box.x + box.width).clamped(to: hole.x - reach..<hole.x + hole.width + reach)
    for y in rows {
      for x in columns {
        let (i, k) = ((y - box.y) * box.width + x - box.x, y * format.width + x)
        if missing[i] != 0 || !mask.missing.isEmpty && mask.missing[k] != 0 { continue }
        let difference = Double(plane.values[i] - Float(frame.planes[p][k]) * scale)
        sum.squares += difference * difference
        sum.samples += 1
      }
    }
    return sum
  }

  private func isKnown(row: Int, column: Int) -> Bool {
    let (y, x) = (row - self.box.y, column - self.box.x)
    return y >= 0 && y < self.box.height && x >= 0 && x < self.box.width
      && missing[y * self.box.width + x] == 0
  }

  /// The samples in another box; those that were not kept are missing.
  func samples(in other: Box) -> MaskedSamples {
    if other == box { return samples }
    let planes = zip(self.planes, samples.planes).map { format, plane in
      let (from, to) = (PlaneBox(box, in: format), PlaneBox(other, in: format))
      var values = [Float](repeating: 0, count: to.count)
      var states = [UInt8](repeating: SampleState.missing, count: to.count)
      let (left, right) = (max(from.x, to.x), min(from.x + from.width, to.x + to.width))
      let (top, bottom) = (max(from.y, to.y), min(from.y + from.height, to.y + to.height))
      for y in top..<max(top, bottom) {
        for x in left..<max(left, right) {
          let (i, k) = ((y - from.y) * from.width + x - from.x, (y - to.y) * to.width + x - to.x)
          (values[k], states[k]) = (plane.values[i], plane.states[i])
        }
      }
      return MaskedSamples.Plane(
        role: plane.role, height: to.height, width: to.width, values: values, states: states,
        rowPositions: (0..<to.height).map { to.rowPosition($0) },
        columnPositions: (0..<to.width).map { to.columnPosition($0) })
    }
    return MaskedSamples(frames: 1, height: other.height, width: other.width, planes: planes)
  }

  /// The part of the mask in another box, 1 where missing.
  func missing(in other: Box) -> [UInt8] {
    if other == box { return missing }
    return (other.y..<other.y + other.height).flatMap { y in
      (other.x..<other.x + other.width).map { x in isKnown(row: y, column: x) ? 0 : 1 }
    }
  }
}
