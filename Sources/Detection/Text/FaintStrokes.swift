import Frames

/// Letters that hardly differ from what they lie over: known by those of their line that do.
extension LetteringRules {
  /// Steps of 8 bits that the middle of faint strokes is from the brightest samples of letters, towards what is around and away
  /// from it.
  private static let core = 18
  private static let even = 12
  /// How much of what is around a text may be as bright as it, of the share of it that strokes have.
  private static let common: Float = 0.12
  /// Samples of letters that hardly differ from what they lie over: in the lines that others make, new, and as bright as those.
  func faint(
    in appearance: Appearance, near lines: [Box], size: Int, peak: Int, isBright: Bool
  ) -> [Int] {
    let values = isBright ? peak - Self.core..<peak + Self.even : peak - Self.even + 1..<peak + Self.core + 1
    let within = appearance.within(
      UInt8(max(0, min(255, values.lowerBound)))...UInt8(max(0, min(255, values.upperBound - 1))))
    let marks = zip(within, appearance.hasChanged).map { $0 & $1 }
    // Where the scene has the same brightness, and changes, only what stands out is believed.
    let isCommon = isAround(marks, lines: lines, size: size, of: appearance.box)
    let shapes = Shape.found(in: marks, width: appearance.box.width).filter {
      $0.samples.count >= max(2, size * size / 80) && $0.strokeWidth <= 0.4 * Float(size) + 2
        && $0.box.height <= 2 * size
        && (!isCommon || contrast(of: $0, in: appearance, marks: marks) >= Self.leastFarInLine)
    }
    var (lines, rest, samples) = (lines, shapes, [Int]())
    // A line goes on as far as there are more.
    while true {
      let next = rest.filter { shape in
        lines.contains { line in
          shape.box.y >= line.y - size / 4
            && shape.box.y + shape.box.height <= line.y + line.height + size / 4
            && Self.isNear(shape.box, line, by: size)
        }
      }
      if next.isEmpty { return samples }
      for shape in next {
        samples += shape.samples.map { Int($0) }
        for k in lines.indices where Self.isNear(shape.box, lines[k], by: size) {
          let right = max(lines[k].x + lines[k].width, shape.box.x + shape.box.width)
          lines[k].x = min(lines[k].x, shape.box.x)
          lines[k].width = right - lines[k].x
        }
      }
      rest = rest.filter { shape in !next.contains { $0.samples[0] == shape.samples[0] } }
    }
  }

  /// Whether there are such marks above and below lines of text too, and not only in them.
  private func isAround(_ marks: [UInt8], lines: [Box], size: Int, of patch: Box) -> Bool {
    var (inside, outside) = ((marks: 0, all: 0), (marks: 0, all: 0))
    for y in 0..<patch.height {
      for x in 0..<patch.width {
        let place = Box(x: x, y: y, width: 1, height: 1)
        let mark = Int(marks[y * patch.width + x])
        if lines.contains(where: { Self.isNear(place, $0, by: 1) }) {
          inside = (inside.marks + mark, inside.all + 1)
        } else if !lines.contains(where: { Self.isNear(place, $0, by: 1 + size / 2) }),
          lines.contains(where: { Self.isNear(place, $0, by: 2 * size) })
        {
          outside = (outside.marks + mark, outside.all + 1)
        }
      }
    }
    return Float(outside.marks) * Float(inside.all) > Self.common * Float(inside.marks) * Float(outside.all)
  }
}
