import Fitting
import Frames

/// What came out for a unit: values for its missing samples, and how they were reached.
public struct UnitSolution: Sendable {
  /// values[t][p]: of the missing samples of plane p in frame t, row by row, full scale = 1.
  public var values: [[[Float]]]
  public var iterations: Int
  public var stopReason: StopReason
  /// Over the hold-out samples.
  public var heldOut: ErrorSum
  /// Over the missing samples; nil where it can't be told.
  public var expected: ExpectedError?
  /// Mean weight of each estimator.
  public var weights: [EstimatorID: Double]

  public init(
    values: [[[Float]]], iterations: Int, stopReason: StopReason, heldOut: ErrorSum,
    expected: ExpectedError? = nil, weights: [EstimatorID: Double]
  ) {
    self.values = values
    self.iterations = iterations
    self.stopReason = stopReason
    (self.heldOut, self.expected) = (heldOut, expected)
    self.weights = weights
  }

  /// The values that a site's estimate has for the missing samples of its window.
  init(_ site: SiteSolution, of unit: SiteUnit) {
    self.init(
      values: Array(unit.samples.missingValues(of: site.estimate)[unit.window]), iterations: site.iterations,
      stopReason: site.stopReason, heldOut: site.heldOut, expected: site.expected, weights: site.weights)
  }

  /// A solution without values, for runs that only go through the units.
  public static func unread(of unit: any WorkUnit) -> UnitSolution {
    UnitSolution(
      values: unit.missingCounts.map { $0.map { [Float](repeating: 0, count: $0) } }, iterations: 0,
      stopReason: .interpolation, heldOut: ErrorSum(), weights: [:])
  }
}

extension MaskedSamples {
  /// [t][p]: what an estimate has for the missing samples of plane p in frame t, row by row.
  func missingValues(of estimate: Estimate) -> [[[Float]]] {
    (0..<frames).map { t in
      zip(planes, estimate.planes).map { plane, values in
        let area = plane.height * plane.width
        return (t * area..<(t + 1) * area).filter { plane.states[$0] == SampleState.missing }.map {
          values[$0]
        }
      }
    }
  }
}
