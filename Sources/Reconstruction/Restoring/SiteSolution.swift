import Fitting
import Frames

/// What came out for a window: the estimate, and how it was reached.
public struct SiteSolution: Sendable {
  /// Only the values of missing samples are ever read.
  public var estimate: Estimate
  public var iterations: Int
  public var stopReason: StopReason
  /// Sum of squared errors, full scale = 1, over the hold-out samples, and their number.
  public var heldOutError: Double
  public var heldOutSamples: Int
  /// Mean weight of each estimator.
  public var weights: [String: Double]

  public init(
    estimate: Estimate, iterations: Int, stopReason: StopReason, heldOutError: Double,
    heldOutSamples: Int, weights: [String: Double]
  ) {
    self.estimate = estimate
    self.iterations = iterations
    self.stopReason = stopReason
    self.heldOutError = heldOutError
    self.heldOutSamples = heldOutSamples
    self.weights = weights
  }
}
