/// What the holes suggest, before anything is fitted.
extension FitData {
  /// True if a good part of the holes stays where it is: logos, burnt-in text, dead pixels.
  var hasStaticHoles: Bool { staticShare > 0.1 && !missesWholeFrames }

  /// True if most samples are known: then holes are compact, and the representation is held by what surrounds them.
  var isMostlyKnown: Bool { Double(knownCount) > 0.4 * Double(grid.sampleCount) }

  /// Radians from sample to sample at the highest frequency of the factor nets. The less is known, the more the
  /// representation must fill by its own smoothness; most of all where nothing is known at a place in any frame.
  var frequencyPerSample: Float {
    hasStaticHoles ? 0.35 : isMostlyKnown && !missesWholeFrames ? 0.625 : 0.5
  }

  /// How boldly to descend.
  var stepSizes: StepSizes { hasStaticHoles ? .careful : .bold }

  /// Penalties that may suit, the likeliest first, for the hold-out samples to choose from; one only where those are
  /// not of the holes' kind, and so can't judge.
  var candidatePenalties: [PenaltyStrengths] {
    if missesWholeFrames {
      let strengths: [Float] = [1.5e-3, 5e-4]
      let candidates = strengths.map { time in
        var penalties = PenaltyStrengths.moderate
        penalties.inrrTime = time
        return penalties
      }
      return frameHeldOutShare > 0.5 ? candidates : [candidates[0]]
    }
    if hasStaticHoles { return staticHeldOutShare > 0.5 ? [.strong, .moderate] : [.strong] }
    if heldOutCount == 0 { return [isMostlyKnown ? .firm : .moderate] }
    return isMostlyKnown ? [.firm, .moderate] : [.moderate, .firm]
  }
}
