import Frames
import Media

/// The conversion between red, green, blue and a stream's luma and chroma.
public struct ColourEncoding: Sendable, Equatable {
  /// The weights of red and blue in luma; green has the rest.
  public var redWeight: Double
  public var blueWeight: Double
  /// Full range: luma of 0 ... 255 (of 8 bits). Limited range otherwise: 16 ... 235.
  public var isFullRange: Bool

  public init(redWeight: Double, blueWeight: Double, isFullRange: Bool) {
    (self.redWeight, self.blueWeight, self.isFullRange) = (redWeight, blueWeight, isFullRange)
  }

  public static func bt601(isFullRange: Bool = false) -> ColourEncoding {
    ColourEncoding(redWeight: 0.299, blueWeight: 0.114, isFullRange: isFullRange)
  }

  public static func bt709(isFullRange: Bool = false) -> ColourEncoding {
    ColourEncoding(redWeight: 0.2126, blueWeight: 0.0722, isFullRange: isFullRange)
  }

  /// The sample of a plane for a colour; nil for alpha.
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

extension ColourEncoding {
  /// The colour of luma and chroma samples, clipped and rounded to 8 bits.
  public func colour(luma: Int, chromaBlue: Int, chromaRed: Int, bitDepth: Int) -> MaskColour {
    let colour = signals(luma: luma, chromaBlue: chromaBlue, chromaRed: chromaRed, bitDepth: bitDepth)
    return MaskColour(
      red: Self.byte(colour.red), green: Self.byte(colour.green), blue: Self.byte(colour.blue))
  }

  /// The same, unclipped: within 0 ... 1, and outside of it for samples that no colour has.
  public func signals(
    luma: Int, chromaBlue: Int, chromaRed: Int, bitDepth: Int
  ) -> (red: Double, green: Double, blue: Double) {
    let maximum = Double((1 << bitDepth) - 1)
    let step = Double(1 << max(bitDepth - 8, 0))
    let middle = Double(1 << (bitDepth - 1))
    let y = isFullRange ? Double(luma) / maximum : (Double(luma) / step - 16) / 219
    let chromaRange = isFullRange ? maximum : 224 * step
    let blue = y + (Double(chromaBlue) - middle) / chromaRange * 2 * (1 - blueWeight)
    let red = y + (Double(chromaRed) - middle) / chromaRange * 2 * (1 - redWeight)
    let green = (y - redWeight * red - blueWeight * blue) / (1 - redWeight - blueWeight)
    return (red, green, blue)
  }

  /// The gray of a luma sample, 8 bits.
  public func gray(luma: Int, bitDepth: Int) -> UInt8 {
    let step = Double(1 << max(bitDepth - 8, 0))
    return Self.byte(
      isFullRange ? Double(luma) / Double((1 << bitDepth) - 1) : (Double(luma) / step - 16) / 219)
  }

  private static func byte(_ value: Double) -> UInt8 { UInt8((min(max(value, 0), 1) * 255).rounded()) }
}

extension ColourEncoding {
  /// The encoding that a video's metadata say, or where they say nothing, the one that players assume.
  public init(of info: VideoInfo) {
    let isFullRange =
      info.colorRange == "pc" || info.colorRange == "full" || info.colorRange == "jpeg"
      || info.pixelFormat.hasPrefix("yuvj")
    switch info.displayedMatrix {
    case "bt709": self = .bt709(isFullRange: isFullRange)
    case "fcc": self.init(redWeight: 0.30, blueWeight: 0.11, isFullRange: isFullRange)
    case "smpte240m": self.init(redWeight: 0.212, blueWeight: 0.087, isFullRange: isFullRange)
    case "bt2020nc", "bt2020c": self.init(redWeight: 0.2627, blueWeight: 0.0593, isFullRange: isFullRange)
    default: self = .bt601(isFullRange: isFullRange)
    }
  }
}

/// A colour as people write it, `#00ff00`; each component 0 ... 255.
public struct MaskColour: Sendable, Equatable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
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
