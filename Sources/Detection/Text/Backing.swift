import Frames

/// The box behind a line of text, opaque or see-through: where it begins, what is there changes at once.
struct Backing {
  /// Steps of 8 bits that count as a change.
  private static let change = 8
  /// Share of samples that change the same way within a box, and outside of it at most.
  private static let inside: Float = 0.8
  private static let outside: Float = 0.4
  /// Share of samples between letters that change the same way in a box that goes no further than they do.
  private static let filled: Float = 0.92
  private static let edge: Float = 0.7
  /// Samples above and below letters, at least.
  private static let margin = 2
  /// Share of a side's samples that step the same way.
  private static let framedShare: Float = 0.85
  /// Brightness that a dark box does not change enough, and a bright one.
  private static let dark: UInt8 = 40
  private static let bright: UInt8 = 216

  /// From a line of text to the sides of its box, in samples.
  struct Margins: Sendable {
    var left: Int
    var right: Int
    var top: Int
    var bottom: Int

    init(of box: Box, around line: Box) {
      (left, top) = (line.x - box.x, line.y - box.y)
      (right, bottom) = (box.x + box.width - line.x - line.width, box.y + box.height - line.y - line.height)
    }

    /// The box around a line, within a patch.
    func around(_ line: Box, width: Int, height: Int) -> Box {
      let (x, y) = (max(0, line.x - left), max(0, line.y - top))
      return Box(
        x: x, y: y, width: min(width, line.x + line.width + right) - x,
        height: min(height, line.y + line.height + bottom) - y)
    }
  }

  let width: Int
  let height: Int
  /// While the text is there.
  let mean: [UInt8]
  /// 1 where a sample takes part: not at a stroke.
  let isFree: [UInt8]
  /// The frame before it appears and the first in which it is all there; empty if not known.
  var before: [UInt8] = []
  var after: [UInt8] = []

  /// - Parameter rows: where the line's box may be: up to the lines above and below, which have boxes of their own.
  /// - Returns: the box around a line, in samples of the patch, if there is one.
  func around(_ line: Box, rows: Range<Int>, reach: Int) -> Box? {
    let near = Box(
      x: max(0, line.x - 1), y: max(0, line.y - 1),
      width: min(width, line.x + line.width + 1) - max(0, line.x - 1),
      height: min(height, line.y + line.height + 1) - max(0, line.y - 1))
    for isDarker in [true, false] where !before.isEmpty {
      guard let changed = share(near, isDarker: isDarker), changed >= Self.inside else { continue }
      var box = near
      let limit = 2 * line.height
      // Each side as far as rows or columns go on to change; a gap of one is jumped over.
      func extent(_ most: Int, _ part: (Int) -> Box?) -> Int {
        var (steps, missed) = (0, 0)
        for k in stride(from: 1, through: most, by: 1) {
          guard let piece = part(k) else { break }
          // What can't be judged is passed over.
          guard let share = self.share(piece, isDarker: isDarker) else { continue }
          if share < Self.edge {
            missed += 1
            if missed > 1 { break }
          } else {
            missed = 0
            steps = k
          }
        }
        return steps
      }
      let up = extent(min(limit, box.y - rows.lowerBound)) { k in
        Box(x: box.x, y: box.y - k, width: box.width, height: 1)
      }
      let down = extent(min(limit, rows.upperBound - box.y - box.height)) { k in
        Box(x: box.x, y: box.y + box.height - 1 + k, width: box.width, height: 1)
      }
      box = Box(x: box.x, y: box.y - up, width: box.width, height: box.height + up + down)
      let left = extent(min(limit, box.x)) { k in Box(x: box.x - k, y: box.y, width: 1, height: box.height) }
      let right = extent(min(limit, width - box.x - box.width)) { k in
        Box(x: box.x + box.width - 1 + k, y: box.y, width: 1, height: box.height)
      }
      box = Box(x: box.x - left, y: box.y, width: box.width + left + right, height: box.height)
      // An outline fills gaps between letters too, but not all of them, and goes no further. A box may end with the letters.
      if changed < Self.filled && (up < Self.margin || down < Self.margin) { continue }
      // All around it nothing changes like that, but what has boxes of its own.
      let (first, top) = (max(0, box.x - reach), max(min(box.y, rows.lowerBound), box.y - reach))
      let bottom = min(max(box.y + box.height, rows.upperBound), box.y + box.height + reach)
      let wide = Box(
        x: first, y: top, width: min(width, box.x + box.width + reach) - first, height: bottom - top)
      let (all, inner) = (count(wide, isDarker: isDarker), count(box, isDarker: isDarker))
      let (same, known) = (all.same - inner.same, all.known - inner.known)
      if known > 0, Float(same) > Self.outside * Float(known) { continue }
      return box
    }
    // Without a frame before it, its sides tell.
    for isDarker in [true, false] where before.isEmpty {
      if let box = framed(near, isDarker: isDarker) { return box }
    }
    return nil
  }

