/// The samples of a plane, and what is expected of the picture there.
struct PlaneTrial {
  let samples: PlaceSamples
  let variance: PictureVariance
  private let reach: Int
  private let threads: Int

  /// Enough turns for noise to be measured by what they lead to.
  private static let roughRounds = 3

  init(_ samples: PlaceSamples, reach: Int, threads: Int) {
    (self.samples, self.reach, self.threads) = (samples, reach, threads)
    variance = PictureVariance(samples, reach: reach, threads: threads)
  }

  /// Without reckoning with coding, and not to the end: what coding's noise is measured by.
  func rough() -> (estimate: PlaneEstimate, effectiveFrames: Double) {
    let sums = sums(.none)
    return (PlaneEstimate(samples, sums, rounds: Self.roughRounds), sums.effectiveFrames)
  }

  /// - Parameter level: of coding's noise, as far as it is known; it is measured again by the gains that are found.
  func refined(_ level: NoiseLevel) -> PlaneEstimate {
    PlaneEstimate(samples, refining: sums(level)) { gains in
      sums(NoiseLevel(measured: noise(gains: gains), gains: gains), gains: gains)
    }
  }

  /// Of gains that are known.
  func colours(gains: [Double]) -> PlaneEstimate { PlaneEstimate(samples, sums(.none), gains: gains) }

  /// What coding added; see `CodingNoise`.
  func noise(gains: [Double]) -> Double { CodingNoise.variance(samples, variance, gains: gains) }

  private func sums(_ level: NoiseLevel, gains: [Double]? = nil) -> PairSums {
    PairSums(samples, variance, reach: reach, noise: level, gains: gains, threads: threads)
  }
}
