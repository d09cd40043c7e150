import Foundation
import Frames

/// Stacking of the estimates of a window's spots: convex weights by held-out error (see `Stacking`), pooled over samples with
/// like odds, wherever in the window they lie.
struct SpotStacking {
  /// Odds are told apart in steps of this size, from `lowest` on; the last bin is of samples that no other frame shows.
  private static let (lowest, step, bins): (Float, Float, Int) = (-2.5, 0.25, 16)
  /// What odds say of a bin counts as much as this many samples.
  private static let prior = 16.0
  /// With fewer held-out samples than this nothing is learned.
  private static let fewest = 64

  private static let count = SpotEstimates.ids.count
  /// Thin pieces, whose samples all have known ones beside them, and others.
  private let (thin, thick): (Table, Table)
  /// By cross-validation in two folds.
  let heldOut: ErrorSum

  /// - Parameter heldOut: of pieces that were held out; every other one is of the same fold.
  init(_ heldOut: [SpotEstimates]) {
    let all = Moments(heldOut)
    let kinds = [true, false].map { isThin in Moments(heldOut.filter { $0.isThin == isThin }) }
    (thin, thick) = (Table(kinds[0], orElse: all), Table(kinds[1], orElse: all))
    self.heldOut = ErrorSum(squares: thin.heldOutError + thick.heldOutError, samples: all.samples)
  }

  /// Second moments of the errors of held-out samples, by bins, in two folds.
  private struct Moments {
    /// folds[f]: (bins, estimators, estimators), and the number of samples of each bin.
    var folds = [[Double]](repeating: [Double](repeating: 0, count: bins * count * count), count: 2)
    var counts = [[Double]](repeating: [Double](repeating: 0, count: bins), count: 2)
    /// Sum of the squared errors that were expected in space.
    var expected = 0.0

    var samples: Int { Int(counts.joined().reduce(0, +)) }

    init(_ pieces: [SpotEstimates]) {
      let size = count * count
      var difference = [Double](repeating: 0, count: count)
      for (n, piece) in pieces.enumerated() {
        for (p, truth) in piece.truth.enumerated() {
          for i in truth.indices {
            let expected = piece.expected[p][i]
            let bin = SpotStacking.bin(expected)
            self.expected += Double(expected.inSpace * expected.inSpace)
            for e in 0..<count { difference[e] = Double(max(0, min(1, piece.values[p][e][i])) - truth[i]) }
            for a in 0..<count {
              for b in 0..<count { folds[n % 2][bin * size + a * count + b] += difference[a] * difference[b] }
            }
            counts[n % 2][bin] += 1
          }
        }
      }
    }

    /// Sums of squared errors in the bins of a fold under the given weights, (bins, estimators).
    func squares(of fold: Int, under weights: [Double]) -> [Double] {
      (0..<bins).map { bin in
        var sum = 0.0
        for a in 0..<count {
          for b in 0..<count {
            sum +=
              weights[bin * count + a] * weights[bin * count + b] * folds[fold][(bin * count + a) * count + b]
          }
        }
        return sum
      }
    }

    /// The convex weights of each bin, (bins, estimators).
    func weights(of folds: [Int]) -> [Double] {
      let size = count * count
      let moments = folds.dropFirst().reduce(self.folds[folds[0]]) { zip($0, self.folds[$1]).map(+) }
      let samples = folds.reduce(0) { $0 + counts[$1].reduce(0, +) }
      let inSpace = (0..<bins).reduce(0) { $0 + moments[$1 * size] } / max(1, samples)
      let usual = expected / Double(max(1, self.samples))
      let smooth = SpotStacking.smoothed(moments, size: size)
      return (0..<bins).flatMap { bin in
        // Odds are of the error along motion against the one expected in space. The two do not depend on each other.
        let ratio = exp(Double(lowest + (Float(bin) + 0.5) * step))
        return convexWeights(
          moments: (0..<size).map { i in
            let (a, b) = (i / count, i % count)
            let told = a == 0 || b == 0 ? (a == b ? inSpace : 0) : usual * ratio * ratio
            return smooth[bin * size + i] + prior * told
          }, count: count)
      }
    }
  }

  /// What was learned of pieces of a kind.
  private struct Table {
    /// (bins, estimators).
    let weights: [Double]
    /// Mean squared error of each bin, by weights of the other fold.
    let errors: [Double]
    /// Sum of squared errors of the samples of the kind.
    let heldOutError: Double

    init(_ given: Moments, orElse all: Moments) {
      let moments = given.samples >= fewest ? given : all
      guard moments.samples >= fewest else {
        let equal = [Double](repeating: 1 / Double(count), count: bins * count)
        weights = equal
        errors = [Double](repeating: 0, count: bins)
        heldOutError = (0..<2).reduce(0) { $0 + given.squares(of: $1, under: equal).reduce(0, +) }
        return
      }
      weights = moments.weights(of: [0, 1])
      let crossed = (0..<2).map { moments.weights(of: [1 - $0]) }
      func crossedSquares(_ moments: Moments) -> [Double] {
        zip(moments.squares(of: 0, under: crossed[0]), moments.squares(of: 1, under: crossed[1])).map(+)
      }
      let squares = crossedSquares(moments)
      heldOutError = crossedSquares(given).reduce(0, +)
      // Bins with few samples take the error of their neighbours, or of all.
      let mean = squares.reduce(0, +) / Double(moments.samples)
      let near = SpotStacking.smoothed(squares, size: 1)
      let counts = SpotStacking.smoothed(zip(moments.counts[0], moments.counts[1]).map(+), size: 1)
      errors = (0..<bins).map { (near[$0] + mean) / (counts[$0] + 1) }
    }
  }

  private static func bin(_ expected: SpotEstimates.Expectation) -> Int {
    if expected.alongMotion == .infinity { return bins - 1 }
    return max(0, min(bins - 2, Int(((expected.odds - lowest) / step).rounded(.down))))
  }

  /// 1 2 1 / 4 over the bins.
  private static func smoothed(_ values: [Double], size: Int) -> [Double] {
    values.indices.map { i in
      let (before, after) = (i - size, i + size)
      return 0.25
        * ((before >= 0 ? values[before] : 0) + 2 * values[i] + (after < values.count ? values[after] : 0))
    }
  }

  /// Whether enough was held out to learn from.
  var isJudged: Bool { heldOut.samples >= Self.fewest }

  /// The stacked value of a sample, full scale = 1.
  func value(of piece: SpotEstimates, plane p: Int, sample i: Int) -> Float {
    let weights = (piece.isThin ? thin : thick).weights
    let first = Self.bin(piece.expected[p][i]) * Self.count
    return (0..<Self.count).reduce(0) {
      $0 + Float(weights[first + $1]) * max(0, min(1, piece.values[p][$1][i]))
    }
  }

  /// Adds what the missing samples of a piece probably err by, and what weighs how much in them.
  func add(_ piece: SpotEstimates, to error: inout ErrorSum, _ shares: inout [Double]) {
    let table = piece.isThin ? thin : thick
    for expected in piece.expected.joined() {
      let bin = Self.bin(expected)
      error.squares += table.errors[bin]
      error.samples += 1
      for e in 0..<Self.count { shares[e] += table.weights[bin * Self.count + e] }
    }
  }
}
