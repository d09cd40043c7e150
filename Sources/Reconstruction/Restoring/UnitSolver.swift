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

  /// - Parameters:
  ///   - previous: the restored frame before the window, if there is one.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError`, or what the store throws.
  func solve(
    _ box: Box, of window: Window, after previous: Frame?, observe: (Double) -> Void
  ) throws -> (solution: SiteSolution, isKept: Bool) {
    let unit = WorkUnit(box, of: window, format: format, settings: settings)
    if unit.samples.planes.contains(where: { !$0.states.contains(SampleState.known) }) {
      return (try fillHole(box, of: window, after: previous), false)
    }
    if let kept = execution.store?.solution(of: unit) { return (kept, true) }
    let solution = try solve(unit, observe)
    try execution.store?.save(solution, of: unit)
    return (solution, false)
  }

  private func solve(_ unit: WorkUnit, _ observe: (Double) -> Void) throws -> SiteSolution {
    let (box, samples) = (unit.box, unit.samples)
    // The seed depends on the site's frame and place only.
    let seed = settings.seed &+ UInt64(unit.firstFrame) &* 0x9E37_79B9 &+ UInt64(box.y << 20 ^ box.x)
    let training = HoldOut(allowsWiderGaps: settings.volume != nil).choose(
      missing: unit.missing, values: samples.structure, frames: samples.frames, height: box.height,
      width: box.width, seed: seed
    ).map { samples.holdingOut($0, box: box, format: format) }
    var solver = SiteSolver(recipe: recipe, context: context(seed: seed))
    if settings.grain > 0 && settings.volume == nil {
      solver.grain = Grain(
        strength: settings.grain, seed: settings.seed, firstFrame: unit.firstFrame, box: box, format: format)
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
  private func fillHole(_ box: Box, of window: Window, after previous: Frame?) throws -> SiteSolution {
    let fill = HoleFill(format: format, context: context(seed: settings.seed))
    guard
      let estimate = try fill.estimate(
        box: box, frames: window.frames.map(\.frame), masks: window.masks, previous: previous)
    else { throw RestorationError.nothingKnown(first: window.first, last: window.last) }
    return SiteSolution(
      estimate: estimate, iterations: 0, stopReason: .interpolation, heldOut: ErrorSum(),
      weights: [.spatial: 1])
  }
}
