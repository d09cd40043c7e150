import Frames
import Kernels

/// Sums of separable terms (`SeparableTerms`) for scattered samples of pictures and small volumes.
///
/// Terms are added some at a time as long as known samples that are held out are predicted better; that also chooses among
/// degrees of smoothness.
struct SeparableTermsEstimator: Estimator {
  let id = EstimatorID.separableTerms
  // Nothing starts from what it finds.
  let stage = EstimatorStage.refinement
  let holes = HoleKind.scattered
  /// Terms at most.
  let most: Int
  /// Frames at most: in clips that move, terms take as long as all else, and lead to nothing.
  var mostFrames = Int.max

  /// Degrees of smoothness that are tried: the less is known, the more of it is needed.
  private static let smoothness = [0.1, 0.03]
  /// Terms that are added in a round, and sweeps after that.
  private static let (added, sweeps) = (8, 2)
  /// Rounds without a better prediction after which no more terms are added, and what is no better.
  private static let (patience, leastGain) = (3, 0.997)
  /// Rounds after which interpolation in space must be beaten, and the error that must be reached be near: where terms
  /// suit, these find most of what they will find.
  private static let probation = 6
  /// How far above the error that must be reached is near, and how far that may differ from one set of held-out samples to
  /// another.
  private static let (near, doubt) = (1.5, 1.15)
  private static let heldOutShare: Float = 0.08
  /// What terms must not be worse than, beside interpolation in space.
  private static let rivals: [EstimatorID] = [.representation, .surfaces, .spline]
  /// The time of a sweep grows with the samples. Of few samples nothing can be held out.
  private static let (fewest, mostSamples) = (500, 120_000)

  /// What was chosen for planes of one size.
  struct Choice: Sendable {
    var smoothness: Double
    var rounds: Int
  }

  func suits(_ samples: MaskedSamples) -> Bool {
    if samples.frames > mostFrames { return false }
    let known = samples.planes.reduce(0) { sum, plane in sum + plane.states.count { $0 == SampleState.known }
    }
    return known >= Self.fewest && known <= Self.mostSamples
  }

  func competes(at site: SiteInputs) throws -> Bool {
    let spatial = try site.estimate(by: .spatial).map { site.samples.heldOutError(of: $0) }
    // What refines these is better still.
    let others = try Self.rivals.compactMap { try site.estimate(by: $0) }
    let best = others.reduce(spatial ?? .infinity) { min($0, site.samples.heldOutError(of: $1)) }
    let found = try estimate(site, share: spatial.map { $0 > 0 ? min(1, best / $0) : 1 } ?? 1)
    guard site.separableTerms?.choices.allSatisfy({ $0.rounds > 0 }) ?? false else { return false }
    return site.samples.heldOutError(of: found) <= best
  }

  func estimate(_ site: SiteInputs) throws -> Estimate { try estimate(site, share: 1) }

  /// - Parameter share: of the squared error of interpolation in space, what the terms must not exceed to be of use.
  private func estimate(_ site: SiteInputs, share: Double) throws -> Estimate {
    if let found = site.separableTerms { return found.estimate }
    let (samples, context) = (site.samples, site.context)
    var result = Estimate(planes: samples.planes.map(\.values))
    var choices: [Choice] = []
    let groups = samples.planes { $0.height == $1.height && $0.width == $1.width }
    for (group, planes) in groups.enumerated() {
      let known = KnownSamples(of: samples, planes: planes)
      let terms: SeparableTerms
      if let earlier = site.earlier?.separableTerms?.choices, group < earlier.count {
        choices.append(earlier[group])
        terms = try again(earlier[group], known, context)
      } else {
        let found = try compared(known, samples, planes, share, context)
        choices.append(found.choice)
        terms = found.terms
      }
      let area = known.rows * known.columns
      for (position, p) in planes.enumerated() {
        for t in 0..<samples.frames {
          result.planes[p].replaceSubrange(
            t * area..<(t + 1) * area, with: terms.values(slice: position * samples.frames + t))
        }
      }
    }
    site.separableTerms = (result, choices)
    return result
  }

