import Frames

/// How a coded picture is turned before it is displayed: mirrored left to right first, then turned clockwise.
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

  /// Brings a mask drawn on the displayed picture to the coded one.
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

  /// For each sample of the displayed picture, row by row, where it lies in the coded one.
  ///
  /// - Parameters:
  ///   - width: of the coded picture.
  ///   - height: of the coded picture.
  public func codedIndices(width: Int, height: Int) -> [Int] {
    let displayed = displayedSize(width: width, height: height)
    var places = [Int](repeating: 0, count: width * height)
    for displayedY in 0..<displayed.height {
      for displayedX in 0..<displayed.width {
        let (unmirroredX, y) =
          switch quarterTurns {
          case 1: (displayedY, height - 1 - displayedX)
          case 2: (width - 1 - displayedX, height - 1 - displayedY)
          case 3: (width - 1 - displayedY, displayedX)
          default: (displayedX, displayedY)
          }
        let x = mirrored ? width - 1 - unmirroredX : unmirroredX
        places[displayedY * displayed.width + displayedX] = y * width + x
      }
    }
    return places
  }

  /// Brings a mask on the coded picture to the displayed one.
  public func displayedMask(fromCoded mask: FrameMask) -> FrameMask {
    // Turning back by the same means: a mirrored turn is its own inverse, a plain one turns the other way.
    let inverse = mirrored ? self : DisplayOrientation(quarterTurns: -quarterTurns)
    return inverse.codedMask(fromDisplayed: mask)
  }
}
