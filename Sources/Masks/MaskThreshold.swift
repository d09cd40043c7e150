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
  /// - Parameter white: 1 where the picture is white.
  func mask(white: [UInt8], format: FrameFormat) -> FrameMask {
    var missing = white
    if polarity == .blackIsMissing {
      for i in missing.indices { missing[i] ^= 1 }
    }
    return FrameMask(width: format.width, height: format.height, missing: missing)
  }
}