  /// The terms that predict samples best that are held out; no rounds where interpolation in space does so better.
  private func compared(
    _ known: KnownSamples, _ samples: MaskedSamples, _ planes: [Int], _ share: Double,
    _ context: EstimatorContext
  ) throws -> (terms: SeparableTerms, choice: Choice) {
    var random = RandomSource(seed: context.seed)
    let counted: [Float] = (0..<known.count).map { _ in random.uniform() < Self.heldOutShare ? 0 : 1 }
    var fewer = samples
    known.forEachPlace(in: samples, planes: planes) { k, p, i in
      if counted[k] == 0 { fewer.planes[p].states[i] = SampleState.missing }
    }
    let spatial = try SpatialInterpolation().estimate(fewer, context: context)
    var (rival, count) = (0.0, 0)
    known.forEachPlace(in: samples, planes: planes) { k, p, i in
      if counted[k] != 0 { return }
      rival += Double(
        (spatial.planes[p][i] - samples.planes[p].values[i])
          * (spatial.planes[p][i] - samples.planes[p].values[i]))
      count += 1
    }
    rival /= Double(max(1, count))
    var trials = Self.smoothness.map {
      Growth(of: SeparableTerms(known, smoothness: $0, weights: counted), most: most, seed: context.seed)
    }
    var rounds = 0
    while trials.contains(where: { !$0.isOver }) {
      try context.checkCancellation()
      trials = parallelMap(trials.count, threads: context.threads) { [trials] in trials[$0].next() }
      rounds += 1
      let near = min(rival, Self.near * share * rival)
      if rounds == Self.probation && trials.allSatisfy({ $0.best.error > near }) { break }
      for k in trials.indices { trials[k].giveUp(above: Self.doubt * share * rival) }
    }
    let k = trials[1].best.error < trials[0].best.error ? 1 : 0
    let isWorth = trials[k].best.error < rival
    return (
      trials[k].best.terms,
      Choice(smoothness: Self.smoothness[k], rounds: isWorth ? trials[k].best.rounds : 0)
    )
  }

  /// The same once more, with more samples known.
  private func again(
    _ choice: Choice, _ known: KnownSamples, _ context: EstimatorContext
  ) throws -> SeparableTerms {
    let all = [Float](repeating: 1, count: known.count)
    var growth = Growth(
      of: SeparableTerms(known, smoothness: choice.smoothness, weights: all), most: most, seed: context.seed)
    for _ in 0..<choice.rounds {
      try context.checkCancellation()
      growth.grow()
    }
    return growth.terms
  }

  /// Terms that become more as long as that pays.
  private struct Growth: Sendable {
    private(set) var terms: SeparableTerms
    /// What predicted the samples best that don't count, with its mean squared error, and the rounds until then.
    private(set) var best: (terms: SeparableTerms, error: Double, rounds: Int)
    private(set) var isOver = false
    private let most: Int
    private var rounds = 0
    /// The least error after each round.
    private var errors: [Double] = []
    private var random: RandomSource

    init(of terms: SeparableTerms, most: Int, seed: UInt64) {
      (self.terms, self.most) = (terms, most)
      best = (terms, terms.heldOutError, 0)
      random = RandomSource(seed: seed)
    }

    /// After another round.
    func next() -> Growth {
      if isOver { return self }
      var result = self
      result.grow()
      let error = result.terms.heldOutError
      if error < leastGain * best.error { result.best = (result.terms, error, result.rounds) }
      result.errors.append(min(error, best.error))
      result.isOver = result.rounds - result.best.rounds >= patience
      return result
    }

    /// Ends where `error` would not be reached if all further rounds gained as much as the last ones did: they gain less.
    mutating func giveUp(above error: Double) {
      guard rounds >= probation, let last = errors.last else { return }
      let gain = (errors[rounds - 1 - patience] - last) / Double(patience)
      // Until there are as many terms as there may be, and as long again as is looked at here.
      let left = Double((most - terms.count) / added + probation)
      if last - left * gain > error { isOver = true }
    }

    mutating func grow() {
      for _ in 0..<added where terms.count < most { terms.addTerm(startingWith: &random) }
      for _ in 0..<sweeps { terms.sweep() }
      rounds += 1
    }
  }
}

extension EstimatorID {
  /// Sums of separable terms.
  static let separableTerms = EstimatorID("terms")
}
