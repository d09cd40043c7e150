/// A ratio of two integers: a frame rate, a time base or an aspect ratio.
public struct Rational: Sendable, Hashable, Codable, CustomStringConvertible {
  public var numerator: Int
  public var denominator: Int

  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The ratio as a number; 0 where the denominator is 0.
  public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }

  public var description: String { "\(numerator)/\(denominator)" }
}
