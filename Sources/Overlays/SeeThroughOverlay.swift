import Frames

/// An overlay that lets the picture through: `seen = (1 - opacity) * picture + veil`, with `veil = opacity * colour`, for each
/// sample of each plane.
public struct SeeThroughOverlay: Sendable, Equatable, Codable {
  /// Of one plane, within the samples that `box` covers.
  public struct Plane: Sendable, Equatable, Codable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int
    /// Row by row, 0 ..< 1: how much of the picture is hidden.
    public var opacity: [Float]
    /// Row by row, full scale = 1: what is added.
    public var veil: [Float]
    /// Row by row: whether the overlay may be there.
    public var mayHide: [Bool]
    /// Variance of what coding and rounding added to what is seen, full scale = 1.
    public var noise: Float = 0
    /// Mean square by which the picture beneath errs because opacity and veil do, full scale = 1.
    public var modelError: Float = 0
    /// Whether coding added more than rounding.
    public var isCoded = false
    /// Mean square that filling in is expected to err by at most, full scale = 1.
    public var fillError: Float = 0

    /// - Parameters:
    ///   - opacity: zero everywhere for nil.
    public init(_ area: PlaneBox, opacity: [Float]? = nil, veil: [Float]? = nil) {
      (x, y, width, height) = (area.x, area.y, area.width, area.height)
      let none = [Float](repeating: 0, count: area.count)
      self.opacity = opacity ?? none
      self.veil = veil ?? none
      mayHide = [Bool](repeating: true, count: area.count)
      precondition(
        self.opacity.count == area.count && self.veil.count == area.count,
        "a value for each sample of the box")
    }

    /// The mean of the squares by which errors of opacity grow, over samples that are hidden at all.
    public var meanStretch: Float {
      var (sum, count) = (Float(0), Float(0))
      for opacity in opacity where opacity > 0 {
        let stretch = opacity / (1 - opacity)
        sum += stretch * stretch
        count += 1
      }
      return count > 0 ? sum / count : 1
    }
  }

  /// In samples of the frame; its corner lies on samples of all planes.
  public var box: Box
  /// In the order of the frame's planes.
  public var planes: [Plane]

  /// Nothing is hidden by more than this.
  public static let mostOpacity: Float = 0.985

  /// Where it was looked for; nil for everywhere.
  var place: OverlayPlace?

  /// Whether a frame has it by what is missing there, of which it is the reason.
  public func isLaid(on mask: FrameMask) -> Bool { place?.isMissing(in: mask) ?? true }

  public init(box: Box, planes: [Plane]) { (self.box, self.planes) = (box, planes) }

  /// Whether it lies in frames of a format and has a value for each of their samples there.
  func fits(_ format: FrameFormat) -> Bool {
    func isInside(_ box: Box) -> Bool {
      box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.width <= format.width
        && box.height <= format.height && box.x <= format.width - box.width
        && box.y <= format.height - box.height
    }
    guard isInside(box), planes.count == format.planes.count else { return false }
    let arePlanes = zip(planes, format.planes).allSatisfy { plane, format in
      let area = PlaneBox(box, in: format)
      return (plane.x, plane.y, plane.width, plane.height) == (area.x, area.y, area.width, area.height)
        && [plane.opacity.count, plane.veil.count, plane.mayHide.count].allSatisfy { $0 == area.count }
    }
    guard arePlanes, let place else { return arePlanes }
    return isInside(place.box) && isInside(place.marked) && place.hole.count == place.box.area
  }

  /// The part of it in a box whose corner lies on samples of all planes.
  func cropped(to box: Box, format: FrameFormat) -> SeeThroughOverlay {
    let parts = zip(planes, format.planes).map { plane, format in
      let area = PlaneBox(box, in: format)
      var part = Plane(area)
      for i in 0..<area.count {
        let (y, x) = (area.y + i / area.width - plane.y, area.x + i % area.width - plane.x)
        guard (0..<plane.height).contains(y), (0..<plane.width).contains(x) else { continue }
        part.opacity[i] = plane.opacity[y * plane.width + x]
        part.veil[i] = plane.veil[y * plane.width + x]
      }
      return part
    }
    return SeeThroughOverlay(box: box, planes: parts)
  }

  /// The opacity that a quarter of the samples exceed of those of which something is hidden; 0 for none.
  public var typicalOpacity: Float {
    guard let plane = planes.first else { return 0 }
    let hidden = plane.opacity.filter { $0 > 0.03 }.sorted()
    return hidden.isEmpty ? 0 : hidden[hidden.count * 3 / 4]
  }
}
