import Foundation

/// A learning rate that falls along half a cosine from `rate` to `rate * floor` (Loshchilov, Hutter, ICLR 2017,
/// arXiv 1608.03983, without restarts).
public struct CosineSchedule: Sendable {
  public var rate: Float
  /// Last rate over first.
  public var floor: Float
  public var iterations: Int

  public init(rate: Float, floor: Float = 0.02, iterations: Int) {
    self.rate = rate
    self.floor = floor
    self.iterations = iterations
  }

  public func rate(at iteration: Int) -> Float {
    let progress = iterations > 0 ? min(1, Double(iteration) / Double(iterations)) : 1
    let wave = Float(0.5 * (1 + cos(Double.pi * progress)))
    return rate * (floor + (1 - floor) * wave)
  }
}
