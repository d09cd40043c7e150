import Fitting
import Frames

/// What came out for a site: the estimate, and how it was reached.
struct SiteSolution: Sendable {
  /// Of all samples, known ones among them.
  var estimate: Estimate
  var iterations: Int
  var stopReason: StopReason
  /// Over the hold-out samples.
  var heldOut: ErrorSum
  /// Over the missing samples; nil where it can't be told.
  var expected: ExpectedError?
  /// Mean weight of each estimator.
  var weights: [EstimatorID: Double]
}
