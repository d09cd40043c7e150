import Frames

/// Hard thresholding of groups of patches in the second pass.
///
/// Not for holes that stay: patches like the surroundings of such a hole are found in every frame, so that held-out samples
/// there overestimate it, while within the hole it is 0.6 dB worse than the others.
struct GroupedThresholdingEstimator: Estimator {
  let id = EstimatorID.groups
  let stage = EstimatorStage.secondPass
  let holes = HoleKind.changingWithinFrames
  var thresholding = GroupedThresholding()

  func estimate(_ site: SiteInputs) throws -> Estimate {
    try thresholding.refine(site.start(.stacked), in: site.samples, context: site.context)
  }
}

extension EstimatorID {
  static let groups = EstimatorID("groups")
}
