import Frames

/// Finds scene cuts in frames that come one by one, and keeps no more of them than their changes.
struct CutFinder {
  /// Frames after one by which it is known whether a scene begins with it.
  static let reach = SceneCuts.reach

  private var last: FrameSignature?
  /// The change from the frame before to each frame, for those of which something is known.
  private var changes: [(index: Int, difference: Float)] = []
  /// Frames with which a scene begins, whatever the change.
  private var told: [Int] = []

  mutating func add(_ signature: FrameSignature, of index: Int) {
    if signature.startsScene { told.append(index) }
    if signature.isEmpty { return }
    if let last { changes.append((index, signature.difference(to: last) ?? 0)) }
    last = signature
  }

  /// Forgets the frames that can't matter to cuts after one.
  mutating func forget(before index: Int) {
    changes.removeAll { $0.index < index - Self.reach }
    told.removeAll { $0 < index }
  }

  /// The first frame of the first scene that begins after a frame.
  func first(after index: Int) -> Int? {
    let differences = changes.map(\.difference)
    let found = changes.indices.first { changes[$0].index > index && SceneCuts.isCut($0, in: differences) }
    return [found.map { changes[$0].index }, told.first { $0 > index }].compactMap { $0 }.min()
  }
}
