extension ColourEncoding {
  /// The colour that luma and chroma samples of some bit depth stand for, clipped and rounded to 8 bits.
  public func colour(luma: Int, chromaBlue: Int, chromaRed: Int, bitDepth: Int) -> MaskColour {
    let colour = signals(luma: luma, chromaBlue: chromaBlue, chromaRed: chromaRed, bitDepth: bitDepth)
    return MaskColour(
      red: Self.byte(colour.red), green: Self.byte(colour.green), blue: Self.byte(colour.blue))
  }

  /// The same, 0 ... 1 and beyond where samples stand for no colour.
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

  /// The gray that a luma sample alone stands for, of 8 bits.
  public func gray(luma: Int, bitDepth: Int) -> UInt8 {
    let step = Double(1 << max(bitDepth - 8, 0))
    return Self.byte(
      isFullRange ? Double(luma) / Double((1 << bitDepth) - 1) : (Double(luma) / step - 16) / 219)
  }

  private static func byte(_ value: Double) -> UInt8 { UInt8((min(max(value, 0), 1) * 255).rounded()) }
}
