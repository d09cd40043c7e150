import Motion

/// Solves one window: interpolates, fits, refines, and blends what came out by hold-out.
struct WindowSolver {
  typealias Solution = WindowSolution

  /// An estimator whose mean weight is below this is left out of the result.
  private static let negligibleWeight = 0.03

  let plan: SolverPlan
  let context: EstimatorContext

  /// A window as entrants see it: with or without its held-out samples, interpolated.
  private struct Base {
    var window: MaskedWindow
    var interpolations: [WindowEstimate]
    var blend: WindowEstimate
    /// Propagation along motion; computed once, when it is first asked for.
    var motion: Lazily<WindowEstimate>
    /// Between all frames of what propagation made.
    var chain: Lazily<FlowChain>
  }

  /// How what others start from is blended: interpolations alone, and joined by the fit.
  private struct Starts {
    var blending: LocalFusion
    var joining: LocalFusion
    var fit: WindowEstimate
  }

  /// An estimate that competes, and how it is made.
  private struct Entrant {
    var name: String
    var make: (Base) throws -> WindowEstimate
  }

  private var interpolators: [any Estimator & Sendable] { plan.interpolators }

  init(plan: SolverPlan, context: EstimatorContext) {
    self.plan = plan
    self.context = context
  }

  /// - Parameters:
  ///   - window: every sample missing or known.
  ///   - training: the same window with some samples held out; nil where none could be.
  ///   - observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`.
  func solve(_ window: MaskedWindow, training: MaskedWindow?, observe: (Double) -> Void) throws -> Solution {
    let seen = training ?? window
    if plan.isFitAlone { return try fitAlone(window, seen: seen, observe: observe) }
    let names = interpolators.map(\.name)
    let interpolations = try interpolators.map { try $0.estimate(seen, context: context) }
    observe(0.05)
    let fit = try RepresentationEstimator(fit: plan.fit).run(seen, context: context) {
      observe(0.05 + 0.5 * $0)
    }
    let starts = Starts(
      blending: LocalFusion(names: names, estimates: interpolations, window: seen),
      joining: LocalFusion(
        names: names + ["inr"], estimates: interpolations + [fit.estimate], window: seen),
      fit: fit.estimate)
    let base = base(seen, interpolations: interpolations, starts: starts)
    let all = entrants(fit.estimate, usesMotion: usesMotion(window))
    let judged = training == nil ? unjudged(all) : all
    let estimates = try judged.enumerated().map { k, entrant in
      observe(0.55 + 0.2 * Double(k) / Double(judged.count))
      return try entrant.make(base)
    }
    var fusion = LocalFusion(names: judged.map(\.name), estimates: estimates, window: seen)
    var final = estimates
    if training != nil {
      let weights = fusion.meanWeights
      let kept = judged.indices.filter { (weights[judged[$0].name] ?? 0) >= Self.negligibleWeight }
      fusion = LocalFusion(
        names: kept.map { judged[$0].name }, estimates: kept.map { estimates[$0] }, window: seen)
      // Held-out samples have served: everything that does not learn is done again with all that is known.
      let everything = try interpolators.map { try $0.estimate(window, context: context) }
      let full = self.base(window, interpolations: everything, starts: starts)
      final = try kept.enumerated().map { k, index in
        observe(0.75 + 0.25 * Double(k) / Double(kept.count))
        return try judged[index].make(full)
      }
    }
    return Solution(
      estimate: fusion.blend(final, in: window, threads: context.threads), iterations: fit.iterations,
      stopReason: fit.stopReason, heldOutError: fusion.squaredError, heldOutSamples: fusion.samples,
      weights: fusion.meanWeights)
  }

  private func base(_ window: MaskedWindow, interpolations: [WindowEstimate], starts: Starts) -> Base {
    let motion = Lazily {
      let fill = starts.joining.blend(
        interpolations + [starts.fit], in: window, threads: context.threads)
      return try MotionPropagation(fill: fill).estimate(window, context: context)
    }
    let chain = Lazily {
      let guide = MotionGuide(try motion.value(), window: window)
      return try FlowChain(pictures: (0..<window.frames).map { guide.picture($0) }, threads: context.threads)
    }
    return Base(
      window: window, interpolations: interpolations,
      blend: starts.blending.blend(interpolations, in: window, threads: context.threads), motion: motion,
      chain: chain)
  }

  private func fitAlone(
    _ window: MaskedWindow, seen: MaskedWindow, observe: (Double) -> Void
  ) throws -> Solution {
    let fit = try RepresentationEstimator(fit: plan.fit).run(seen, context: context, observe: observe)
    let fusion = LocalFusion(names: ["inr"], estimates: [fit.estimate], window: seen)
    return Solution(
      estimate: fit.estimate, iterations: fit.iterations, stopReason: fit.stopReason,
      heldOutError: fusion.squaredError, heldOutSamples: fusion.samples, weights: ["inr": 1])
  }

  /// In a volume, nothing is seen of scattered samples' motion that the samples beside them do not say better.
  private func usesMotion(_ window: MaskedWindow) -> Bool {
    guard plan.usesMotion, plan.isVolume, let plane = window.planes.first else { return plan.usesMotion }
    let missing = plane.states.map { $0 == SampleState.missing ? UInt8(1) : 0 }
    return !HoleShape(missing: missing, frames: window.frames, height: plane.height, width: plane.width)
      .isScattered
  }

  /// What counts alike where there is nothing to judge by: the refinements, which have read everything there is. Of a
  /// volume, as one whose every other slice is missing, three that err in different ways: what follows structures
  /// between slices, the longest blocks, and the least bent signal.
  private func unjudged(_ all: [Entrant]) -> [Entrant] {
    let chosen = all.filter { ["motion", "shrinkage-long", "biharmonic"].contains($0.name) }
    if plan.isVolume && chosen.count == 3 { return chosen }
    return Array(all.suffix(plan.refinements.count))
  }

  /// Interpolations, the fit, propagation along motion, and the refinements of the plan, in this order.
  private func entrants(_ fit: WindowEstimate, usesMotion: Bool) -> [Entrant] {
    interpolators.enumerated().map { k, interpolator in
      Entrant(name: interpolator.name) { $0.interpolations[k] }
    } + [Entrant(name: "inr") { _ in fit }]
      + (usesMotion ? [Entrant(name: "motion") { try $0.motion.value() }] : [])
      + plan.refinements.map { refinement in
        Entrant(name: refinement.name) { base in
          let start =
            switch refinement.start {
            case .interpolation: base.blend
            case .motion: try base.motion.value()
            case .representation: fit
            }
          return try refinement.shrinkage.refine(
            start, in: base.window, along: refinement.followsMotion ? base.chain.value() : nil,
            context: context)
        }
      }
  }
}

/// A value that is computed when it is first asked for, and kept.
private final class Lazily<Value> {
  private let compute: () throws -> Value
  private var kept: Value?

  init(_ compute: @escaping () throws -> Value) { self.compute = compute }

  func value() throws -> Value {
    if let kept { return kept }
    let value = try compute()
    kept = value
    return value
  }
}
