import Frames

/// Which side of the threshold means missing.
public enum MaskPolarity: String, Sendable, CaseIterable {
  case whiteIsMissing = "white-is-missing"
  case blackIsMissing = "black-is-missing"
}

/// Turns a mask's picture into missing and known samples.
public struct MaskThreshold: Sendable, Equatable {
  public var polarity: MaskPolarity
  /// A sample at or above it is white; 0 ... 255 whatever the bit depth.
  public var level: Int

  public init(polarity: MaskPolarity = .whiteIsMissing, level: Int = 128) {
    precondition((0...255).contains(level), "a threshold lies in 0 ... 255")
    self.polarity = polarity
    self.level = level
  }

  /// The mask that a picture stands for, in the picture's own orientation.
  ///
  /// Luma (or gray) decides; of RGB planes their mean. A picture that is not opaque everywhere is taken for a
  /// drawing on a transparent sheet: if whatever is visible lies on one side of the threshold, what is drawn
  /// counts as white, else transparent samples count as black.
  public func mask(of picture: Frame) -> FrameMask {
    let format = picture.format
    var white = whiteSamples(of: picture)
    if let alpha = format.planes.firstIndex(where: { $0.role == .alpha }) {
      combine(&white, withAlpha: picture.planes[alpha], format: format)
    }
    if polarity == .blackIsMissing {
      for i in white.indices { white[i] ^= 1 }
    }
    return FrameMask(width: format.width, height: format.height, missing: white)
  }

  /// 1 where the picture is white, 0 elsewhere; transparency aside.
  private func whiteSamples(of picture: Frame) -> [UInt8] {
    let format = picture.format
    let limit = scaledLevel(bitDepth: format.bitDepth)
    let colours = format.planes.indices.filter { [.red, .green, .blue].contains(format.planes[$0].role) }
    if colours.count == 3 {
      let (a, b, c) = (picture.planes[colours[0]], picture.planes[colours[1]], picture.planes[colours[2]])
      return a.indices.map { Int(a[$0]) + Int(b[$0]) + Int(c[$0]) >= 3 * limit ? 1 : 0 }
    }
    let plane = format.planes.firstIndex { $0.role == .luma } ?? colours.first ?? 0
    return picture.planes[plane].map { Int($0) >= limit ? 1 : 0 }
  }

  private func combine(_ white: inout [UInt8], withAlpha alpha: [UInt16], format: FrameFormat) {
    let opaque = UInt16(format.maximumValue)
    if alpha.allSatisfy({ $0 == opaque }) { return }
    let visible = UInt16(scaledLevel(bitDepth: format.bitDepth, level: 128))
    var sides: Set<UInt8> = []
    for i in alpha.indices where alpha[i] >= visible { sides.insert(white[i]) }
    let isDrawing = sides.count <= 1
    for i in white.indices {
      if alpha[i] < visible {
        white[i] = 0
      } else if isDrawing {
        white[i] = 1
      }
    }
  }

  private func scaledLevel(bitDepth: Int, level: Int? = nil) -> Int {
    let level = level ?? self.level
    if bitDepth >= 8 { return level << (bitDepth - 8) }
    // Rounded up: a 1-bit picture's white is white for any threshold above 0.
    return (level * ((1 << bitDepth) - 1) + 254) / 255
  }
}
