import Frames

/// Solves a site: runs the recipe's estimators, stacks them by hold-out, and adds grain.
struct SiteSolver {
  let recipe: Recipe
  let context: EstimatorContext
  /// For compact holes of videos; nil for none.
  var grain: Grain?
  /// The frames whose missing samples are judged, among those of the samples; nil for all.
  var window: Range<Int>?
  /// False where what is held out is larger than the holes.
  var holdsOutAlike = true

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
      return try solution(fit, stacking, estimates, of: judging, seen: seen, judged: nil)
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
    return try solution(fit, stacking, contest.final, of: full, seen: seen, judged: contest.seen)
  }

  /// The stacked estimates, with grain in compact holes if the recipe follows motion, which shows how much there is around them.
  ///
  /// - Parameters:
  ///   - seen: the samples, some of them held out.
  ///   - judged: the estimates made of them; nil where none are.
  private func solution(
    _ fit: RepresentationEstimator.Outcome, _ stacking: Stacking, _ estimates: [Estimate],
    of site: SiteInputs, seen: MaskedSamples, judged: [Estimate]?
  ) throws -> SiteSolution {
    var stacked = stacking.stack(estimates, in: site.samples, threads: context.threads)
    var weights = stacking.meanWeights
    if HoleKind.still.contains(site.holes) && !recipe.isVolume {
      let share = try site.drawLines(into: &stacked, stackedBy: stacking)
      if share > 0 {
        weights = weights.mapValues { $0 * (1 - share) }
        weights[.joinedLines] = share
      }
    }
    var solution = SiteSolution(
      estimate: stacked, iterations: fit.iterations, stopReason: fit.stopReason, heldOut: stacking.heldOut,
      weights: weights)
    var variance = 0.0
    if var grain, !site.holes.isScattered, site.seesMotion {
      for kind in stacking.judged {
        for p in kind.planes { grain.heldOut[p] = kind.error.mean ?? .infinity }
      }
      // The error is measured without grain, which adds its variance to it.
      variance = grain.add(
        to: &solution.estimate, of: site.samples, chain: try site.chain(), threads: context.threads)
    }
    if let judged {
      solution.expected = expected(
        by: stacking, Fill(samples: seen, estimates: judged),
        Fill(samples: site.samples, estimates: estimates),
        stacked, noise: variance)
    }
    return solution
  }

  /// Samples with some unknown, and estimates of these.
  private struct Fill {
    var samples: MaskedSamples
    var estimates: [Estimate]
  }

  /// What the missing samples probably err by.
  ///
  /// - Parameters:
  ///   - heldOut: with some samples held out.
  ///   - missing: with all known samples.
  ///   - stacked: of all known samples.
  private func expected(
    by stacking: Stacking, _ heldOut: Fill, _ missing: Fill, _ stacked: Estimate, noise: Double
  ) -> ExpectedError? {
    guard holdsOutAlike else { return nil }
    let (samples, frames) = (heldOut.samples, window ?? 0..<heldOut.samples.frames)
    let holes = HoleShape(of: missing.samples)
    func fills() -> (missing: FillFigures, heldOut: FillFigures)? {
      if holes.isScattered || holes.hasEmptyFrames { return nil }
      let judged = stacking.stack(heldOut.estimates, in: samples, threads: context.threads)
      return (
        FillFigures(
          of: SampleState.missing, in: missing.samples, filled: stacked, estimates: missing.estimates,
          window: frames),
        FillFigures(
          of: SampleState.heldOut, in: samples, filled: judged, estimates: heldOut.estimates,
          window: 0..<samples.frames)
      )
    }
    let evidence = ErrorModel.Evidence(
      holes: holes, extent: HoleExtent(of: missing.samples, window: frames), fills: fills(),
      // Slices of a volume are held out in another way than frames.
      difficulty: recipe.isVolume ? 1 : FrameDifficulty.ratio(in: samples), runs: FrameRuns(of: samples),
      frames: samples.frames)
    let planes = stacking.judged.map { kind in
      ErrorModel.Planes(
        heldOut: kind.error,
        missing: kind.planes.reduce(0) { sum, p in
          let area = samples.planes[p].height * samples.planes[p].width
          return sum
            + samples.planes[p].states[frames.lowerBound * area..<frames.upperBound * area]
            .count { $0 == SampleState.missing }
        })
    }
    return ErrorModel.expected(of: planes, evidence, noise: noise)
  }

  private func alone(_ fit: RepresentationEstimator.Outcome, of seen: MaskedSamples) -> SiteSolution {
    let stacking = Stacking(ids: [recipe.representation.id], estimates: [fit.estimate], samples: seen)
    let fill = Fill(samples: seen, estimates: [fit.estimate])
    return SiteSolution(
      estimate: fit.estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOut: stacking.heldOut,
      expected: expected(by: stacking, fill, fill, fit.estimate, noise: 0),
      weights: [recipe.representation.id: 1])
  }
}
