import Frames

/// Finds in successive masks where holes end that lasted.
struct HoleEnds {
  /// The fewest frames that a hole lasts.
  private let least: Int
  private var frames = 0
  private var last: FrameMask?
  /// For each sample that is missing in the last mask, the frame from which on it is.
  private var since: [Int32] = []

  init(least: Int) { self.least = least }

  /// Adds the next frame's mask.
  ///
  /// - Returns: what is known in it and was missing in at least `least` frames before it; nil where that is nothing, or lies
  ///   scattered.
  mutating func add(_ mask: FrameMask) -> FrameMask? {
    defer {
      frames += 1
      last = mask
    }
    // Most masks are like the one before.
    if let last, last.missing == mask.missing { return nil }
    if since.isEmpty { since = [Int32](repeating: 0, count: mask.width * mask.height) }
    let now = Int32(clamping: frames)
    var ended = FrameMask(width: mask.width, height: mask.height)
    for y in 0..<mask.height where !mask.isKnown(row: y) || last?.isKnown(row: y) == false {
      for i in y * mask.width..<(y + 1) * mask.width {
        let wasMissing = last.map { !$0.missing.isEmpty && $0.missing[i] != 0 } ?? false
        let isMissing = !mask.missing.isEmpty && mask.missing[i] != 0
        if isMissing && !wasMissing { since[i] = now }
        if wasMissing && !isMissing && Int(now) - Int(since[i]) >= least {
          if ended.missing.isEmpty {
            ended.missing = [UInt8](repeating: 0, count: mask.width * mask.height)
          }
          ended.missing[i] = 1
        }
      }
    }
    return LastingHole.isCompact(ended) ? ended : nil
  }
}
