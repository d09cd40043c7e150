import Frames

/// One piece of damage.
public struct Find: Sendable, Hashable {
  public var kind: DamageKind
  /// The frames in which it looks like this, by their position in the sequence.
  public var frames: Range<Int>
  /// The smallest box around it.
  public var box: Box
  /// Damaged samples of a frame.
  public var area: Int
  /// 0 (a guess) ... 1 (certain).
  public var confidence: Float
  /// Boxes that make it up, without overlap, in samples of the frame.
  public var parts: [Box]

  /// - Parameter parts: at least one, without overlap, within the frame.
  public init(kind: DamageKind, frames: Range<Int>, confidence: Float, parts: [Box]) {
    guard let first = parts.first else { preconditionFailure("a find has at least one part") }
    self.kind = kind
    self.frames = frames
    self.confidence = confidence
    self.parts = parts
    box = parts.dropFirst().reduce(first) { $0.union($1) }
    area = parts.reduce(0) { $0 + $1.area }
  }
}

extension Find {
  /// Whether it lies within a frame.
  func fits(width: Int, height: Int) -> Bool {
    box.x >= 0 && box.y >= 0 && box.width <= width - box.x && box.height <= height - box.y
  }

  /// What of it lies in a mask of its frame; nil where nothing does.
  public func clipped(to mask: FrameMask) -> Find? {
    if mask.missing.isEmpty || !fits(width: mask.width, height: mask.height) { return nil }
    var clipped: [Box] = []
    for part in parts {
      // Boxes of the row above that may go on.
      var above = clipped.count
      for y in part.y..<part.y + part.height {
        let first = clipped.count
        var x = part.x
        while x < part.x + part.width {
          let start = x
          while x < part.x + part.width, mask.missing[y * mask.width + x] != 0 { x += 1 }
          if x > start { clipped.append(Box(x: start, y: y, width: x - start, height: 1)) }
          while x < part.x + part.width, mask.missing[y * mask.width + x] == 0 { x += 1 }
        }
        // The same runs as above make the same boxes higher.
        let runs = clipped[first...]
        let boxes = clipped[above..<first]
        if runs.count == boxes.count,
          zip(runs, boxes).allSatisfy({ $0.x == $1.x && $0.width == $1.width && $1.y + $1.height == y })
        {
          clipped.removeSubrange(first...)
          for i in above..<first { clipped[i].height += 1 }
        } else {
          above = first
        }
      }
    }
    if clipped.isEmpty { return nil }
    return Find(kind: kind, frames: frames, confidence: confidence, parts: clipped)
  }
}

extension FrameMask {
  /// Marks what a find consists of as missing.
  public mutating func mark(_ find: Find) {
    if missing.isEmpty { missing = Array(repeating: 0, count: width * height) }
    for part in find.parts {
      precondition(
        part.x >= 0 && part.y >= 0 && part.x + part.width <= width && part.y + part.height <= height,
        "a find lies within its frame")
      for y in part.y..<part.y + part.height {
        for i in y * width + part.x..<y * width + part.x + part.width { missing[i] = 1 }
      }
    }
  }
}
