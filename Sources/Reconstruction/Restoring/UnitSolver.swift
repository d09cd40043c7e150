import Frames

/// Solves units, or finds them solved by an earlier run.
struct UnitSolver {
  let settings: RestorationSettings
  let execution: Execution
  let format: FrameFormat
  private let recipe: Recipe

  init(settings: RestorationSettings, execution: Execution, format: FrameFormat) {
    (self.settings, self.execution, self.format) = (settings, execution, format)
    recipe = Recipe(settings: settings)
  }

  private func solve(
    _ box: Box, of content: WindowContent, after previous: Frame?, observe: (Double) -> Void
  ) throws -> (solution: UnitSolution, isKept: Bool) {
    let unit = SiteUnit(box, of: content, format: format, settings: settings)
    if unit.samples.planes.contains(where: { !$0.states.contains(SampleState.known) }) {
      let filled = try fillHole(box, of: content, after: previous)
      return (UnitSolution(filled, of: unit), false)
    }
    return try kept(unit) { UnitSolution(try solve(unit, observe), of: unit) }
  }

  /// - Parameters:
  ///   - previous: the restored frame before the window, if there is one.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError`, or what the store throws.
  func solve(
    _ part: WindowPart, of content: WindowContent, after previous: Frame?, observe: (Double) -> Void
  ) throws -> (solution: UnitSolution, isKept: Bool) {
    switch part {
    case .site(let box): try solve(box, of: content, after: previous, observe: observe)
    case .spots(let spots): try solve(spots: spots, of: content, observe: observe)
    }
  }

  private func solve(
    spots: [FrameMask], of content: WindowContent, observe: (Double) -> Void
  ) throws -> (solution: UnitSolution, isKept: Bool) {
    let unit = SpotUnit(spots, of: content, format: format, settings: settings)
    return try kept(unit) {
      try SpotSolver(
        recipe: recipe.spots, format: format,
        context: context(seed: settings.seed &+ UInt64(content.first) &* 0x9E37_79B9)
      ).solve(unit, observe: observe)
    }
  }

  /// What an earlier run solved, or what is solved now, which is kept then.
  private func kept(
    _ unit: some WorkUnit, _ solve: () throws -> UnitSolution
  ) throws -> (solution: UnitSolution, isKept: Bool) {
    if let kept = execution.store?.solution(of: unit) { return (kept, true) }
    let solution = try solve()
    try execution.store?.save(solution, of: unit)
    return (solution, false)
  }

  private func solve(_ unit: SiteUnit, _ observe: (Double) -> Void) throws -> SiteSolution {
    let (box, samples) = (unit.box, unit.samples)
    // The seed depends on the site's frame and place only.
    let seed = settings.seed &+ UInt64(unit.firstFrame) &* 0x9E37_79B9 &+ UInt64(box.y << 20 ^ box.x)
    let chosen = HoldOut(allowsWiderGaps: settings.volume != nil).choose(
      missing: unit.missing, values: samples.structure, frames: samples.frames, height: box.height,
      width: box.width, seed: seed)
    let training = unit.holdingOutCarried(chosen).map { samples.holdingOut($0, box: box, format: format) }
    var solver = SiteSolver(recipe: recipe, context: context(seed: seed))
    if settings.grain > 0 && settings.volume == nil {
      solver.grain = Grain(
        strength: settings.grain, seed: settings.seed, firstFrame: unit.firstFrame - unit.carried.before,
        box: box, format: format)
    }
    return try solver.solve(samples, training: training, observe: observe)
  }

  private func context(seed: UInt64) -> EstimatorContext {
    var context = EstimatorContext(
      threads: execution.threads, seed: seed, isCancelled: execution.isCancelled)
    context.recorder = execution.recorder
    return context
  }

  /// Fills a box of which nothing is known.
  private func fillHole(_ box: Box, of content: WindowContent, after previous: Frame?) throws -> SiteSolution
  {
    let fill = HoleFill(format: format, context: context(seed: settings.seed))
    guard
      let estimate = try fill.estimate(
        box: box, frames: content.frames, masks: content.masks, previous: previous)
    else { throw RestorationError.nothingKnown(first: content.first, last: content.last) }
    return SiteSolution(
      estimate: estimate, iterations: 0, stopReason: .interpolation, heldOut: ErrorSum(),
      weights: [.spatial: 1])
  }
}
