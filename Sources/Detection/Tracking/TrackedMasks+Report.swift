/// How far a drawn mask was followed, for reports.
public struct TrackFigures: Sendable, Equatable, Codable {
  public var mask: String
  /// The frame that it was drawn in.
  public var key: Int
  /// The first and the last frame that it was followed to.
  public var frames: [Int]
  /// Why it was not followed farther back, and farther on.
  public var endBefore: TrackedMasks.End
  public var endAfter: TrackedMasks.End
}

extension TrackedMasks {
  /// One for each drawn mask.
  public var figures: [TrackFigures] {
    tracks.map {
      TrackFigures(
        mask: $0.name, key: $0.frame, frames: [$0.frames.lowerBound, $0.frames.upperBound - 1],
        endBefore: $0.endBefore, endAfter: $0.endAfter)
    }
  }

  /// A sentence for all frames to which a drawn mask was not followed, unless another one was.
  public var warnings: [String] {
    notes
      + tracks.flatMap { track in
        let (first, end) = (track.frames.lowerBound, track.frames.upperBound)
        // As far as no other mask is there.
        let earlier = tracks.filter { $0.frame < track.frame }.map(\.frames.upperBound).max() ?? 0
        let later = tracks.filter { $0.frame > track.frame }.map(\.frames.lowerBound).min() ?? frames
        return [
          earlier < first
            ? Self.warning(
              track.endBefore, "followed back to frame \(first)", Self.text(earlier..<first, of: frames),
              isBack: true)
            : nil,
          end < later
            ? Self.warning(
              track.endAfter, "followed to frame \(end - 1)", Self.text(end..<later, of: frames),
              isBack: false) : nil,
        ].compactMap { $0.map { "--mask-track \(track.name): \($0)" } }
      }
  }

  private static func warning(_ end: End, _ followed: String, _ frames: String, isBack: Bool) -> String? {
    switch end {
    case .video, .key, .left: nil
    case .lost:
      "\(followed), and lost in \(frames) (covered, or too fast): draw it again where it is seen there"
    case .scene:
      "\(followed), where its scene \(isBack ? "begins" : "ends"), and not in \(frames): draw it again where it is seen there"
    case .memory:
      "\(followed), farther than which no frames are kept, and not in \(frames): draw it again there"
    }
  }

  private static func text(_ range: Range<Int>, of frames: Int) -> String {
    let last = range.upperBound - 1
    if range.count == 1 { return "frame \(last)" }
    return range.upperBound == frames && range.lowerBound > 0
      ? "frames from \(range.lowerBound) on" : "frames \(range.lowerBound) to \(last)"
  }
}
