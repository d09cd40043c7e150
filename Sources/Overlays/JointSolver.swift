/// Finds gains and colours together, by Newton steps on the sum that `GainSolver` and `ColourSolver` make small by turns: where
/// both depend on each other, turns need very many rounds.
struct JointSolver {
  private let samples: PlaceSamples
  var sums: PairSums
  private(set) var gains: [Double]
  private(set) var colours: [Double]
  /// Less than full between neighbours of unlike colour.
  private var ties: (right: [Double], below: [Double])
  /// By how much colours change from pixel to pixel, in steps of 8 bits: the less, the more shapes whose colours differ run into
  /// each other, and the less coding's errors are taken for colours.
  var local = 1.0

  /// What a step looks for.
  enum Search { case gains, both }

  /// By how much colours lie from their mean, and where neighbours' differences begin to count as an edge, as a factor of `local`.
  private static let (whole, edge) = (60.0, 2.0)
  /// A step to where the sum would be least if it were quadratic goes too far: gains and colours would swing about it.
  private static let stepShare = 0.7
  /// Makes what is stiff of a step.
  private static let fixed = 1e12

  init(_ samples: PlaceSamples, _ sums: PairSums) {
    (self.samples, self.sums) = (samples, sums)
    let ones = [Double](repeating: 1, count: samples.area)
    (gains, ties) = (ones, (ones, ones))
    colours = [Double](repeating: 128, count: samples.area)
  }

  /// Begins with a colour for each pixel, dark or light, by what the mean over frames shows beside what is filled in of it, and
  /// with the gain that makes both the same. Coding's noise hardly changes means, while gains that follow from changes over time
  /// are too small with it: from there on a dark shadow beside a light overlay is not found.
  mutating func startFromMeans() {
    let (frames, isHole) = (samples.frames, samples.isHole)
    let means = (0..<samples.area).map { i in
      samples.values[i * frames..<(i + 1) * frames].reduce(0.0) { $0 + Double($1) } / Double(max(1, frames))
    }
    let filled = HarmonicFill(samples).filledMeans(means)
    for i in 0..<samples.area where isHole[i] {
      let away = means[i] - filled[i]
      colours[i] = 128
      if abs(away) <= Self.meanMargin { continue }
      colours[i] = away < 0 ? Self.dark : Self.light
      // Seen is the overlay's colour and more of it: hardly anything comes through.
      let isBeyond = (means[i] - colours[i]) * away >= 0
      let gain = isBeyond ? Self.mostAtStart : (filled[i] - colours[i]) / (means[i] - colours[i])
      gains[i] = min(max(gain, 1), Self.mostAtStart)
    }
  }

  /// How far a mean has to be from what is filled in to count, in steps.
  private static let meanMargin = 2.0
  /// Black and white of limited range, which overlays mostly are of.
  private static let (dark, light) = (16.0, 235.0)
  private static let mostAtStart = 4.0

