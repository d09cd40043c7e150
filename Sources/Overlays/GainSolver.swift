import Foundation

/// Finds by how much each pixel has to be stretched for what is seen there to change as the picture around it does.
///
/// Of a pixel with gain `u` the picture beneath is `u * seen - shift`. Where the picture's differences between neighbours are
/// normal and the gains are `u`, what is seen has the density `exp(-E(u)) * product(u)`, whose greatest value is found: gains
/// that are too small would make the picture flat, which the product keeps away.
struct GainSolver {
  private let samples: PlaceSamples
  private let sums: PairSums
  private let expected: [Double]

  /// Gains lie between these.
  static let bounds = 0.7...60.0
  /// Holds gains above 1: no overlay brings out what is beneath, and a dark shadow would pass for a bright one that does.
  static let stiffness = 2500.0

  init(_ samples: PlaceSamples, _ sums: PairSums) {
    (self.samples, self.sums) = (samples, sums)
    expected = sums.expected
  }

  /// The gains of all pixels, 1 where nothing is hidden.
  ///
  /// - Parameters:
  ///   - colours: the overlay's colour at each pixel, about which the mean picture is stretched; nil to leave it alone.
  ///   - start: where the search begins.
  func gains(colours: [Double]?, from start: [Double]) -> [Double] {
    let (quadratic, pull) = equations(colours: colours)
    var system = quadratic
    let straight = system.diagonal
    var gains = start
    for _ in 0..<Self.mostSteps {
      var slope = [Double](repeating: 0, count: gains.count)
      for i in system.unknown {
        let stiffness = gains[i] < 1 ? Self.stiffness : 0
        slope[i] = -(product(straight, system, gains, i) - pull[i] - expected[i] / gains[i])
        slope[i] -= stiffness * (gains[i] - 1)
        system.diagonal[i] = straight[i] + expected[i] / (gains[i] * gains[i]) + stiffness
        // A pixel that never changes and lies between such pixels: nothing is known of it.
        if system.diagonal[i] <= 0 { system.diagonal[i] = 1 }
      }
      let step = system.solved(slope, tolerance: 1e-4)
      var share = 1.0
      for i in system.unknown where step[i] < 0 {
        share = min(share, 0.9 * gains[i] / -step[i])
      }
      var largest = 0.0
      for i in system.unknown {
        gains[i] += share * step[i]
        largest = max(largest, abs(step[i]) / gains[i])
      }
      if largest < 1e-4 { break }
    }
    return gains.map { min(max($0, Self.bounds.lowerBound), Self.bounds.upperBound) }
  }

  private static let mostSteps = 30

  private func product(_ diagonal: [Double], _ system: GridSystem, _ x: [Double], _ i: Int) -> Double {
    let width = samples.width
    var sum = diagonal[i] * x[i]
    if i + 1 < x.count, samples.isHole[i + 1] { sum -= system.right[i] * x[i + 1] }
    if i > 0, samples.isHole[i - 1] { sum -= system.right[i - 1] * x[i - 1] }
    if i + width < x.count, samples.isHole[i + width] { sum -= system.below[i] * x[i + width] }
    if i >= width, samples.isHole[i - width] { sum -= system.below[i - width] * x[i - width] }
    return sum
  }

  /// The quadratic part, and what known neighbours pull by.
  private func equations(colours: [Double]?) -> (GridSystem, pull: [Double]) {
    var system = GridSystem(width: samples.width, height: samples.height, isUnknown: samples.isHole)
    var pull = [Double](repeating: 0, count: samples.area)
    for (step, pairs) in [(1, sums.right), (samples.width, sums.below)] {
      for a in 0..<samples.area where samples.isUsed(a, step) {
        let (pair, b) = (pairs[a], a + step)
        var (aa, bb, ab) = (pair.aa, pair.bb, pair.ab)
        if let colours {
          let (ca, cb) = (samples.isHole[a] ? colours[a] : 0, samples.isHole[b] ? colours[b] : 0)
          let (ma, mb, shift) = (pair.meanA - ca, pair.meanB - cb, ca - cb)
          aa += pair.weight * ma * ma
          bb += pair.weight * mb * mb
          ab += pair.weight * ma * mb
          pull[a] -= pair.weight * ma * shift
          pull[b] += pair.weight * mb * shift
        }
        if samples.isHole[a] { system.diagonal[a] += aa }
        if samples.isHole[b] { system.diagonal[b] += bb }
        switch (samples.isHole[a], samples.isHole[b]) {
        case (true, true): if step == 1 { system.right[a] = ab } else { system.below[a] = ab }
        case (true, false): pull[a] += ab
        case (false, true): pull[b] += ab
        case (false, false): break
        }
      }
    }
    return (system, pull)
  }
}
