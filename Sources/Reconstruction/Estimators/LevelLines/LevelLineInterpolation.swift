import Frames
import Kernels

/// Interpolation along level lines of frames, or level surfaces across frames and slices: the signal through the known
/// samples that bends least along its own lines or surfaces of equal value (`LevelLineEnergy`).
///
/// The first solution knows no level lines, and is that of polyharmonic interpolation; its level lines then guide the next.
/// So edges go on through holes in the direction in which they enter, slices are joined along surfaces that lean, and
/// nothing is smoothed across an edge. Wide holes are first solved at half the resolution.
///
/// - Complexity: O(steps x samples near missing ones); steps grow with the width of holes up to a bound.
struct LevelLineInterpolation: Interpolation {
  let id: EstimatorID
  let holes: HoleKind
  /// True for level lines of each frame by itself, false for level surfaces across frames.
  private let isByFrame: Bool
  private let weights: LevelLineEnergy.Weights
  /// Most steps of each descent, and of those at lower resolutions, which cost little.
  private let (steps, coarseSteps): (Int, Int)
  /// How often level lines are taken from a solution, and how often when an earlier estimate is there to take them from.
  private let (rounds, laterRounds): (Int, Int)

  /// Volumes with missing samples farther than this from known ones are first solved at half the resolution.
  private static let wide = 3
  private static let smallestSide = 8
  /// See `LevelLineDescent`.
  private static let tolerance = 3e-5

  /// Level surfaces across frames or slices.
  static func surfaces(steps: Int, holes: HoleKind = .any) -> LevelLineInterpolation {
    LevelLineInterpolation(
      id: .surfaces, holes: holes, isByFrame: false, weights: .changes, (steps, steps), rounds: (2, later: 2))
  }

  /// Level lines in each frame; frames of which nothing is known take interpolation in time.
  static func lines(steps: Int, holes: HoleKind = .compact) -> LevelLineInterpolation {
    LevelLineInterpolation(
      id: .lines, holes: holes, isByFrame: true, weights: .bends, (steps, 2 * steps), rounds: (1, later: 1))
  }

  private init(
    id: EstimatorID, holes: HoleKind, isByFrame: Bool, weights: LevelLineEnergy.Weights,
    _ steps: (Int, coarse: Int), rounds: (Int, later: Int)
  ) {
    (self.id, self.holes, self.isByFrame, self.weights) = (id, holes, isByFrame, weights)
    (self.steps, coarseSteps) = steps
    (self.rounds, laterRounds) = rounds
  }

  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    // Level lines start from their solution at half the resolution; only frames of which nothing is known need another.
    let needsNoStart = isByFrame && !HoleShape(of: samples).hasEmptyFrames
    let start =
      needsNoStart
      ? Estimate(planes: samples.planes.map(\.values))
      : try TemporalInterpolation().estimate(samples, context: context)
    return try estimate(samples, from: start, isOriented: false, context: context)
  }

  func estimate(_ samples: MaskedSamples, after earlier: Estimate, context: EstimatorContext) throws
    -> Estimate
  {
    try estimate(samples, from: samples.completed(by: earlier), isOriented: true, context: context)
  }

  private func estimate(
    _ samples: MaskedSamples, from start: Estimate, isOriented: Bool, context: EstimatorContext
  ) throws -> Estimate {
    var result = start
    for planes in samples.planes(alike: { $0.width == $1.width && $0.states == $1.states }) {
      let plane = samples.planes[planes[0]]
      var grid = LevelLineGrid(
        shape: (samples.frames, plane.height, plane.width),
        states: isByFrame ? plane.statesWithinFrames(samples.frames) : plane.states,
        signals: planes.map { start.planes[$0] })
      try interpolate(
        &grid, spacing: isByFrame ? nil : samples.spacing, isOriented: isOriented, context: context)
      for (p, signal) in zip(planes, grid.signals) { result.planes[p] = signal }
    }
    return result
  }

  /// - Parameter isOriented: true if the start shows the level lines.
  private func interpolate(
    _ grid: inout LevelLineGrid, depth: Int = 0, spacing: SampleSpacing?, isOriented: Bool,
    context: EstimatorContext
  ) throws {
    let energy = LevelLineEnergy(
      shape: grid.shape, states: grid.states, spacing: spacing, weights: weights, threads: context.threads)
    if energy.missing.isEmpty { return }
    let descent = LevelLineDescent(
      energy: energy, tolerance: Self.tolerance, steps: depth > 0 ? coarseSteps : steps)
    var first = isOriented ? rounds - laterRounds + 1 : 0
    if !isOriented && min(grid.shape.height, grid.shape.width) >= Self.smallestSide
      && (isByFrame || grid.isWide(Self.wide))
    {
      var coarse = grid.halved(byFrame: isByFrame)
      try interpolate(&coarse, depth: depth + 1, spacing: spacing, isOriented: false, context: context)
      grid.fill(from: coarse)
      first = 1
    }
    for round in first...rounds {
      if round > 0 {
        energy.follow(grid.mean, scratch: descent.scratch)
      }
      for p in grid.signals.indices {
        try grid.signals[p].withSharedElements { try descent.minimise($0, context: context) }
      }
    }
  }
}

extension MaskedSamples.Plane {
  /// The states with frames of which nothing is known marked as known, so that they are left as they are.
  fileprivate func statesWithinFrames(_ frames: Int) -> [UInt8] {
    var result = states
    let area = height * width
    for t in 0..<frames {
      let frame = t * area..<(t + 1) * area
      if states[frame].contains(SampleState.known) { continue }
      result.replaceSubrange(frame, with: repeatElement(SampleState.known, count: area))
    }
    return result
  }
}

extension EstimatorID {
  static let lines = EstimatorID("lines")
  static let surfaces = EstimatorID("surfaces")
}
