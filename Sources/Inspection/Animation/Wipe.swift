import Foundation
import Media

/// A comparison as an animation: a vertical line moves to the right and back, with the restored picture on its left and
/// the damaged one on its right.
public struct Wipe {
  private let frames: [InspectedFrame]
  private let view: PictureView
  /// Number of pictures.
  public let count: Int

  /// - Parameters:
  ///   - frames: at least one. Several are played once while the line moves; a single one stands still.
  ///   - count: number of pictures for a single frame; several frames make one picture each.
  public init(frames: [InspectedFrame], view: PictureView, count: Int = 48) {
    precondition(!frames.isEmpty, "a wipe shows a frame at least")
    (self.frames, self.view) = (frames, view)
    self.count = frames.count > 1 ? frames.count : count
  }

  /// - Parameter index: 0 ..< count.
  public func picture(_ index: Int) -> RGBPicture {
    let frame = frames[min(index * frames.count / count, frames.count - 1)]
    let place = (1 - cos(2 * Double.pi * (Double(index) + 0.5) / Double(count))) / 2
    let damaged = view.picture(frame.damaged)
    let restored = view.picture(frame.restored)
    let edge = Int((place * Double(view.width)).rounded())
    var canvas = Canvas(damaged)
    for y in 0..<view.height where edge > 0 {
      let start = y * view.width * 3
      canvas.replace(from: start, with: restored.samples[start..<start + edge * 3])
    }
    let line = max(view.width / 300, 1)
    canvas.fill(x: edge - line / 2, y: 0, width: line, height: view.height, Ink(255, 255, 255))
    let font = LabelFont.ofSize(view.width / 25)
    let top = view.height - font.lineHeight - 6
    for (text, x, alignment, room) in [
      ("restored", edge - font.size / 2, Canvas.Alignment.right, edge),
      ("damaged", edge + font.size / 2, .left, view.width - edge),
    ] where font.width(of: text) + font.size < room {
      // A shadow makes it readable on any ground.
      canvas.write(text, x: x + 1, y: top + 1, font: font, ink: Ink(0, 0, 0), alignment: alignment)
      canvas.write(text, x: x, y: top, font: font, ink: Ink(255, 255, 255), alignment: alignment)
    }
    return canvas.picture
  }
}
