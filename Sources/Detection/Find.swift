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
