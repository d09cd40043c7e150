import Frames

/// The competition of estimators on a site's held-out samples.
struct Contest {
  /// The samples, some of them held out.
  private let samples: MaskedSamples
  /// Estimators with a smaller mean weight are left out.
  private let negligibleWeight: Double
  private var ids: [EstimatorID] = []
  /// The estimates that are left, made without the held-out samples and with them.
  private(set) var seen: [Estimate] = []
  private(set) var final: [Estimate] = []

  init(samples: MaskedSamples, negligibleWeight: Double) {
    (self.samples, self.negligibleWeight) = (samples, negligibleWeight)
  }

  /// Lets estimators compete with each other and with those that are left of an earlier pass, and makes those that are left again
  /// with all known samples.
  ///
  /// - Parameters:
  ///   - judging: the site without its held-out samples.
  ///   - full: the site with all known samples.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Returns: how those that are left are stacked, in the order of `seen` and `final`.
  mutating func add(
    _ estimators: [any Estimator], judging: SiteInputs, full: SiteInputs, observe: (Double) -> Void
  ) throws -> Stacking {
    let estimators = try estimators.filter { try $0.competes(at: judging) }
    let estimates = try estimators.enumerated().map { k, estimator in
      observe(0.45 * Double(k) / Double(estimators.count))
      return try judging.estimate(by: estimator)
    }
    let earlier = ids.count
    let all = Stacking(ids: ids + estimators.map(\.id), estimates: seen + estimates, samples: samples)
    let weights = all.meanWeights
    let kept = all.ids.indices.filter { (weights[all.ids[$0]] ?? 0) >= negligibleWeight }
    final = try kept.enumerated().map { k, index in
      observe(0.45 + 0.55 * Double(k) / Double(kept.count))
      return index < earlier ? final[index] : try full.estimate(by: estimators[index - earlier])
    }
    seen = kept.map { $0 < earlier ? seen[$0] : estimates[$0 - earlier] }
    ids = kept.map { all.ids[$0] }
    return Stacking(ids: ids, estimates: seen, samples: samples)
  }
}
