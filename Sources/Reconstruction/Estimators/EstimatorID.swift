/// Which estimator an estimate comes from. Each estimator's folder declares its own identifiers.
struct EstimatorID: Hashable, Sendable {
  /// The name in reports, which scripts rely on.
  let name: String

  init(_ name: String) { self.name = name }
}
