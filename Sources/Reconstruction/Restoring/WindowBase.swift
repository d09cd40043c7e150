import Motion

/// A window as entrants see it, with or without its held-out samples, and what several of them start from.
struct WindowBase {
  let window: MaskedWindow
  let interpolations: [WindowEstimate]
  /// What refinements start from: the blend of the interpolations, or, in a second pass, of all estimates.
  let blend: WindowEstimate
  /// Propagation along motion.
  let motion: Lazily<WindowEstimate>
  /// The motion between all frames.
  let chain: Lazily<FlowChain>
  private let context: EstimatorContext

  /// - Parameter judged: the same window without its held-out samples, where that has been looked at before: what was
  ///   propagated there is all but right, and needs one more look only.
  init(
    _ window: MaskedWindow, interpolations: [WindowEstimate], starts: FusedStarts, judged: WindowBase? = nil,
    context: EstimatorContext
  ) {
    let motion = Lazily {
      var propagation = MotionPropagation(
        fill: starts.joining.blend(interpolations + [starts.fit], in: window, threads: context.threads))
      if let judged { (propagation.guide, propagation.passes) = (try judged.motion.value(), 1) }
      return try propagation.estimate(window, context: context)
    }
    self.init(
      window, interpolations: interpolations,
      blend: starts.blending.blend(interpolations, in: window, threads: context.threads), motion: motion,
      moving: { try motion.value() }, context: context)
  }

  private init(
    _ window: MaskedWindow, interpolations: [WindowEstimate], blend: WindowEstimate,
    motion: Lazily<WindowEstimate>, moving: @escaping () throws -> WindowEstimate, context: EstimatorContext
  ) {
    (self.window, self.interpolations, self.blend, self.motion) = (window, interpolations, blend, motion)
    self.context = context
    chain = Lazily {
      let guide = MotionGuide(try moving(), window: window)
      return try FlowChain(pictures: (0..<window.frames).map { guide.picture($0) }, threads: context.threads)
    }
  }

  /// The same window for a second pass, whose motion is that of what the first one made.
  func again(_ fused: WindowEstimate) -> WindowBase {
    let picture = window.completed(by: fused)
    return WindowBase(
      window, interpolations: interpolations, blend: picture,
      motion: Lazily { [window, context] in
        try MotionPropagation(fill: fused).estimate(window, context: context)
      },
      moving: { picture }, context: context)
  }
}

/// How what others start from is blended: interpolations alone, and joined by the fit.
struct FusedStarts {
  let blending: LocalFusion
  let joining: LocalFusion
  let fit: WindowEstimate

  /// - Parameter window: with the held-out samples that the weights follow from.
  init(names: [String], interpolations: [WindowEstimate], fit: WindowEstimate, window: MaskedWindow) {
    blending = LocalFusion(names: names, estimates: interpolations, window: window)
    joining = LocalFusion(names: names + ["inr"], estimates: interpolations + [fit], window: window)
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
