import Detection
import Foundation
import Frames

/// A find that pages and panels show.
public struct ShownFind: Sendable {
  public var find: TrackedFind
  /// Around it in all of its frames, as displayed.
  public var box: Box
  /// Of its first frame, in seconds since the video's first one; nil where it is not known.
  public var time: Double?
  /// The number of the frame that is shown.
  public var frame: Int
  public var picture: FindPicture

  public init(find: TrackedFind, box: Box, time: Double?, frame: Int, picture: FindPicture) {
    (self.find, self.box, self.time) = (find, box, time)
    (self.frame, self.picture) = (frame, picture)
  }

  /// `frames 12-40, 0.480 s`.
  var when: String {
    let (first, last) = (find.frames.lowerBound, find.frames.upperBound - 1)
    let frames = first < last ? "frames \(first)-\(last)" : "frame \(first)"
    return frames + (time.map { String(format: ", %.3f s", $0) } ?? "")
  }
}
