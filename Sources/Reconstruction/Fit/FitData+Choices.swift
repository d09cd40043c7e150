/// What the holes suggest, before anything is fitted.
extension FitData {
  /// True if a good part of the holes stays where it is: logos, burnt-in text, dead pixels.
  var hasStaticHoles: Bool { staticShare > 0.1 && !missesWholeFrames }

  /// Radians from sample to sample at the highest frequency of the factor nets. Where nothing is known at a place
  /// in any frame the representation fills it by its own smoothness, so it must be smoother.
  var frequencyPerSample: Float { hasStaticHoles ? 0.4 : 0.625 }

  /// Penalties that may suit, the likeliest first; more than one only where the hold-out samples are of the
  /// holes' kind, and so can judge them.
  var candidatePenalties: [PenaltyStrengths] {
    if missesWholeFrames {
      let strengths: [Float] = [1e-3, 3e-4]
      let candidates = strengths.map { time in
        var penalties = PenaltyStrengths.moderate
        penalties.inrrTime = time
        return penalties
      }
      return frameHeldOutShare > 0.5 ? candidates : [candidates[0]]
    }
    if hasStaticHoles { return staticHeldOutShare > 0.5 ? [.strong, .moderate] : [.strong] }
    return [.moderate]
  }
}
