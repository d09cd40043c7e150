import Frames
import Media

/// What a hole is called on a report's page.
public enum HoleKind: UInt8, PictureKind {
  /// Spots: scratches and hairs, a few samples, and all others.
  case line
  case point
  case blotch
  /// What is no spot, or may be one: the page does not always know.
  case other
}

/// A kind that a picture can tell: one of eight at most, numbered from 0.
public protocol PictureKind: RawRepresentable, Sendable where RawValue == UInt8 {}

/// Which pixels of a page's picture cover something missing, and of which kind.
public struct HoleMap<Kind: PictureKind>: Sendable {
  public let width: Int
  public let height: Int
  /// (height, width); nil where all is known.
  public private(set) var kinds: [Kind?]

  /// - Parameters:
  ///   - masks: in displayed orientation. Where a pixel covers holes of several kinds, it is of the last one's.
  ///   - view: that the pictures beside it have.
  public init(_ masks: [(kind: Kind, mask: FrameMask)], in view: PictureView) {
    (width, height) = (view.width, view.height)
    kinds = [Kind?](repeating: nil, count: width * height)
    for (kind, mask) in masks where !mask.missing.isEmpty {
      for (i, isCovered) in view.coverage(of: mask).enumerated() where isCovered { kinds[i] = kind }
    }
  }

  /// The map as a picture that the page's script reads: red is bright where something is missing, and green and blue are the
  /// lower bits of its kind's number, so that what is of no known kind is white. The third bit takes a quarter of the red.
  var picture: RGBPicture {
    RGBPicture(
      width: width, height: height,
      inks: kinds.lazy.map { kind in
        kind.map {
          Ink(
            $0.rawValue & 4 == 0 ? 255 : 191, $0.rawValue & 1 == 0 ? 0 : 255, $0.rawValue & 2 == 0 ? 0 : 255)
        } ?? Ink(gray: 0)
      })
  }
}

extension PictureView {
  /// (height, width) in the view's size: whether a pixel covers something missing, be it a scratch that is thinner than a
  /// pixel.
  func coverage(of mask: FrameMask) -> [Bool] {
    var result = [Bool](repeating: false, count: width * height)
    if mask.missing.isEmpty { return result }
    let columns = Self.pixels(of: crop.width, in: width)
    let rows = Self.pixels(of: crop.height, in: height)
    for y in crop.y..<crop.y + crop.height where !mask.isKnown(row: y) {
      for x in crop.x..<crop.x + crop.width where mask.missing[y * mask.width + x] != 0 {
        for row in rows[y - crop.y] {
          for column in columns[x - crop.x] { result[row * width + column] = true }
        }
      }
    }
    return result
  }

  /// The pixels that show each sample: where there are fewer of them than samples, the one in which its middle lies.
  private static func pixels(of count: Int, in pixels: Int) -> [Range<Int>] {
    (0..<count).map { sample in
      if pixels < count {
        let pixel = (2 * sample + 1) * pixels / (2 * count)
        return pixel..<pixel + 1
      }
      // The pixels whose first place lies in it, as in `mask(_:)`.
      return (sample * pixels + count - 1) / count..<((sample + 1) * pixels + count - 1) / count
    }
  }
}
