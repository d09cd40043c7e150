import Frames

/// How a stream's luma and chroma stand for red, green and blue.
public struct ColourEncoding: Sendable, Equatable {
  /// The weights of red and blue in luma; green has the rest.
  public var redWeight: Double
  public var blueWeight: Double
  /// True where luma takes 0 ... 255 (of 8 bits), false where it takes 16 ... 235.
  public var isFullRange: Bool

  public init(redWeight: Double, blueWeight: Double, isFullRange: Bool) {
    self.redWeight = redWeight
    self.blueWeight = blueWeight
    self.isFullRange = isFullRange
  }

  public static func bt601(isFullRange: Bool = false) -> ColourEncoding {
    ColourEncoding(redWeight: 0.299, blueWeight: 0.114, isFullRange: isFullRange)
  }

  public static func bt709(isFullRange: Bool = false) -> ColourEncoding {
    ColourEncoding(redWeight: 0.2126, blueWeight: 0.0722, isFullRange: isFullRange)
  }

  public static func bt2020(isFullRange: Bool = false) -> ColourEncoding {
    ColourEncoding(redWeight: 0.2627, blueWeight: 0.0593, isFullRange: isFullRange)
  }

  /// The sample that a plane holds where a colour (each component 0 ... 1) was stored; nil for alpha.
  public func sample(of colour: MaskColour, role: PlaneRole, bitDepth: Int) -> Int? {
    let (red, green, blue) = (Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255)
    let maximum = Double((1 << bitDepth) - 1)
    let luma = redWeight * red + (1 - redWeight - blueWeight) * green + blueWeight * blue
    // Limited range is defined in steps of 8 bits, scaled by powers of two.
    let step = Double(1 << max(bitDepth - 8, 0))
    let middle = Double(1 << (bitDepth - 1))
    let value: Double
    switch role {
    case .red: value = red * maximum
    case .green: value = green * maximum
    case .blue: value = blue * maximum
    case .luma: value = isFullRange ? luma * maximum : (16 + 219 * luma) * step
    case .chromaBlue:
      value = middle + (blue - luma) / (2 * (1 - blueWeight)) * (isFullRange ? maximum : 224 * step)
    case .chromaRed:
      value = middle + (red - luma) / (2 * (1 - redWeight)) * (isFullRange ? maximum : 224 * step)
    case .alpha: return nil
    }
    return min(max(Int(value.rounded()), 0), (1 << bitDepth) - 1)
  }
}

/// A colour as people write it, `#00ff00`; each component 0 ... 255.
public struct MaskColour: Sendable, Equatable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `#00ff00` or `00ff00`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let digits = text.hasPrefix("#") ? text.dropFirst() : Substring(text)
    guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
      throw MaskError(
        .options,
        "'\(text)' is no colour: write '#00ff00', two hexadecimal digits for each of red, green, blue")
    }
    self.init(red: UInt8(value >> 16), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
  }
}
