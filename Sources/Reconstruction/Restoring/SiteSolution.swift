import Fitting
import Frames

/// What came out for a site: the estimate, and how it was reached.
public struct SiteSolution: Sendable {
  /// Only the values of missing samples are ever read.
  public var estimate: Estimate
  public var iterations: Int
  public var stopReason: StopReason
  /// Over the hold-out samples.
  public var heldOut: ErrorSum
  /// Mean weight of each estimator.
  public var weights: [EstimatorID: Double]

  public init(
    estimate: Estimate, iterations: Int, stopReason: StopReason, heldOut: ErrorSum,
    weights: [EstimatorID: Double]
  ) {
    self.estimate = estimate
    self.iterations = iterations
    self.stopReason = stopReason
    self.heldOut = heldOut
    self.weights = weights
  }
}
