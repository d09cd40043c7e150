import Foundation

extension RandomSource {
  /// Normally distributed with mean 0 and variance 1 (Box and Muller, doi:10.1214/aoms/1177706645).
  public mutating func normal() -> Float {
    let radius = sqrt(-2 * log(1 - Double(uniform())))
    return Float(radius * cos(2 * Double.pi * Double(uniform())))
  }
}

extension Matrix {
  /// Draws every element from the uniform distribution on [-bound, bound).
  public func fillUniform(bound: Float, from random: inout RandomSource) {
    for i in 0..<rows { for j in 0..<columns { self[i, j] = random.uniform(bound: bound) } }
  }

  /// Draws every element from the normal distribution with mean 0.
  public func fillNormal(deviation: Float, from random: inout RandomSource) {
    for i in 0..<rows { for j in 0..<columns { self[i, j] = deviation * random.normal() } }
  }
}
