import Frames

/// Solves a site: runs the recipe's estimators, stacks them by hold-out, and adds grain.
struct SiteSolver {
  let recipe: Recipe
  let context: EstimatorContext
  /// For compact holes of videos; nil for none.
  var grain: Grain?

  init(recipe: Recipe, context: EstimatorContext) {
    self.recipe = recipe
    self.context = context
  }

  /// - Parameters:
  ///   - samples: every sample missing or known.
  ///   - training: the same with some samples held out; nil where none could be.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`.
  func solve(
    _ samples: MaskedSamples, training: MaskedSamples?, observe: (Double) -> Void
  ) throws -> SiteSolution {
    let seen = training ?? samples
    let share = recipe.isFitAlone ? 1 : 0.5
    let fit = try recipe.representation.run(seen, context: context) { observe(share * $0) }
    if recipe.isFitAlone { return alone(fit, of: seen) }

    let holes = HoleShape(of: samples)
    let estimators = recipe.estimators.filter { $0.holes.contains(holes) && $0.suits(samples) }
    let firstPass = estimators.filter { $0.stage < .secondPass }
    let secondPass = estimators.filter { $0.stage == .secondPass }
    let fitted = [recipe.representation.id: fit.estimate]
    let judging = SiteInputs(seen, holes: holes, estimators: firstPass, kept: fitted, context: context)
    guard training != nil else {
      let equals = recipe.withoutHoldOut(firstPass)
      let estimates = try equals.map { try judging.estimate(by: $0) }
      let stacking = Stacking(ids: equals.map(\.id), estimates: estimates, samples: seen)
      return try solution(fit, stacking, estimates, of: judging, seen: seen)
    }

    // Held-out samples serve to compare estimators; the estimates that win are made again with them, but for the fit.
    let full = judging.complete(samples, keeping: fitted)
    var contest = Contest(samples: seen, negligibleWeight: recipe.negligibleWeight)
    let end = secondPass.isEmpty ? 1 : 0.85
    var stacking = try contest.add(firstPass, judging: judging, full: full) {
      observe(share + (end - share) * $0)
    }
    if !secondPass.isEmpty {
      stacking = try contest.add(
        secondPass,
        judging: judging.secondPass(from: stacking.stack(contest.seen, in: seen, threads: context.threads)),
        full: full.secondPass(from: stacking.stack(contest.final, in: samples, threads: context.threads))
      ) { observe(end + (1 - end) * $0) }
    }
    return try solution(fit, stacking, contest.final, of: full, seen: seen)
  }

  /// The stacked estimates, with grain in compact holes if the recipe follows motion, which shows how much there is around them.
  ///
  /// - Parameter seen: the samples, some of them held out.
  private func solution(
    _ fit: RepresentationEstimator.Outcome, _ stacking: Stacking, _ estimates: [Estimate],
    of site: SiteInputs, seen: MaskedSamples
  ) throws -> SiteSolution {
    // Slices of a volume are held out in another way than frames.
    let difficulty = recipe.isVolume ? 1 : FrameDifficulty.ratio(in: seen)
    var estimate = stacking.stack(estimates, in: site.samples, threads: context.threads)
    var weights = stacking.meanWeights
    if HoleKind.still.contains(site.holes) && !recipe.isVolume {
      let share = try site.drawLines(into: &estimate, stackedBy: stacking)
      if share > 0 {
        weights = weights.mapValues { $0 * (1 - share) }
        weights[.joinedLines] = share
      }
    }
    var solution = SiteSolution(
      estimate: estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOut: ErrorSum(squares: stacking.squaredError * difficulty, samples: stacking.heldOutSamples),
      weights: weights)
    guard let grain, !site.holes.isScattered, site.seesMotion else { return solution }
    let variance = grain.add(
      to: &solution.estimate, of: site.samples, chain: try site.chain(), threads: context.threads)
    // The error was measured without grain, which adds its variance to it.
    solution.heldOut.squares += variance * Double(solution.heldOut.samples)
    return solution
  }

  private func alone(_ fit: RepresentationEstimator.Outcome, of seen: MaskedSamples) -> SiteSolution {
    let stacking = Stacking(ids: [recipe.representation.id], estimates: [fit.estimate], samples: seen)
    return SiteSolution(
      estimate: fit.estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOut: ErrorSum(squares: stacking.squaredError, samples: stacking.heldOutSamples),
      weights: [recipe.representation.id: 1])
  }
}
