/// The samples of a plane, and what is expected of the picture there.
struct PlaneTrial {
  let samples: PlaceSamples
  let variance: PictureVariance
  private let reach: Int
  private let threads: Int

  init(_ samples: PlaceSamples, reach: Int, threads: Int) {
    (self.samples, self.reach, self.threads) = (samples, reach, threads)
    variance = PictureVariance(samples, reach: reach, threads: threads)
  }

  /// Without reckoning with coding.
  func rough() -> (estimate: PlaneEstimate, effectiveFrames: Double) {
    let sums = PairSums(samples, variance, reach: reach, noise: 0, gain: 1, threads: threads)
    return (PlaneEstimate(samples, sums), sums.effectiveFrames)
  }

  /// - Parameters:
  ///   - rough: where coding is reckoned with, the estimate without; its errors are the least where all of a logo has about the
  ///     same colour, which is taken for granted then.
  ///   - noise: see `PairSums`.
  ///   - gain: the overlay's typical one.
  func refined(_ rough: PlaneEstimate?, noise: Double, gain: Float) -> PlaneEstimate {
    func sums(_ gains: [Double]?) -> PairSums {
      PairSums(
        samples, variance, reach: reach, noise: Float(noise), gain: gain, gains: gains, threads: threads)
    }
    return PlaneEstimate(samples, refining: sums(nil), from: rough) { sums($0) }
  }

  func colours(gains: [Double], noise: Double) -> PlaneEstimate {
    let sums = PairSums(samples, variance, reach: reach, noise: Float(noise), gain: 1, threads: threads)
    return PlaneEstimate(samples, sums, gains: gains)
  }
}
