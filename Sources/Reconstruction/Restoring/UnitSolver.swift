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
    _ part: WindowPart, of content: WindowContent, after previous: Frame?, observe: (Double) -> Void
  ) throws -> (solution: UnitSolution, isKept: Bool) {
    guard let unit = unit(of: part, in: content) else {
      let box = part.box(in: format)
      let filled = try fillHole(box, of: content, after: previous)
      let unit = SiteUnit(box, of: content, format: format, settings: settings)
      return (UnitSolution(filled, of: unit), false)
    }
    // What an earlier run solved, or what is solved now, which is kept then.
    if let kept = execution.store?.solution(of: unit) { return (kept, true) }
    let solution = try solution(of: unit, observe: observe)
    try execution.store?.save(solution, of: unit)
    return (solution, false)
  }

  /// A part as a unit; nil for a box of which nothing is known.
  func unit(of part: WindowPart, in content: WindowContent) -> (any WorkUnit)? {
    switch part {
    case .site(let box):
      let unit = SiteUnit(box, of: content, format: format, settings: settings)
      return unit.samples.planes.contains { !$0.states.contains(SampleState.known) } ? nil : unit
    case .spots(let spots):
      return SpotUnit(spots, of: content, format: format, settings: settings)
    }
  }

  /// - Throws: `RestorationError`.
  func solution(of unit: any WorkUnit, observe: (Double) -> Void) throws -> UnitSolution {
    switch unit {
    case let unit as SiteUnit: return UnitSolution(try solve(unit, observe), of: unit)
    case let unit as SpotUnit:
      return try SpotSolver(
        recipe: recipe.spots, format: format,
        context: context(seed: settings.seed &+ UInt64(unit.firstFrame) &* 0x9E37_79B9)
      ).solve(unit, observe: observe)
    default: preconditionFailure("units are sites or spots")
    }
  }

  private func solve(_ unit: SiteUnit, _ observe: (Double) -> Void) throws -> SiteSolution {
    let (box, samples) = (unit.box, unit.samples)
    // The seed depends on the site's frame and place only.
    let seed = settings.seed &+ UInt64(unit.firstFrame) &* 0x9E37_79B9 &+ UInt64(box.y << 20 ^ box.x)
    func choose(_ missing: [UInt8], allowsWiderGaps: Bool) -> [UInt8]? {
      HoldOut(allowsWiderGaps: allowsWiderGaps).choose(
        missing: missing, values: samples.structure, frames: samples.frames, height: box.height,
        width: box.width, seed: seed)
    }
    var chosen: [UInt8]?
    var training: MaskedSamples?
    if unit.missing.contains(where: { $0 > 1 }) {
      training = unit.holdingOutByPlanes(format: format) { choose($0, allowsWiderGaps: false) }
    } else {
      chosen = choose(unit.missing, allowsWiderGaps: settings.volume != nil)
      training = unit.holdingOutCarried(chosen).map { samples.holdingOut($0, box: box, format: format) }
    }
    var solver = SiteSolver(recipe: recipe, context: context(seed: seed))
    solver.window = unit.window
    // Wider gaps tell which estimates are good, not how good they are.
    solver.holdsOutAlike = settings.volume == nil || chosen == choose(unit.missing, allowsWiderGaps: false)
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
