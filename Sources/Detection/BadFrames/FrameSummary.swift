import Frames

/// What is kept of a frame to tell whether it is bad.
struct FrameSummary: Sendable {
  let index: Int
  let lines: FrameLines
  let thumbnail: FrameThumbnail
  let small: SmallPicture
  /// Mean difference from the frame before, of each tile and in all; nothing and 0 of the first.
  let tileChanges: [Float]
  let change: Float

  init(_ frame: Frame, after previous: FrameSummary?, threads: Int) {
    index = frame.index
    lines = FrameLines(BrightnessPlane(frame), threads: threads)
    thumbnail = FrameThumbnail(lines)
    small = SmallPicture(thumbnail)
    let thumbnail = thumbnail
    let tileChanges = previous.map { thumbnail.tileDifferences(from: $0.thumbnail) } ?? []
    self.tileChanges = tileChanges
    change = tileChanges.reduce(0, +) / Float(max(1, tileChanges.count))
  }
}
