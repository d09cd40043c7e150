import Frames

/// An estimate that competes, and how it is made.
struct Entrant {
  var name: String
  var make: (SiteInputs) throws -> Estimate
}

/// Estimates of a window that compete on its held-out samples.
struct Contest {
  /// The window with its held-out samples.
  private let window: MaskedSamples
  /// An estimator whose mean weight is below this is left out of the result.
  private let negligibleWeight: Double
  private var names: [String] = []
  /// What was made without the held-out samples, and with them.
  private(set) var seen: [Estimate] = []
  private(set) var final: [Estimate] = []

  init(window: MaskedSamples, negligibleWeight: Double) {
    (self.window, self.negligibleWeight) = (window, negligibleWeight)
  }

  /// Lets entrants compete, with each other and with those that are left of an earlier pass; those that win are
  /// made anew with all that is known.
  ///
  /// - Parameters:
  ///   - judging: the window without its held-out samples.
  ///   - full: the window with all that is known.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Returns: the blend of what is left, in the order of `seen` and `final`.
  mutating func add(
    _ entrants: [Entrant], judging: SiteInputs, full: SiteInputs, observe: (Double) -> Void
  ) throws -> Stacking {
    let estimates = try entrants.enumerated().map { k, entrant in
      observe(0.45 * Double(k) / Double(entrants.count))
      return try entrant.make(judging)
    }
    let earlier = names.count
    let all = Stacking(names: names + entrants.map(\.name), estimates: seen + estimates, window: window)
    let weights = all.meanWeights
    let kept = all.names.indices.filter { (weights[all.names[$0]] ?? 0) >= negligibleWeight }
    final = try kept.enumerated().map { k, index in
      observe(0.45 + 0.55 * Double(k) / Double(kept.count))
      return index < earlier ? final[index] : try entrants[index - earlier].make(full)
    }
    seen = kept.map { $0 < earlier ? seen[$0] : estimates[$0 - earlier] }
    names = kept.map { all.names[$0] }
    return Stacking(names: names, estimates: seen, window: window)
  }
}
