/// Solves one window: interpolates, fits, refines, and blends what came out by hold-out.
struct WindowSolver {
  struct Solution {
    var estimate: WindowEstimate
    var iterations: Int
    var stopReason: StopReason
    /// Sum of squared errors, full scale = 1, over the hold-out samples, and their number.
    var heldOutError: Double
    var heldOutSamples: Int
    /// Mean weight of each estimator.
    var weights: [String: Double]
  }

  /// An estimator whose mean weight is below this is left out of the result.
  private static let negligibleWeight = 0.03

  let plan: SolverPlan
  let context: EstimatorContext

  /// - Parameters:
  ///   - window: every sample missing or known.
  ///   - training: the same window with some samples held out; nil where none could be.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`.
  func solve(_ window: MaskedWindow, training: MaskedWindow?, observe: (Double) -> Void) throws -> Solution {
    let seen = training ?? window
    let start = try interpolations(seen)
    let blending = LocalFusion(names: start.names, estimates: start.estimates, window: seen)
    let blend = blending.blend(start.estimates, in: seen, threads: context.threads)
    observe(0.05)
    let fit = try RepresentationEstimator(settings: plan.fit).fit(seen, context: context) {
      observe(0.05 + 0.5 * $0)
    }
    var names = start.names + ["inr"]
    var estimates = start.estimates + [fit.estimate]
    for (k, refinement) in plan.refinements.enumerated() {
      let from = refinement.start == .interpolation ? blend : fit.estimate
      names.append(refinement.name)
      estimates.append(try refinement.shrinkage.refine(from, in: seen, context: context))
      observe(0.55 + 0.2 * Double(k + 1) / Double(plan.refinements.count))
    }
    guard training != nil else {
      // Nothing to judge by: the refinements, which have read everything there is, count alike.
      let refined = LocalFusion(
        names: Array(names.dropFirst(3)), estimates: Array(estimates.dropFirst(3)), window: window)
      return Solution(
        estimate: refined.blend(Array(estimates.dropFirst(3)), in: window, threads: context.threads),
        iterations: fit.iterations, stopReason: fit.stopReason, heldOutError: 0, heldOutSamples: 0,
        weights: refined.meanWeights)
    }
    let trial = LocalFusion(names: names, estimates: estimates, window: seen).meanWeights
    let kept = names.indices.filter { (trial[names[$0]] ?? 0) >= Self.negligibleWeight }
    let fusion = LocalFusion(
      names: kept.map { names[$0] }, estimates: kept.map { estimates[$0] }, window: seen)
    // Held-out samples have served: everything that does not learn is done again with all that is known.
    let full = try interpolations(window)
    let fullBlend = blending.blend(full.estimates, in: window, threads: context.threads)
    var final: [WindowEstimate] = []
    for (k, index) in kept.enumerated() {
      if index < full.estimates.count {
        final.append(full.estimates[index])
      } else if index == full.estimates.count {
        final.append(fit.estimate)
      } else {
        let refinement = plan.refinements[index - full.estimates.count - 1]
        let from = refinement.start == .interpolation ? fullBlend : fit.estimate
        final.append(try refinement.shrinkage.refine(from, in: window, context: context))
      }
      observe(0.75 + 0.25 * Double(k + 1) / Double(kept.count))
    }
    return Solution(
      estimate: fusion.blend(final, in: window, threads: context.threads), iterations: fit.iterations,
      stopReason: fit.stopReason, heldOutError: fusion.squaredError, heldOutSamples: fusion.samples,
      weights: fusion.meanWeights)
  }

  private func interpolations(_ window: MaskedWindow) throws -> (names: [String], estimates: [WindowEstimate])
  {
    let estimators: [any Estimator] = [TemporalInterpolation(), SpatialInterpolation()]
    return (estimators.map(\.name), try estimators.map { try $0.estimate(window, context: context) })
  }
}
