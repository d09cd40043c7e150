import Frames

@testable import Reconstruction

/// What must hold for every refinement of an estimate, whatever it does.
struct RefinementTrial {
  var window: MaskedSamples
  var truth: Estimate
  var start: Estimate
  var refine: (Estimate, MaskedSamples, EstimatorContext) throws -> Estimate

  /// How many dB the estimate gains on missing samples, and whether all known ones are what they were.
  func gain() throws -> (decibels: Double, keepsKnown: Bool) {
    let refined = try refine(start, window, EstimatorContext(threads: 2))
    let gain =
      SyntheticVideo.psnr(refined, truth, in: window) - SyntheticVideo.psnr(start, truth, in: window)
    return (gain, SyntheticVideo.isKnownKept(refined, in: window))
  }

  func isSameForAnyThreads() throws -> Bool {
    let results = try [1, 3].map { try refine(start, window, EstimatorContext(threads: $0, seed: 5)) }
    return results[0].planes == results[1].planes
  }

  func refineCancelled() throws {
    _ = try refine(start, window, EstimatorContext(isCancelled: { true }))
  }
}
