import Frames

/// The spots of a window's frames, which are solved together.
public struct SpotUnit: WorkUnit {
  public let box: Box
  public let settings: RestorationSettings
  let content: WindowContent
  let format: FrameFormat
  /// What is missing and a spot, of each frame; the window's masks hold other holes besides.
  let spots: [FrameMask]

  init(_ spots: [FrameMask], of content: WindowContent, format: FrameFormat, settings: RestorationSettings) {
    box = Box(x: 0, y: 0, width: format.width, height: format.height)
    (self.spots, self.content, self.format, self.settings) = (spots, content, format, settings)
  }

  public var firstFrame: Int { content.first }
  public var frames: Int { content.frames.count }

  public var place: UnitPlace {
    UnitPlace(first: firstFrame, frames: frames, box: box, own: content.own ?? 0..<frames)
  }

  public var missingCounts: [[Int]] {
    spots.map { mask in format.planes.map { mask.missingCount(in: $0) } }
  }

  public func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void) {
    for t in content.frames.indices {
      for plane in content.frames[t].planes { plane.withUnsafeBytes(body) }
      content.masks[t].missing.withUnsafeBytes(body)
      spots[t].missing.withUnsafeBytes(body)
    }
  }
}
