import Frames

/// Strokes that look like text: rows of glyphs, each of two or three curves.
enum TextStrokes {
  /// A mask of `share` of all pixels: those that are nearest to a stroke's centre line.
  static func mask(
    width: Int, height: Int, share: Double, using random: inout some RandomNumberGenerator
  ) -> FrameMask {
    var field = DistanceField(width: width, height: height)
    let glyph = max(8, Double(min(width, height)) / 8)
    var top = glyph * 0.4
    while top < Double(height) {
      var left = glyph * (0.2 + 0.5 * random.unit())
      while left < Double(width) {
        // A space between words, now and then.
        if !random.chance(0.15) {
          let strokes = 2 + (random.chance(0.5) ? 1 : 0)
          for _ in 0..<strokes {
            let curve = Curve(left: left, top: top, width: glyph * 0.55, height: glyph, using: &random)
            field.draw(curve, reach: glyph * 0.25)
          }
        }
        left += glyph * 0.75
      }
      top += glyph * 1.5
    }
    return field.nearest(count: Int((Double(width * height) * share).rounded()))
  }

  /// A quadratic Bezier curve.
  private struct Curve {
    var points: [(x: Double, y: Double)] = []

    /// A curve from side to side of a glyph's box, or from its top to its bottom, with a bend.
    init(
      left: Double, top: Double, width: Double, height: Double, using random: inout some RandomNumberGenerator
    ) {
      func place(_ u: Double, _ v: Double) -> (x: Double, y: Double) { (left + u * width, top + v * height) }
      let isUpright = random.chance(0.6)
      let (a, b) = (random.unit(), random.unit())
      let start = isUpright ? place(a, 0) : place(0, a)
      let end = isUpright ? place(b, 1) : place(1, b)
      let bend = place(random.unit(), random.unit())
      let pieces = 6
      points = (0...pieces).map { i in
        let t = Double(i) / Double(pieces)
        let (p, q, r) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        return (p * start.x + q * bend.x + r * end.x, p * start.y + q * bend.y + r * end.y)
      }
    }
  }

  /// Squared distance of each pixel to the nearest stroke; infinite beyond the strokes' reach.
  private struct DistanceField {
    let width: Int
    let height: Int
    var values: [Double]

    init(width: Int, height: Int) {
      (self.width, self.height) = (width, height)
      values = Array(repeating: .infinity, count: width * height)
    }

    mutating func draw(_ curve: Curve, reach: Double) {
      for (a, b) in zip(curve.points, curve.points.dropFirst()) {
        let columns = Self.range(min(a.x, b.x) - reach, max(a.x, b.x) + reach, below: width)
        let rows = Self.range(min(a.y, b.y) - reach, max(a.y, b.y) + reach, below: height)
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = max(dx * dx + dy * dy, 1e-12)
        for y in rows {
          for x in columns {
            let (px, py) = (Double(x) - a.x, Double(y) - a.y)
            let t = min(max((px * dx + py * dy) / length, 0), 1)
            let (ex, ey) = (px - t * dx, py - t * dy)
            let i = y * width + x
            values[i] = min(values[i], ex * ex + ey * ey)
          }
        }
      }
    }

    func nearest(count: Int) -> FrameMask {
      let reached = values.indices.filter { values[$0].isFinite }
      // Pixels of equal distance are ordered by position, so that exactly `count` are chosen.
      let chosen = reached.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(count)
      var missing = [UInt8](repeating: 0, count: values.count)
      for i in chosen { missing[i] = 1 }
      return FrameMask(width: width, height: height, missing: missing)
    }

    private static func range(_ low: Double, _ high: Double, below limit: Int) -> Range<Int> {
      let first = min(max(Int(low.rounded(.down)), 0), limit)
      return first..<max(first, min(Int(high.rounded(.up)) + 1, limit))
    }
  }
}
