import Foundation

/// How likely it is that candidates are dirt: logistic regression on their measures, and on how much sure dirt the frames
/// around have.
///
/// The weights were fitted to damage painted over clips of three families, grainy, animated and compressed ones, each clip with
/// the same weight, as found and not found by the samples that it costs.
enum DirtOdds {
  private static let constant: Float = -8.251
  private static let weights = DirtCandidate.Measures(
    area: -0.428, strength: 0.019, peak: 0.028, contrast: -0.736, rank: 1.585, rankShare: 0.483,
    disagreement: -1.269, rim: -1.841, halo: -1.584, texture: -0.328, spread: -0.462, openness: 3.018,
    noise: -0.322)
  /// Of the first log-odds, of the logarithm of the number of sure finds, and the constant.
  private static let second: (odds: Float, density: Float, constant: Float) = (1.097, 1.154, -1.073)
  /// Above these log-odds a find is half sure, and how fast that becomes certain: thousands of candidates that are hardly dirt, as
  /// large pictures with grain have, must not add up to some that are.
  private static let sure: (odds: Float, steepness: Float) = (1, 2)
  private static let leastDensity: Float = 0.2
  private static let mostDensity: Float = 4
  /// What is seen from one side only has to be surer, and so has what is larger than a share of the picture, by each doubling:
  /// a false find costs its area.
  private static let oneSided: Float = 2.5
  private static let large: (share: Float, perDoubling: Float) = (1 / 200, 1)
  /// Candidates above it are dirt, at medium sensitivity; and how far the extremes move it.
  private static let threshold: Float = -2.4
  private static let reachOfSensitivity: Float = 4

  static func first(_ m: DirtCandidate.Measures) -> Float {
    let w = weights
    var sum = constant + w.area * m.area + w.strength * m.strength + w.peak * m.peak + w.contrast * m.contrast
    sum += w.rank * m.rank + w.rankShare * m.rankShare + w.disagreement * m.disagreement + w.rim * m.rim
    sum += w.halo * m.halo + w.texture * m.texture + w.spread * m.spread + w.openness * m.openness
    return sum + w.noise * m.noise
  }

  /// Candidates with first log-odds below it are no dirt, however much of it the frames around have.
  static func leastFirst(_ settings: DetectionSettings) -> Float {
    (threshold(settings) - second.constant - second.density * mostDensity) / second.odds
  }

  /// The number of sure finds that candidates stand for.
  ///
  /// - Parameter odds: log-odds from measures alone, of each candidate.
  static func sureFinds(_ odds: some Sequence<Float>) -> Float {
    odds.reduce(0) { $0 + sigmoid(sure.steepness * ($1 - sure.odds)) }
  }

  /// The median over the frames around: a burst of fast motion moves it little.
  static func density(_ sureFinds: [Float]) -> Float {
    min(mostDensity, log(leastDensity + median(sureFinds)))
  }

  /// - Parameters:
  ///   - first: log-odds from measures alone.
  ///   - density: of the frames around.
  ///   - samples: of the picture.
  static func second(_ first: Float, area: Int, areBothSides: Bool, density: Float, samples: Int) -> Float {
    let share = Float(area) / Float(max(1, samples))
    let size = large.perDoubling * max(0, log2(share / large.share))
    return second.odds * first + second.density * density + second.constant - size
      - (areBothSides ? 0 : oneSided)
  }

  static func threshold(_ settings: DetectionSettings) -> Float {
    threshold + reachOfSensitivity * 2 * (0.5 - settings.sensitivity)
  }

  /// 0.5 at the threshold.
  static func confidence(_ odds: Float, settings: DetectionSettings) -> Float {
    sigmoid(odds - threshold(settings))
  }

  private static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
