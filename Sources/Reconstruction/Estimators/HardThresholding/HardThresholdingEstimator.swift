import Frames

/// Hard thresholding of blocks, at their places or along the motion.
struct HardThresholdingEstimator: Estimator {
  let id: EstimatorID
  let stage: EstimatorStage
  let holes: HoleKind
  let start: EstimatorStart
  /// Whether blocks follow the motion between frames.
  let followsMotion: Bool
  var thresholding: HardThresholding
  /// Rounds at most where most of what is missing are whole frames.
  let mostRoundsOfFrames: Int

  init(
    _ id: EstimatorID, _ thresholding: HardThresholding, from start: EstimatorStart = .stacked,
    followsMotion: Bool = false, stage: EstimatorStage = .refinement, holes: HoleKind = .any,
    mostRoundsOfFrames: Int = .max
  ) {
    (self.id, self.thresholding, self.start) = (id, thresholding, start)
    (self.followsMotion, self.stage, self.holes) = (followsMotion, stage, holes)
    self.mostRoundsOfFrames = mostRoundsOfFrames
  }

  func estimate(_ site: SiteInputs) throws -> Estimate {
    var thresholding = thresholding
    if site.holes.areMostlyFrames { thresholding.rounds = min(thresholding.rounds, mostRoundsOfFrames) }
    return try thresholding.refine(
      site.start(start), in: site.samples, along: followsMotion ? site.chain() : nil, context: site.context)
  }
}

extension EstimatorID {
  /// Blocks at their places: of 8 frames, also with a threshold that empties them first, and of 16 frames.
  static let blocks = EstimatorID("shrinkage")
  static let emptiedBlocks = EstimatorID("shrinkage-large")
  static let longBlocks = EstimatorID("shrinkage-long")
  /// The representation, refined.
  static let refinedRepresentation = EstimatorID("inr-shrinkage")
  /// What was propagated along motion, refined.
  static let refinedMotion = EstimatorID("motion-shrinkage")
  static let emptiedMotion = EstimatorID("motion-shrinkage-large")
  static let longMotion = EstimatorID("motion-shrinkage-long")
  /// Of the second pass: the first one's details, in blocks of 8 and of 16 frames, and motion as seen in what that made.
  static let details = EstimatorID("again")
  static let longDetails = EstimatorID("again-long")
  static let secondMotion = EstimatorID("again-motion")
}
