import Frames

/// Propagation along motion (`MotionPropagation`), from the stacked interpolations and representation.
struct MotionEstimator: Estimator {
  let id = EstimatorID.motion
  let stage = EstimatorStage.motion
  var holes = HoleKind.any
  /// The estimator that stands in where the motion is wrong in compact holes.
  let fallback: EstimatorID

  func estimate(_ site: SiteInputs) throws -> Estimate {
    var propagation = MotionPropagation(fill: try site.stackedWithRepresentation())
    if !site.holes.isScattered { propagation.fallback = try site.estimate(by: fallback) }
    if let earlier = site.earlier {
      // What was propagated before differs little from what will be, so that its motion needs to be followed only once.
      propagation.guide = try earlier.start(.estimate(id))
      propagation.passes = 1
      propagation.chain = site.chain
    } else if site.holes.isStatic && !site.isSecondPass {
      // What other frames show of holes that stay is far away in time: further passes find hardly more.
      propagation.passes = 1
    }
    return try propagation.estimate(site.samples, context: site.context)
  }
}

extension EstimatorID {
  static let motion = EstimatorID("motion")
}
