/// What estimates of an overlay reckon with of coding.
struct NoiseLevel: Sendable {
  /// The variance of a pixel about its neighbours, in squares of steps of 8 bits.
  let variance: Double
  /// The overlay's typical gain, by which it is stretched.
  let gain: Float

  static let none = NoiseLevel(variance: 0, gain: 1)
  /// The variance of samples about their neighbours, as it is counted here, over their own where they are independent.
  static let aboutNeighbours = 4.0

  /// Less than measured is reckoned with: part of it is what the picture's variance lacks, and of what lossless films have too.
  private static let (share, lossless, most) = (1.0 / 3, 4.0, 6.0)

  /// - Parameters:
  ///   - measured: by `CodingNoise.variance`; where little is hidden it can't be told from the picture, and hardly counts.
  ///   - gains: by which it was measured.
  init(measured: Double, gains: [Double]) {
    let gain = Self.typical(gains)
    let hidden = 1 - 1 / Double(gain * gain)
    self.init(variance: min(max(0, measured - Self.lossless) * Self.share, Self.most) * hidden, gain: gain)
  }

  private init(variance: Double, gain: Float) { (self.variance, self.gain) = (variance, gain) }

  /// The gain that three tenths of the samples exceed of those that are hidden at all.
  private static func typical(_ gains: [Double]) -> Float {
    let hidden = gains.filter { $0 > 1.08 }.sorted()
    return hidden.count > 10 ? Float(min(8, hidden[hidden.count * 7 / 10])) : 1
  }
}