  /// The box whose four sides show as steps from dark to bright, or the other way, nearly all along.
  private func framed(_ near: Box, isDarker: Bool) -> Box? {
    /// The row or column, going outwards, in which most samples of a side differ from those two further out.
    func side(_ most: Int, _ pair: (Int) -> (inner: Box, outer: Box)?) -> Int? {
      var best: (steps: Int, share: Float)?
      for k in stride(from: 0, through: most, by: 1) {
        guard let (inner, outer) = pair(k) else { break }
        let share = steps(from: inner, to: outer, isDarker: isDarker)
        if share >= Self.framedShare, share > (best?.share ?? 0) { best = (k, share) }
      }
      return best?.steps
    }
    let limit = near.height
    let (right, bottom) = (near.x + near.width, near.y + near.height)
    guard
      let up = side(
        min(limit, near.y - 2),
        { k in
          (
            Box(x: near.x, y: near.y - k, width: near.width, height: 1),
            Box(x: near.x, y: near.y - k - 2, width: near.width, height: 1)
          )
        }),
      let down = side(
        min(limit, height - bottom - 2),
        { k in
          (
            Box(x: near.x, y: bottom - 1 + k, width: near.width, height: 1),
            Box(x: near.x, y: bottom + 1 + k, width: near.width, height: 1)
          )
        }),
      let left = side(
        min(limit, near.x - 2),
        { k in
          (
            Box(x: near.x - k, y: near.y, width: 1, height: near.height),
            Box(x: near.x - k - 2, y: near.y, width: 1, height: near.height)
          )
        }),
      let toRight = side(
        min(limit, width - right - 2),
        { k in
          (
            Box(x: right - 1 + k, y: near.y, width: 1, height: near.height),
            Box(x: right + 1 + k, y: near.y, width: 1, height: near.height)
          )
        })
    else { return nil }
    return Box(
      x: near.x - left, y: near.y - up, width: near.width + left + toRight, height: near.height + up + down)
  }

  /// The share of samples of a side that are darker, or brighter, than those outside of it.
  private func steps(from inner: Box, to outer: Box, isDarker: Bool) -> Float {
    var (same, all) = (0, 0)
    for y in 0..<inner.height {
      for x in 0..<inner.width {
        let i = (inner.y + y) * width + inner.x + x
        let o = (outer.y + y) * width + outer.x + x
        if isFree[i] == 0 || isFree[o] == 0 { continue }
        if isDarker ? mean[o] < Self.dark : mean[o] > Self.bright { continue }
        all += 1
        let step = Int(mean[o]) - Int(mean[i])
        if isDarker ? step >= Self.change : step <= -Self.change { same += 1 }
      }
    }
    return 2 * all < inner.area ? 0 : Float(same) / Float(all)
  }

  /// The share of samples that become darker, or brighter; nil where too few can be judged.
  private func share(_ box: Box, isDarker: Bool) -> Float? {
    let (same, known) = count(box, isDarker: isDarker)
    return known >= 4 && 8 * known >= box.area ? Float(same) / Float(known) : nil
  }

  private func count(_ box: Box, isDarker: Bool) -> (same: Int, known: Int) {
    var (same, known) = (0, 0)
    for y in box.y..<box.y + box.height {
      for i in y * width + box.x..<y * width + box.x + box.width where isFree[i] != 0 {
        if isDarker ? before[i] < Self.dark : before[i] > Self.bright { continue }
        known += 1
        let difference = Int(after[i]) - Int(before[i])
        if isDarker ? difference <= -Self.change : difference >= Self.change { same += 1 }
      }
    }
    return (same, known)
  }
}
