import Frames
import Motion

/// Solves one window: interpolates, fits, refines, and blends what came out by hold-out.
struct SiteSolver {
  typealias Solution = SiteSolution

  let plan: Recipe
  let context: EstimatorContext
  /// What is added to compact holes of videos at last; nil for nothing.
  var grain: Grain?

  init(plan: Recipe, context: EstimatorContext) {
    self.plan = plan
    self.context = context
  }

  /// - Parameters:
  ///   - window: every sample missing or known.
  ///   - training: the same window with some samples held out; nil where none could be.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`.
  func solve(_ window: MaskedSamples, training: MaskedSamples?, observe: (Double) -> Void) throws -> Solution
  {
    let seen = training ?? window
    if plan.isFitAlone { return try fitAlone(window, seen: seen, observe: observe) }
    let shape = HoleShape(of: window)
    let interpolators = plan.interpolators(for: shape)
    let names = interpolators.map(\.name)
    let isStatic = shape?.isStatic ?? false
    let fallback = shape.map { !$0.isScattered } ?? false ? fallback(names) : nil
    func doubted(_ interpolations: [Estimate], in window: MaskedSamples) throws -> [Estimate] {
      // Of what is known at no time, nothing is interpolated in time.
      guard let fallback, !plan.isVolume, !isStatic, let k = names.firstIndex(of: "temporal") else {
        return interpolations
      }
      var result = interpolations
      result[k] = try DoubtedInterpolation(temporal: result[k], fallback: result[fallback]).estimate(
        window, context: context)
      return result
    }
    let interpolations = try doubted(interpolators.map { try $0.estimate(seen, context: context) }, in: seen)
    observe(0.05)
    let fit = try RepresentationEstimator(fit: plan.fit).run(seen, context: context) {
      observe(0.05 + 0.5 * $0)
    }
    let starts = StackedStarts(names: names, interpolations: interpolations, fit: fit.estimate, window: seen)
    let judging = SiteInputs(
      seen, interpolations: interpolations, starts: starts, fallback: fallback.map { interpolations[$0] },
      isStatic: isStatic, context: context)
    let refinements = plan.refinements(for: shape)
    let entrants = entrants(names, fit.estimate, refinements, usesMotion: usesMotion(shape))
    guard training != nil else {
      let judged = unjudged(entrants, refinements: refinements.count)
      let estimates = try judged.map { try $0.make(judging) }
      let fusion = Stacking(names: judged.map(\.name), estimates: estimates, window: seen)
      let blend = fusion.blend(estimates, in: window, threads: context.threads)
      return try grained(solution(fit, fusion, blend, of: seen), window, judging.chain, shape)
    }
    // Held-out samples have served: everything that does not learn is done again with all that is known.
    let everything = try doubted(
      zip(interpolators, interpolations).map { try $0.estimate(window, after: $1, context: context) },
      in: window)
    let full = SiteInputs(
      window, interpolations: everything, starts: starts, fallback: fallback.map { everything[$0] },
      judged: judging, isStatic: isStatic, context: context)
    var contest = Contest(window: seen, negligibleWeight: plan.negligibleWeight)
    let again = plan.again(for: shape)
    let share = again.isEmpty ? 0.45 : 0.3
    var fused = try contest.add(entrants, judging: judging, full: full) { observe(0.55 + share * $0) }
    if !again.isEmpty {
      fused = try contest.add(
        again.map { entrant($0, fit: fit.estimate) },
        judging: judging.again(fused.blend(contest.seen, in: seen, threads: context.threads)),
        full: full.again(fused.blend(contest.final, in: window, threads: context.threads))
      ) { observe(0.85 + 0.15 * $0) }
    }
    let blend = fused.blend(contest.final, in: window, threads: context.threads)
    return try grained(solution(fit, fused, blend, of: seen), window, full.chain, shape)
  }

  /// The solution with noise like that around its holes, where those are compact and seen to move.
  private func grained(
    _ solution: Solution, _ window: MaskedSamples, _ chain: Lazily<FlowChain>, _ shape: HoleShape?
  ) throws -> Solution {
    guard let grain, let shape, !shape.isScattered, usesMotion(shape) else { return solution }
    var result = solution
    let variance = grain.add(
      to: &result.estimate, of: window, chain: try chain.value(), threads: context.threads)
    // What was held out was judged without it.
    result.heldOutError += variance * Double(result.heldOutSamples)
    return result
  }

  private func solution(
    _ fit: RepresentationEstimator.Outcome, _ fusion: Stacking, _ estimate: Estimate,
    of seen: MaskedSamples
  ) -> Solution {
    // Slices of a volume are held out in a way of their own.
    let difficulty = plan.isVolume ? 1 : FrameDifficulty.ratio(in: seen)
    return Solution(
      estimate: estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOutError: fusion.squaredError * difficulty, heldOutSamples: fusion.samples,
      weights: fusion.meanWeights)
  }

  private func fitAlone(
    _ window: MaskedSamples, seen: MaskedSamples, observe: (Double) -> Void
  ) throws -> Solution {
    let fit = try RepresentationEstimator(fit: plan.fit).run(seen, context: context, observe: observe)
    let fusion = Stacking(names: ["inr"], estimates: [fit.estimate], window: seen)
    return Solution(
      estimate: fit.estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOutError: fusion.squaredError, heldOutSamples: fusion.samples, weights: ["inr": 1])
  }

  /// The interpolation that knows nothing of other frames, or as little as there is: where they are not like this one,
  /// it stands in for what is carried over from them.
  private func fallback(_ names: [String]) -> Int? {
    (plan.isVolume ? ["surfaces"] : ["lines", "spatial"]).lazy.compactMap { names.firstIndex(of: $0) }.first
  }

  /// In a volume, nothing is seen of scattered samples' motion that the samples beside them do not say better.
  private func usesMotion(_ shape: HoleShape?) -> Bool {
    plan.usesMotion && !(plan.isVolume && shape?.isScattered ?? false)
  }

  /// What counts alike where there is nothing to judge by: the refinements, which have read everything there is. Of a
  /// volume, as one whose every other slice is missing, three that err in different ways: what follows structures
  /// between slices, the longest blocks, and the least bent signal.
  private func unjudged(_ all: [Entrant], refinements: Int) -> [Entrant] {
    let chosen = all.filter { ["motion", "shrinkage-long", "surfaces"].contains($0.name) }
    if plan.isVolume && chosen.count == 3 { return chosen }
    return Array(all.suffix(refinements))
  }

  /// Interpolations, the fit, propagation along motion, and the refinements of the plan, in this order.
  private func entrants(
    _ interpolators: [String], _ fit: Estimate, _ refinements: [Refinement], usesMotion: Bool
  ) -> [Entrant] {
    interpolators.enumerated().map { k, name in Entrant(name: name) { $0.interpolations[k] } } + [
      Entrant(name: "inr") { _ in fit }
    ]
      + (usesMotion ? [Entrant(name: "motion") { try $0.motion.value() }] : [])
      + refinements.map { entrant($0, fit: fit) }
  }

  private func entrant(_ refinement: Refinement, fit: Estimate) -> Entrant {
    Entrant(name: refinement.name) { base in
      let start =
        switch refinement.start {
        case .fusion: base.blend
        case .motion: try base.motion.value()
        case .representation: fit
        }
      switch refinement.method {
      case .blocks(let shrinkage, let followMotion):
        return try shrinkage.refine(
          start, in: base.window, along: followMotion ? base.chain.value() : nil, context: context)
      case .groups(let grouping):
        return try grouping.refine(start, in: base.window, context: context)
      }
    }
  }
}
