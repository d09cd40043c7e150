import Frames
import Motion

/// A window as entrants see it, with or without its held-out samples, and what several of them start from.
struct SiteInputs {
  let window: MaskedSamples
  let interpolations: [Estimate]
  /// What refinements start from: the blend of the interpolations, or, in a second pass, of all estimates.
  let blend: Estimate
  /// Propagation along motion.
  let motion: Lazily<Estimate>
  /// The motion between all frames.
  let chain: Lazily<FlowChain>
  private let fallback: Estimate?
  private let context: EstimatorContext

  /// - Parameters:
  ///   - judged: the same window without its held-out samples, where that has been looked at before: what was
  ///     propagated there is all but right, so that its motion is the motion here, and needs to be followed once only.
  ///   - fallback: see `MotionPropagation`.
  ///   - isStatic: true if the same places are missing in all frames. What was held out beside them hardly shows in the
  ///     motion.
  init(
    _ window: MaskedSamples, interpolations: [Estimate], starts: StackedStarts, fallback: Estimate?,
    judged: SiteInputs? = nil, isStatic: Bool, context: EstimatorContext
  ) {
    let start = Lazily {
      var start = MotionPropagation(
        fill: starts.joining.blend(interpolations + [starts.fit], in: window, threads: context.threads))
      // What comes out of holes that stay is far away in time: further looks at them hardly find it better.
      if isStatic { start.passes = 1 }
      start.fallback = fallback
      return start
    }
    let blend = starts.blending.blend(interpolations, in: window, threads: context.threads)
    guard let judged else {
      let motion = Lazily { try start.value().estimate(window, context: context) }
      self.init(
        window, interpolations: interpolations, blend: blend, motion: motion,
        chain: Self.chain(of: motion.value, in: window, context), fallback: fallback, context: context)
      return
    }
    let chain = isStatic ? judged.chain : Self.chain(of: judged.motion.value, in: window, context)
    let motion = Lazily {
      var propagation = try start.value()
      (propagation.guide, propagation.passes) = (try judged.motion.value(), 1)
      propagation.chain = chain.value
      return try propagation.estimate(window, context: context)
    }
    self.init(
      window, interpolations: interpolations, blend: blend, motion: motion, chain: chain,
      fallback: fallback, context: context)
  }

  private init(
    _ window: MaskedSamples, interpolations: [Estimate], blend: Estimate,
    motion: Lazily<Estimate>, chain: Lazily<FlowChain>, fallback: Estimate?,
    context: EstimatorContext
  ) {
    (self.window, self.interpolations, self.blend) = (window, interpolations, blend)
    (self.motion, self.chain, self.fallback, self.context) = (motion, chain, fallback, context)
  }

  /// The motion in the window as an estimate fills it.
  private static func chain(
    of moving: @escaping () throws -> Estimate, in window: MaskedSamples, _ context: EstimatorContext
  ) -> Lazily<FlowChain> {
    Lazily {
      let guide = MotionGuide(window.completed(by: try moving()), window: window)
      return try guide.chain(of: Array(0..<window.frames), threads: context.threads)
    }
  }

  /// The same window for a second pass, whose motion is that of what the first one made.
  func again(_ fused: Estimate) -> SiteInputs {
    let picture = window.completed(by: fused)
    return SiteInputs(
      window, interpolations: interpolations, blend: picture,
      motion: Lazily { [window, fallback, context] in
        var propagation = MotionPropagation(fill: fused)
        propagation.fallback = fallback
        return try propagation.estimate(window, context: context)
      },
      chain: Self.chain(of: { picture }, in: window, context), fallback: fallback, context: context)
  }
}

/// How what others start from is blended: interpolations alone, and joined by the fit.
struct StackedStarts {
  let blending: Stacking
  let joining: Stacking
  let fit: Estimate

  /// - Parameter window: with the held-out samples that the weights follow from.
  init(names: [String], interpolations: [Estimate], fit: Estimate, window: MaskedSamples) {
    blending = Stacking(names: names, estimates: interpolations, window: window)
    joining = Stacking(names: names + ["inr"], estimates: interpolations + [fit], window: window)
    self.fit = fit
  }
}

/// A value that is computed when it is first asked for, and kept.
final class Lazily<Value> {
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