  /// A step of Newton's, after Gauss.
  ///
  /// - Returns: the largest change of a gain, as a share of it.
  @discardableResult
  mutating func step(_ search: Search) -> Double {
    let isHole = samples.isHole
    var system = BlockSystem(width: samples.width, isUnknown: isHole)
    var slopes = (
      u: [Double](repeating: 0, count: samples.area), c: [Double](repeating: 0, count: samples.area)
    )
    let tightness = 1 / (local * local)
    for (step, pairs) in [(1, sums.right), (samples.width, sums.below)] {
      for a in 0..<samples.area where samples.isUsed(a, step) {
        let (pair, b) = (pairs[a], a + step)
        let (ua, ub) = (isHole[a] ? gains[a] : 1, isHole[b] ? gains[b] : 1)
        let (ca, cb) = (isHole[a] ? colours[a] : 0, isHole[b] ? colours[b] : 0)
        // Of the mean difference beneath, and by what it changes with gains and colours.
        let weight = search == .gains ? 0 : pair.weight
        let rest = ua * (pair.meanA - ca) + ca - ub * (pair.meanB - cb) - cb
        let (restUA, restCA, restUB, restCB) = (pair.meanA - ca, 1 - ua, cb - pair.meanB, ub - 1)
        if isHole[a] {
          slopes.u[a] += pair.aa * ua - pair.ab * ub + weight * rest * restUA
          slopes.c[a] += weight * rest * restCA
          system.uu[a] += pair.aa + weight * restUA * restUA
          system.uc[a] += weight * restUA * restCA
          system.cc[a] += weight * restCA * restCA
        }
        if isHole[b] {
          slopes.u[b] += pair.bb * ub - pair.ab * ua + weight * rest * restUB
          slopes.c[b] += weight * rest * restCB
          system.uu[b] += pair.bb + weight * restUB * restUB
          system.uc[b] += weight * restUB * restCB
          system.cc[b] += weight * restCB * restCB
        }
        guard isHole[a], isHole[b] else { continue }
        let tie = (step == 1 ? ties.right[a] : ties.below[a]) * tightness
        slopes.c[a] += tie * (ca - cb)
        slopes.c[b] -= tie * (ca - cb)
        system.cc[a] += tie
        system.cc[b] += tie
        let link = BlockSystem.Link(
          uu: weight * restUA * restUB - pair.ab, uc: weight * restUA * restCB, cu: weight * restCA * restUB,
          cc: weight * restCA * restCB - tie)
        if step == 1 { system.right[a] = link } else { system.below[a] = link }
      }
    }
    addOwn(&system, &slopes, search)
    let (changeU, changeC) = system.solved(slopes.u.map { -$0 }, slopes.c.map { -$0 })
    var share = search == .both ? Self.stepShare : 1
    for i in system.unknown where changeU[i] < 0 { share = min(share, 0.9 * gains[i] / -changeU[i]) }
    var largest = 0.0
    for i in system.unknown {
      gains[i] = min(
        max(gains[i] + share * changeU[i], GainSolver.bounds.lowerBound), GainSolver.bounds.upperBound)
      colours[i] = min(max(colours[i] + share * changeC[i], 0), 255)
      largest = max(largest, abs(changeU[i]) / gains[i])
    }
    return largest
  }

  /// What does not depend on neighbours: the density's own term, and colours' nearness to their mean.
  private func addOwn(
    _ system: inout BlockSystem, _ slopes: inout (u: [Double], c: [Double]), _ search: Search
  ) {
    let holes = Double(max(1, system.unknown.count))
    let mean = system.unknown.reduce(0.0) { $0 + colours[$1] } / holes
    let pull = 1 / (Self.whole * Self.whole)
    for i in system.unknown {
      let gain = gains[i]
      let stiffness = gain < 1 ? GainSolver.stiffness : 0
      slopes.c[i] += pull * (colours[i] - mean)
      system.cc[i] += pull
      slopes.u[i] += stiffness * (gain - 1) - sums.expected[i] / gain
      system.uu[i] += stiffness + sums.expected[i] / (gain * gain)
      // A pixel that never changes and lies between such pixels: nothing is known of it.
      if system.uu[i] <= 0 { system.uu[i] = 1 }
      if search == .gains { (slopes.c[i], system.cc[i]) = (0, system.cc[i] + Self.fixed) }
    }
  }

  /// Ties neighbours less where their colours lie apart.
  mutating func loosen() {
    func tie(_ a: Int, _ b: Int) -> Double {
      let apart = (colours[a] - colours[b]) / (Self.edge * local)
      return 1 / (1 + apart * apart)
    }
    for a in 0..<samples.area where samples.isHole[a] {
      if samples.isPair(a, 1), samples.isHole[a + 1] { ties.right[a] = tie(a, a + 1) }
      if samples.isPair(a, samples.width), samples.isHole[a + samples.width] {
        ties.below[a] = tie(a, a + samples.width)
      }
    }
  }
}
