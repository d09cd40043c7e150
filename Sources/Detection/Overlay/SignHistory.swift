/// The gradient signs of past frames, by which a mark that was found late is looked for where it was before: of the last
/// frames all, of older ones one in three.
struct SignHistory: Sendable {
  /// Some 2 s, and 16 s.
  private static let recent = 64
  private static let kept = 400
  private static let step = 3

  struct Entry: Sendable {
    let frame: Int
    let signs: PackedSigns
    /// Frames from this one on that it stands for.
    var count = 1
  }

  private(set) var entries: [Entry] = []
  /// Entries at the beginning that stand for several frames.
  private var old = 0

  var start: Int { entries.first?.frame ?? 0 }

  mutating func append(_ signs: PackedSigns, frame: Int) {
    entries.append(Entry(frame: frame, signs: signs))
    // The oldest of the recent ones stands for those that follow it.
    if entries.count - old >= Self.recent + Self.step {
      entries[old].count = Self.step
      entries.removeSubrange(old + 1..<old + Self.step)
      old += 1
    }
    if old > (Self.kept - Self.recent) / Self.step {
      entries.removeFirst()
      old -= 1
    }
  }

  /// Of a frame itself, or of one that stands for it.
  func at(_ frame: Int) -> PackedSigns? {
    entries.last { $0.frame <= frame && frame < $0.frame + $0.count }?.signs
  }
}
