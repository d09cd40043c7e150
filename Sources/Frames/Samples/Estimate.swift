/// What an estimator makes of a site: a value for every sample of every plane, in the planes' own order.
public struct Estimate: Sendable {
  public var planes: [[Float]]

  public init(planes: [[Float]]) { self.planes = planes }
}
