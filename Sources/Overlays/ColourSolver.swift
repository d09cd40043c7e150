/// Finds an overlay's colour where its gains are known: the one with which the mean picture beneath goes on as it is around, and
/// which changes little along the overlay, but for edges.
struct ColourSolver {
  private let samples: PlaceSamples
  private let sums: PairSums
  /// Less than full between neighbours of unlike colour.
  private var ties: (right: [Double], below: [Double])
  private var mean: Double?

  /// By how much a colour changes from pixel to pixel, and from its mean, in steps.
  private static let (local, whole) = (1.0, 60.0)

  init(_ samples: PlaceSamples, _ sums: PairSums) {
    (self.samples, self.sums) = (samples, sums)
    let ones = [Double](repeating: 1, count: samples.area)
    ties = (ones, ones)
  }

  /// The colours of all pixels of the hole, in steps of 8 bits.
  mutating func colours(gains: [Double], from start: [Double]?) -> [Double] {
    var system = GridSystem(width: samples.width, height: samples.height, isUnknown: samples.isHole)
    var values = [Double](repeating: 0, count: samples.area)
    for (step, pairs) in [(1, sums.right), (samples.width, sums.below)] {
      for a in 0..<samples.area where samples.isUsed(a, step) {
        let (pair, b) = (pairs[a], a + step)
        let (ga, gb) = (samples.isHole[a] ? gains[a] : 1, samples.isHole[b] ? gains[b] : 1)
        let rest = ga * pair.meanA - gb * pair.meanB
        // Of the difference beneath, which is to be none: rest - (ga - 1) * colour(a) + (gb - 1) * colour(b).
        let (ca, cb) = (1 - ga, gb - 1)
        if samples.isHole[a] {
          system.diagonal[a] += pair.weight * ca * ca
          values[a] -= pair.weight * ca * rest
        }
        if samples.isHole[b] {
          system.diagonal[b] += pair.weight * cb * cb
          values[b] -= pair.weight * cb * rest
        }
        guard samples.isHole[a], samples.isHole[b] else { continue }
        let tie = (step == 1 ? ties.right[a] : ties.below[a]) / (Self.local * Self.local)
        system.diagonal[a] += tie
        system.diagonal[b] += tie
        let joint = tie - pair.weight * ca * cb
        if step == 1 { system.right[a] = joint } else { system.below[a] = joint }
      }
    }
    let pull = 1 / (Self.whole * Self.whole)
    var evenly = values
    for i in 0..<samples.area where samples.isHole[i] {
      system.diagonal[i] += pull
      evenly[i] = pull
    }
    for i in 0..<samples.area where !samples.isHole[i] { evenly[i] = 0 }
    // The mean is found with the colours: what it adds to them is even.
    let own = system.solved(values, from: start)
    let added = system.solved(evenly, from: nil)
    let holes = Double(max(1, samples.isHole.count { $0 }))
    let (ownMean, addedMean) = (own.reduce(0, +) / holes, added.reduce(0, +) / holes)
    let mean = min(max(ownMean / max(1e-9, 1 - addedMean), 0), 255)
    self.mean = mean
    var colours = own
    for i in 0..<samples.area where samples.isHole[i] {
      colours[i] = min(max(own[i] + mean * added[i], 0), 255)
    }
    loosen(colours)
    return colours
  }

  /// Ties neighbours less where their colours lie apart.
  private mutating func loosen(_ colours: [Double]) {
    func tie(_ a: Int, _ b: Int) -> Double {
      let apart = (colours[a] - colours[b]) / (2 * Self.local)
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
