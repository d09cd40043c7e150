/// What each preset runs: a line for each figure that presets differ in, and a line for each estimator.
///
/// Figures were chosen by PSNR against time over the cases of Benchmarks/cases.py (videos) and Benchmarks/volumes.py. Lines
/// say what else is known of them; docs/decisions.md has what was compared.
enum PresetTable {
  /// A figure by preset. Preset `paper` fits its own representation and has no use for any.
  struct Figure<Value: Sendable>: Sendable {
    private let (fast, balanced, best): (Value, Value, Value)

    init(_ fast: Value, _ balanced: Value, _ best: Value) {
      (self.fast, self.balanced, self.best) = (fast, balanced, best)
    }

    subscript(preset: Preset) -> Value {
      switch preset {
      case .fast: fast
      case .balanced, .paper: balanced
      case .best: best
      }
    }
  }

  // MARK: Figures (fast, balanced, best)

  /// Most iterations of the fused fit of the Tucker INR: in videos, where hard thresholding makes up for what a short fit
  /// lacks, and in volumes.
  static let fusedIterations = Figure(16, 150, 400)
  static let fusedIterationsOfVolumes = Figure(40, 150, 400)
  /// Lower bounds on these, in videos only. Where whole frames are missing, or places in all frames, motion and hard
  /// thresholding do better than any fit, which only gives them a start; elsewhere, where over 40 % of the samples are known,
  /// those beside the holes constrain a short fit enough. 40 iterations were as good as 150 for missing frames, though not
  /// for missing slices of a volume.
  static let fusedIterationsOfFrames = Figure(15, 15, 120)
  static let fusedIterationsWhereMuchIsKnown = Figure(16, 60, 400)
  /// Iterations of each trial of penalties that are left open. `fast`, which is to take a quarter of the time of `balanced`,
  /// has none.
  static let trialIterations = Figure(0, 20, 60)
  /// Iterations of the general fit: of the Tucker INR with penalties that are not fused into its step, and of other models.
  static let generalTuckerIterations = Figure(80, 150, 400)
  static let iterationsOfFactorisation = Figure(500, 1000, 3000)
  static let iterationsOfNetworks = Figure(200, 400, 1500)
  /// The paper's: its authors' iterations, and their weight of INRR, 1e-6 on the undivided energy of 256 x 256 samples.
  static let paper = (iterations: 10_001, weight: Float(1e-6) * 65536)

  /// Rounds of hard thresholding; of `fast`, for a quarter of the time of `balanced`.
  static let rounds = Figure(30, 70, 120)
  /// Rounds at the end that average several tilings: one tiling a round before them is half the work for the same result.
  static let averagedRounds = Figure(3, 10, 12)
  static let tilings = Figure(4, 4, 6)
  /// Thresholds of the first round, full scale = 1: scattered holes need a gentle start, compact ones have to be emptied of
  /// what the start holds.
  static let gentleThreshold: Float = 0.15
  static let emptyingThreshold: Float = 0.8
  /// Thresholds of the last round. Volumes have more than 8 bits, and detail below a step of 8 bits.
  static let lastThreshold: Float = 0.015
  static let lastThresholdOfVolumes: Float = 0.006
  /// Rounds at most where most of what is missing are whole frames: more lead away from what motion shows.
  static let mostRoundsOfFrames = 70
  /// Rounds and first threshold of the second pass, which has only details left to find; better in 17 of 18 cases of volumes.
  static let details = (rounds: 50, threshold: Float(0.06))
  static let detailsOfVolumes = (rounds: 40, threshold: Float(0.03))

  /// Steps of level lines: in compact holes that stay, and in those that move, which other frames show as well.
  static let stepsOfStillLines = 20
  static let stepsOfMovingLines = Figure(8, 8, 20)
  /// Steps of level surfaces: across missing frames, and across slices.
  static let stepsOfFrames = Figure(25, 25, 50)
  static let stepsOfSlices = 200

  /// See `Recipe.negligibleWeight`. What is left out is not made anew, which is where `fast` saves.
  static let negligibleWeight = Figure(0.1, 0.06, 0.03)

  /// How spots are filled: `paper` has none.
  static let spots = Figure(
    SpotRecipe(flow: .quick, passes: 1, reach: 2, heldOut: 400),
    SpotRecipe(flow: .coarse, passes: 2, reach: 2, heldOut: 1200),
    SpotRecipe(flow: .coarse, passes: 3, reach: 3, heldOut: 1200))

  /// Separable terms at most.
  static let mostTerms = Figure(60, 160, 240)

  /// Rounds of alike patches at most; pictures gain less and less by each. `fast` has none.
  static let mostAlikeRounds = Figure(0, 12, 24)

  // MARK: Estimators

  static func estimators(
    _ preset: Preset, isVolume: Bool, _ representation: RepresentationEstimator
  ) -> [any Estimator] {
    switch preset {
    case .paper: [representation]
    case .fast: isVolume ? volume(.fast, representation) : fastVideo(representation)
    case .balanced, .best: isVolume ? volume(preset, representation) : video(preset, representation)
    }
  }

