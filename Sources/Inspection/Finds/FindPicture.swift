import Detection
import Frames
import Media

/// A find's place in one frame, cut out as it is displayed.
public struct FindPicture: Sendable {
  /// What is shown of the frame, in samples as displayed.
  public let crop: Box
  /// Of the crop; smaller than it where that is large.
  public let picture: RGBPicture
  /// What was found there, in samples of the crop's frame as displayed.
  public let parts: [Box]

  /// Sides of a crop in samples: twice a find's, but not less and not more.
  private static let sides = 48...96
  /// Boxes that are kept of a find, at most.
  private static let mostParts = 400

  /// - Parameters:
  ///   - frame: the whole frame as displayed.
  ///   - parts: those of the find that are in it, as displayed; at least one.
  ///   - aspect: width of a sample by its height.
  public init(of frame: RGBPicture, parts: [Box], aspect: Double) {
    let crop = Self.crop(around: parts, width: frame.width, height: frame.height)
    let longest = Double(max(crop.width, crop.height, 1))
    let zoom = min(1, Double(Self.sides.upperBound) / longest)
    self.crop = crop
    picture = PictureView(
      width: frame.width, height: frame.height, crop: crop, zoom: zoom, aspect: aspect
    ).picture(frame)
    self.parts = Array(parts.lazy.compactMap { $0.overlap(crop) }.prefix(Self.mostParts))
  }

  /// A square around a find, within the frame; the whole frame for one that fills an eighth of it. Of one that is longer than the
  /// square, such as a scratch, it is the middle.
  static func crop(around parts: [Box], width: Int, height: Int) -> Box {
    let whole = Box(x: 0, y: 0, width: width, height: height)
    guard let first = parts.first else { return whole }
    let box = parts.dropFirst().reduce(first) { $0.union($1) }
    if parts.reduce(0, { $0 + $1.area }) >= width * height / 8 { return whole }
    let side = min(max(2 * max(box.width, box.height), sides.lowerBound), sides.upperBound)
    // The middle of a find that leans or wanders may lie beside it: a part of it does not.
    let middle = parts.sorted { ($0.y, $0.x) < ($1.y, $1.x) }[parts.count / 2]
    let isLong = max(box.width, box.height) > side
    let (x, y) =
      isLong && parts.count > 1
      ? (middle.x + middle.width / 2, middle.y + middle.height / 2)
      : (box.x + box.width / 2, box.y + box.height / 2)
    let (columns, rows) = (min(side, width), min(side, height))
    return Box(
      x: min(max(x - columns / 2, 0), width - columns), y: min(max(y - rows / 2, 0), height - rows),
      width: columns, height: rows)
  }
}

extension Box {
  /// What two boxes share; nil where that is nothing.
  fileprivate func overlap(_ other: Box) -> Box? {
    let (left, top) = (max(x, other.x), max(y, other.y))
    let (right, bottom) = (min(x + width, other.x + other.width), min(y + height, other.y + other.height))
    return left < right && top < bottom
      ? Box(x: left, y: top, width: right - left, height: bottom - top) : nil
  }
}
