import Frames
import Media

extension ReportData {
  /// What was found of an overlay, and what it looks like.
  public struct Overlay: Sendable, Encodable {
    /// What the summary says of it, or which file it is from.
    public var text: String
    /// How much it hides, white where that is all, and its colour where it hides something, on black: data: URLs. Nil where it is
    /// filled in.
    public private(set) var opacity: String?
    public private(set) var colour: String?

    /// Longest side of its pictures, in pixels, and by how much smaller ones are enlarged at most.
    private static let (side, mostZoom) = (480.0, 4.0)

    public init(text: String) { self.text = text }

    /// With the part of both pictures in which something is hidden; they have the displayed frame's size.
    ///
    /// - Parameter aspect: width of a sample by its height.
    /// - Throws: `MediaError`.
    public init(text: String, opacity: RGBPicture, colour: RGBPicture, aspect: Double) throws {
      self.text = text
      let whole = PictureView(width: opacity.width, height: opacity.height, crop: opacity.lit, aspect: aspect)
      let zoom = Self.side / Double(max(whole.width, whole.height))
      let view = PictureView(
        width: opacity.width, height: opacity.height, crop: whole.crop,
        zoom: zoom < 1 ? zoom : min(zoom.rounded(.down), Self.mostZoom), aspect: aspect)
      self.opacity = try dataURL(view.picture(opacity), as: .png)
      self.colour = try dataURL(view.picture(colour), as: .png)
    }
  }
}

extension RGBPicture {
  /// Around all that is not black, with some more; nil where all is.
  fileprivate var lit: Box? {
    var (left, right, top, bottom) = (width, -1, height, -1)
    for y in 0..<height {
      for x in 0..<width
      where samples[(y * width + x) * 3..<(y * width + x) * 3 + 3].contains(where: { $0 > 0 }) {
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      }
    }
    if right < 0 { return nil }
    let margin = 4
    let (x, y) = (max(0, left - margin), max(0, top - margin))
    return Box(
      x: x, y: y, width: min(width, right + margin + 1) - x, height: min(height, bottom + margin + 1) - y)
  }
}
