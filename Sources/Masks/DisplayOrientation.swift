import Frames
import Media

/// How a stored (coded) picture becomes the displayed one: it is mirrored left to right first, then turned clockwise.
public struct DisplayOrientation: Sendable, Equatable {
  /// Clockwise quarter turns, 0 ... 3.
  public var quarterTurns: Int
  public var mirrored: Bool

  public init(quarterTurns: Int = 0, mirrored: Bool = false) {
    self.quarterTurns = ((quarterTurns % 4) + 4) % 4
    self.mirrored = mirrored
  }

  public static let upright = DisplayOrientation()

  /// The displayed size of a picture of a coded size.
  public func displayedSize(width: Int, height: Int) -> (width: Int, height: Int) {
    quarterTurns % 2 == 0 ? (width, height) : (height, width)
  }

  /// Turns a mask of the displayed picture into one of the coded picture.
  public func codedMask(fromDisplayed mask: FrameMask) -> FrameMask {
    let (width, height) = displayedSize(width: mask.width, height: mask.height)
    if mask.missing.isEmpty || self == .upright {
      return FrameMask(width: width, height: height, missing: mask.missing)
    }
    var coded = [UInt8](repeating: 0, count: mask.missing.count)
    for (displayed, place) in codedIndices(width: width, height: height).enumerated() {
      coded[place] = mask.missing[displayed]
    }
    return FrameMask(width: width, height: height, missing: coded)
  }

  /// Where a sample of the displayed picture lies in the coded one, whose size is given.
  public func codedPlace(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    let place =
      switch quarterTurns {
      case 1: (x: y, y: height - 1 - x)
      case 2: (x: width - 1 - x, y: height - 1 - y)
      case 3: (x: width - 1 - y, y: x)
      default: (x: x, y: y)
      }
    return (mirrored ? width - 1 - place.x : place.x, place.y)
  }

  /// For each sample of the displayed picture, row by row, where it lies in the coded one.
  ///
  /// - Parameters:
  ///   - width: of the coded picture, like `height`.
  public func codedIndices(width: Int, height: Int) -> [Int] {
    let displayed = displayedSize(width: width, height: height)
    var places = [Int](repeating: 0, count: width * height)
    for displayedY in 0..<displayed.height {
      for displayedX in 0..<displayed.width {
        let place = codedPlace(x: displayedX, y: displayedY, width: width, height: height)
        places[displayedY * displayed.width + displayedX] = place.y * width + place.x
      }
    }
    return places
  }

  /// Turns a mask of the coded picture into one of the displayed picture.
  public func displayedMask(fromCoded mask: FrameMask) -> FrameMask {
    inverse.codedMask(fromDisplayed: mask)
  }

  /// Where a box of the coded picture lies in the displayed one.
  ///
  /// - Parameters:
  ///   - width: of the coded picture, like `height`.
  public func displayedBox(fromCoded box: Box, width: Int, height: Int) -> Box {
    let displayed = displayedSize(width: width, height: height)
    func place(_ x: Int, _ y: Int) -> Box {
      let place = inverse.codedPlace(x: x, y: y, width: displayed.width, height: displayed.height)
      return Box(x: place.x, y: place.y, width: 1, height: 1)
    }
    return place(box.x, box.y).union(place(box.x + box.width - 1, box.y + box.height - 1))
  }

  /// From the displayed picture to the coded one.
  private var inverse: DisplayOrientation {
    // A mirrored turn is its own inverse; the inverse of a plain one turns the other way.
    mirrored ? self : DisplayOrientation(quarterTurns: -quarterTurns)
  }
}

extension DisplayOrientation {
  /// How a video's frames are turned for display. A turn by another angle than multiples of 90 degrees is rounded to the
  /// nearest one.
  public init(of info: VideoInfo) {
    self.init(quarterTurns: Int((Double(info.rotation) / 90).rounded()), mirrored: info.isMirrored)
  }
}