  /// Neither motion nor level lines, which take most of the time of `balanced`.
  private static func fastVideo(_ representation: RepresentationEstimator) -> [any Estimator] {
    let gentle = HardThresholding(.fast, last: lastThreshold)
    return [
      TemporalInterpolation(fallback: .spatial),
      SpatialInterpolation(),
      representation,
      SeparableTermsEstimator(most: mostTerms[.fast], mostFrames: 1),
      HardThresholdingEstimator(.longBlocks, gentle.emptying.inColours.long),
      HardThresholdingEstimator(.blocks, gentle, holes: .scattered),
      HardThresholdingEstimator(.emptiedBlocks, gentle.emptying, holes: .compact),
      HardThresholdingEstimator(.refinedRepresentation, gentle.inColours, from: .estimate(.representation)),
    ]
  }

  private static func video(_ preset: Preset, _ representation: RepresentationEstimator) -> [any Estimator] {
    let gentle = HardThresholding(preset, last: lastThreshold)
    /// Blocks that follow the motion are sparser than straight ones of the same length, which add nothing beside them.
    func following(_ id: EstimatorID, _ blocks: HardThresholding, from start: EstimatorID) -> any Estimator {
      HardThresholdingEstimator(
        id, blocks, from: .estimate(start), followsMotion: true, mostRoundsOfFrames: mostRoundsOfFrames)
    }
    var result: [any Estimator] = [
      TemporalInterpolation(fallback: .lines),
      SpatialInterpolation(holes: .scattered),
      LevelLineInterpolation.lines(steps: stepsOfStillLines, holes: .still),
      LevelLineInterpolation.lines(steps: stepsOfMovingLines[preset], holes: .moving),
      LevelLineInterpolation.surfaces(steps: stepsOfFrames[preset], holes: .withEmptyFrames),
      representation,
      MotionEstimator(fallback: .lines),
      SeparableTermsEstimator(most: mostTerms[preset], mostFrames: 1),
      // Straight blocks find nothing known in a hole that stays, in any of their frames.
      HardThresholdingEstimator(
        .longBlocks, gentle.emptying.inColours.long, holes: .changing, mostRoundsOfFrames: mostRoundsOfFrames),
      following(.refinedMotion, gentle.inColours, from: .motion),
      following(.emptiedMotion, gentle.emptying.inColours, from: .motion),
    ]
    let alike = AlikePatchesEstimator(most: mostAlikeRounds[preset], mostFrames: 1)
    guard preset == .best else { return result + [alike] }
    let refined = gentle.inColours.refining(details)
    /// Where whole frames are missing, the first pass alone is as good, and takes 11 s instead of 19.
    func second(_ id: EstimatorID, _ blocks: HardThresholding, from start: EstimatorStart) -> any Estimator {
      HardThresholdingEstimator(
        id, blocks, from: start, followsMotion: true, stage: .secondPass, holes: .withinFrames)
    }
    result += [
      following(.longMotion, gentle.inColours.long, from: .motion),
      following(.refinedRepresentation, gentle.inColours, from: .representation),
      second(.details, refined, from: .stacked),
      second(.longDetails, refined.long, from: .stacked),
      second(.secondMotion, gentle.inColours, from: .estimate(.motion)),
      GroupedThresholdingEstimator(),
      alike,
    ]
    return result
  }

  private static func volume(_ preset: Preset, _ representation: RepresentationEstimator) -> [any Estimator] {
    let gentle = HardThresholding(preset, last: lastThresholdOfVolumes)
    let refined = gentle.refining(detailsOfVolumes)
    let isFast = preset == .fast
    // Scattered samples need no motion: the samples beside them say more.
    let motion: [any Estimator] = [MotionEstimator(holes: .compact, fallback: .surfaces)]
    let secondPass: [any Estimator] = [
      HardThresholdingEstimator(.details, refined, stage: .secondPass),
      HardThresholdingEstimator(.longDetails, refined.long, stage: .secondPass),
      AlikePatchesEstimator(most: mostAlikeRounds[preset]),
    ]
    // Blocks that follow the motion gain nothing: structures lean by about the width of a voxel from slice to slice.
    return [
      TemporalInterpolation(),
      SpatialInterpolation(),
      LevelLineInterpolation.surfaces(steps: stepsOfSlices),
      SplineInterpolation(),
      representation,
    ] + (isFast ? [] : motion) + [
      SeparableTermsEstimator(most: mostTerms[preset]),
      HardThresholdingEstimator(.longBlocks, gentle.emptying.inColours.long),
      HardThresholdingEstimator(.blocks, gentle),
      HardThresholdingEstimator(.emptiedBlocks, gentle.emptying),
      HardThresholdingEstimator(.refinedRepresentation, gentle.inColours, from: .estimate(.representation)),
    ] + (isFast ? [] : secondPass)
  }
}

extension HardThresholding {
  fileprivate init(_ preset: Preset, last: Float) {
    rounds = PresetTable.rounds[preset]
    averagedRounds = PresetTable.averagedRounds[preset]
    tilings = PresetTable.tilings[preset]
    (firstThreshold, lastThreshold) = (PresetTable.gentleThreshold, last)
  }

  fileprivate var emptying: Self { with { $0.firstThreshold = PresetTable.emptyingThreshold } }
  fileprivate var inColours: Self { with { $0.opponentColours = true } }
  /// In blocks of 16 frames instead of 8.
  fileprivate var long: Self { with { $0.depth = 16 } }
  fileprivate func refining(_ details: (rounds: Int, threshold: Float)) -> Self {
    with { ($0.rounds, $0.firstThreshold) = details }
  }

  private func with(_ change: (inout Self) -> Void) -> Self {
    var result = self
    change(&result)
    return result
  }
}
