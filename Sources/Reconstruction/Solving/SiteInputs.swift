import Frames
import Motion

/// What estimators of a site start from: its samples, and estimates of earlier stages, made when first asked for and kept.
///
/// A site has up to four of these: without its held-out samples, which compare the estimators, and with all known samples;
/// both in the first pass and in the second.
final class SiteInputs {
  let samples: MaskedSamples
  let holes: HoleShape
  let context: EstimatorContext
  /// The site without its held-out samples, if this is the one with all known samples, else nil.
  private(set) var earlier: SiteInputs?
  /// The site in the first pass, if this is the second, else nil.
  private var first: SiteInputs?
  private let estimators: [any Estimator]
  private var kept: [EstimatorID: Estimate]
  private var keptStack: Estimate?
  private var keptChain: FlowChain?
  private var stackings: [Stacking] = []
  /// What was found by separable terms, and what was chosen for them, which the site with all known samples takes.
  var separableTerms: (estimate: Estimate, choices: [SeparableTermsEstimator.Choice])?

  /// What alike patches made of this site.
  var alikePatches: Estimate?
  private var keptAlikeRounds: [Int]?
  /// Rounds of alike patches, by group of planes, which are chosen without the held-out samples and taken with them.
  var alikeRounds: [Int]? {
    get { judged.keptAlikeRounds }
    set { judged.keptAlikeRounds = newValue }
  }
  /// The site in the first pass, without its held-out samples.
  private var judged: SiteInputs { (first ?? self).earlier ?? first ?? self }

  /// - Parameters:
  ///   - samples: without the held-out ones, if any are.
  ///   - estimators: all for these holes, in the order in which they are stacked.
  ///   - kept: estimates that need not be made.
  init(
    _ samples: MaskedSamples, holes: HoleShape, estimators: [any Estimator],
    kept: [EstimatorID: Estimate] = [:], context: EstimatorContext
  ) {
    (self.samples, self.holes, self.estimators) = (samples, holes, estimators)
    (self.kept, self.context) = (kept, context)
  }

  /// The site with all known samples.
  ///
  /// - Parameter fitted: estimates that are not made again.
  func complete(_ samples: MaskedSamples, keeping fitted: [EstimatorID: Estimate] = [:]) -> SiteInputs {
    let site = SiteInputs(
      samples, holes: holes, estimators: estimators, kept: fitted, context: context)
    site.earlier = self
    return site
  }

  /// The site in the second pass.
  ///
  /// - Parameter stacked: all estimates of the first pass.
  func secondPass(from stacked: Estimate) -> SiteInputs {
    let site = SiteInputs(samples, holes: holes, estimators: estimators, context: context)
    site.first = self
    site.keptStack = samples.completed(by: stacked)
    return site
  }

  var isSecondPass: Bool { first != nil }

  /// True if an estimator follows motion.
  var seesMotion: Bool { estimators.contains { $0.stage == .motion } }

  func estimate(by estimator: any Estimator) throws -> Estimate {
    if estimator.stage < .motion, let first { return try first.estimate(by: estimator) }
    if let estimate = kept[estimator.id] { return estimate }
    let estimate = try estimator.estimate(self)
    // Others start from these.
    if estimator.stage < .refinement { kept[estimator.id] = estimate }
    return estimate
  }

  /// The estimate of one of the estimators; nil where it is not for these holes.
  func estimate(by id: EstimatorID) throws -> Estimate? {
    try estimators.first { $0.id == id }.map { try estimate(by: $0) }
  }

  /// What a refinement starts from.
  func start(_ start: EstimatorStart) throws -> Estimate {
    switch start {
    case .stacked: return try stacked()
    case .estimate(let id):
      guard let estimate = try estimate(by: id) else {
        preconditionFailure("a recipe has the estimators that others start from: \(id.name)")
      }
      return estimate
    }
  }

  /// The stacked interpolations; in the second pass, all estimates of the first, stacked.
  func stacked() throws -> Estimate {
    if let keptStack { return keptStack }
    let stacked = try stack(estimators.filter { $0.stage == .interpolation })
    keptStack = stacked
    return stacked
  }

  /// The same with the representation among the interpolations.
  func stackedWithRepresentation() throws -> Estimate {
    isSecondPass ? try stacked() : try stack(estimators.filter { $0.stage < .motion })
  }

  private func stack(_ members: [any Estimator]) throws -> Estimate {
    try stacking(of: members).stack(
      members.map { try estimate(by: $0) }, in: samples, threads: context.threads)
  }

  /// The members' weights, which follow from held-out samples.
  private func stacking(of members: [any Estimator]) throws -> Stacking {
    if let earlier { return try earlier.stacking(of: members) }
    let ids = members.map(\.id)
    if let known = stackings.first(where: { $0.ids == ids }) { return known }
    let stacking = Stacking(
      ids: ids, estimates: try members.map { try estimate(by: $0) }, samples: samples)
    stackings.append(stacking)
    return stacking
  }

  /// The motion between all frames: that of the picture with its holes filled along motion, or in the second pass as the
  /// first one filled them.
  ///
  /// - Throws: `RestorationError.cancelled`, `OpticalFlowError`.
  func chain() throws -> FlowChain {
    // Holding samples out beside holes that stay hardly changes the motion.
    if let earlier, holes.isStatic { return try earlier.chain() }
    if let keptChain { return keptChain }
    let picture = isSecondPass ? try stacked() : try (earlier ?? self).start(.estimate(.motion))
    let guide = MotionGuide(samples.completed(by: picture), samples: samples)
    let chain = try guide.chain(of: Array(0..<samples.frames), threads: context.threads)
    keptChain = chain
    return chain
  }
}
