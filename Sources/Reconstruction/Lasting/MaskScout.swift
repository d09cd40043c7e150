import Frames

/// Reads masks ahead of a stream to see where lasting holes end.
struct MaskScout {
  /// Nil where masks can't be read alone, or no longer.
  private var masks: (() throws -> FrameMask?)?
  private let isBlind: Bool
  private var read = 0
  private var ends: HoleEnds
  /// The last frame with which such a hole ends, as far as was read.
  private var lastEnd: Int?

  /// - Parameters:
  ///   - stream: whose masks are read once more.
  ///   - least: see `HoleEnds`.
  init(of stream: any MaskedStream, least: Int) {
    masks = (try? stream.masksAgain()).flatMap { $0 }
    isBlind = masks == nil
    ends = HoleEnds(least: least)
  }

  /// Whether a hole ends in some of the frames; true where only the frames themselves can tell.
  ///
  /// - Parameter frames: must not begin before those of earlier calls.
  mutating func endsHole(in frames: ClosedRange<Int>) -> Bool {
    if isBlind { return true }
    while let masks, read <= frames.upperBound {
      // Where masks run out, so do the frames that are looked at.
      guard let mask = (try? masks()).flatMap({ $0 }) else {
        self.masks = nil
        break
      }
      if ends.add(mask) != nil { lastEnd = read }
      read += 1
    }
    return lastEnd.map { $0 >= frames.lowerBound } ?? false
  }
}
