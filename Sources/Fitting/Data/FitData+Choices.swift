/// What the holes suggest, before anything is fitted.
extension FitData {
  /// True if a good part of the holes stays where it is: logos, burnt-in text, dead pixels.
  var hasStaticHoles: Bool { staticShare > 0.1 && !missesWholeFrames }

  /// True if over 40 % of the samples are known: holes are then compact, and known samples beside them constrain the fit.
  var muchIsKnown: Bool { Double(knownCount) > 0.4 * Double(grid.sampleCount) }

  /// Radians from sample to sample at the highest frequency of the factor nets: lower, and so smoother, the less is known;
  /// lowest where places are missing in all frames.
  var frequencyPerSample: Float {
    hasStaticHoles ? 0.35 : muchIsKnown && !missesWholeFrames ? 0.625 : 0.5
  }

  /// Learning rates and moment decays for these holes.
  var stepSizes: StepSizes { hasStaticHoles ? .careful : .bold }

  /// Penalties that may suit, the likeliest first, for the hold-out samples to choose from; only one where hold-out samples
  /// are of another kind than the holes, and so can't judge.
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
    if heldOutCount == 0 { return [muchIsKnown ? .firm : .moderate] }
    return muchIsKnown ? [.firm, .moderate] : [.moderate, .firm]
  }
}
