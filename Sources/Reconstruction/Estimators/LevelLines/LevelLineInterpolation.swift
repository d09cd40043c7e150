import Frames
import Kernels

/// Interpolation along level surfaces: the signal through the known samples that bends least along its own surfaces of
/// equal value, whichever way they lie (`LevelLineEnergy`).
///
/// Begins without surfaces, as biharmonic interpolation of a higher order does; then takes those of what it has found,
/// and finds the signal again. So edges go on through holes in the direction in which they enter them, slices are joined
/// by surfaces that lean, and nothing is smoothed across an edge. Of wide holes, a picture of half the size tells first
/// what goes on in them.
///
/// - Complexity: O(steps x samples near missing ones); steps grow with the width of holes, and are bounded.
struct LevelLineInterpolation: Interpolation {
  let id: EstimatorID
  let holes: HoleKind
  /// True where frames have nothing to do with each other.
  private let isByFrame: Bool
  private let weights: LevelLineEnergy.Weights
  /// At most, in each search, and in those of smaller pictures, which cost little.
  private let (steps, coarseSteps): (Int, Int)
  /// How often surfaces are looked for, and how often where an earlier estimate has found some.
  private let (rounds, laterRounds): (Int, Int)

  /// Where samples lie farther than this from what is known, half as many of them are filled in first.
  private static let wide = 3
  private static let smallestSide = 8
  /// The gradient has fallen to this share of what it is with nothing filled in.
  private static let tolerance = 3e-5

  /// Level surfaces across frames, or slices.
  static func surfaces(steps: Int, holes: HoleKind = .any) -> LevelLineInterpolation {
    LevelLineInterpolation(
      id: .surfaces, holes: holes, isByFrame: false, weights: .changes, (steps, steps), rounds: (2, later: 2))
  }

  /// Level lines in each frame; frames of which nothing is known are interpolated in time.
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

  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    // Lines begin with a picture of half the size, and need no start but where there is nothing to go by.
    let needsNoStart = isByFrame && !HoleShape(of: window).hasEmptyFrames
    let start =
      needsNoStart
      ? Estimate(planes: window.planes.map(\.values))
      : try TemporalInterpolation().estimate(window, context: context)
    return try estimate(window, from: start, isOriented: false, context: context)
  }

  func estimate(_ window: MaskedSamples, after earlier: Estimate, context: EstimatorContext) throws
    -> Estimate
  {
    try estimate(window, from: window.completed(by: earlier), isOriented: true, context: context)
  }

  private func estimate(
    _ window: MaskedSamples, from start: Estimate, isOriented: Bool, context: EstimatorContext
  ) throws -> Estimate {
    var result = start
    for planes in window.alikePlanes {
      let plane = window.planes[planes[0]]
      var grid = LevelLineGrid(
        shape: (window.frames, plane.height, plane.width),
        states: isByFrame ? plane.statesWithinFrames(window.frames) : plane.states,
        signals: planes.map { start.planes[$0] })
      try interpolate(
        &grid, spacing: isByFrame ? nil : window.spacing, isOriented: isOriented, context: context)
      for (p, signal) in zip(planes, grid.signals) { result.planes[p] = signal }
    }
    return result
  }

  /// - Parameter isOriented: true where the start shows its surfaces.
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
        grid.mean.withUnsafeBufferPointer {
          if let mean = $0.baseAddress { energy.follow(mean, scratch: descent.scratch) }
        }
      }
      for p in grid.signals.indices {
        try grid.signals[p].withUnsafeMutableBufferPointer { try descent.minimise($0, context: context) }
      }
    }
  }
}

extension MaskedSamples {
  /// Planes, by their index, that have the same shape and the same samples missing.
  fileprivate var alikePlanes: [[Int]] {
    var result: [[Int]] = []
    for p in planes.indices {
      let like = result.firstIndex {
        let first = planes[$0[0]]
        return first.width == planes[p].width && first.states == planes[p].states
      }
      if let like { result[like].append(p) } else { result.append([p]) }
    }
    return result
  }
}

extension MaskedSamples.Plane {
  /// The states, as if frames of which nothing is known were known: within them, there is nothing to go by.
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
