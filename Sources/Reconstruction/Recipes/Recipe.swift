import Fitting

/// What a preset runs at each site: estimators, and how they are stacked.
struct Recipe: Sendable {
  let representation: RepresentationEstimator
  /// In the order in which they are stacked; no two of one identifier are for the same holes.
  var estimators: [any Estimator]
  /// Estimators with a smaller mean weight are left out of the result: they cost time, and a small weight from few held-out
  /// samples is mostly chance.
  let negligibleWeight: Double
  /// How spots are filled, which are not solved in sites.
  let spots: SpotRecipe
  /// True for slices of a volume, false for frames of a video.
  var isVolume: Bool

  /// - Parameter fit: instead of what the settings say of it.
  init(settings: RestorationSettings, fit: FitSettings? = nil) {
    representation = RepresentationEstimator(fit: fit ?? Self.fit(settings))
    isVolume = settings.volume != nil
    negligibleWeight = PresetTable.negligibleWeight[settings.preset]
    spots = PresetTable.spots[settings.preset]
    estimators = PresetTable.estimators(settings.preset, isVolume: isVolume, representation)
  }

  /// True if the representation is the result, with nothing to compete with.
  var isFitAlone: Bool { estimators.allSatisfy { $0.stage == .representation } }

  /// The estimators that get equal weights where nothing could be held out: all refinements that start from the others. In
  /// a volume (say, one whose every other slice is missing) three that err in different ways: level surfaces, motion between
  /// slices, and long blocks.
  ///
  /// - Parameter estimators: all of the first pass for the holes.
  func withoutHoldOut(_ estimators: [any Estimator]) -> [any Estimator] {
    let different: [EstimatorID] = [.surfaces, .motion, .longBlocks]
    let chosen = estimators.filter { different.contains($0.id) }
    if isVolume && chosen.count == different.count { return chosen }
    // Separable terms are far off where the signal has none: only hold-out can tell.
    return estimators.filter { $0.stage == .refinement && $0.id != .separableTerms }
  }
}
