import Fitting
import Frames
import Kernels

/// The implicit neural representation, fitted to the known samples.
struct RepresentationEstimator: Estimator {
  /// The estimate of a fit, and how it ended.
  struct Outcome {
    /// Within 0 ... 1.
    var estimate: Estimate
    var iterations: Int
    var stopReason: StopReason
  }

  let id = EstimatorID.representation
  let stage = EstimatorStage.representation
  let fit: FitSettings

  func estimate(_ site: SiteInputs) throws -> Estimate {
    try run(site.samples, context: site.context).estimate
  }

  /// - Parameter observe: told the share of the work done, 0 ... 1.
  /// - Throws: `RestorationError.cancelled`.
  func run(_ samples: MaskedSamples, context: EstimatorContext, observe: (Double) -> Void = { _ in }) throws
    -> Outcome
  {
    do {
      return try fit(samples, context, observe)
    } catch is CancellationError {
      throw RestorationError.cancelled
    }
  }

  private func fit(_ samples: MaskedSamples, _ context: EstimatorContext, _ observe: (Double) -> Void) throws
    -> Outcome
  {
    switch fit {
    case .fused(var settings):
      settings.seed = context.seed
      let result = try FusedFit(
        samples: samples, settings: settings, threads: context.threads, observer: context.recorder
      ).run(
        observe: { observe(Double($0.iteration) / Double(max(1, $0.iterations))) },
        isCancelled: context.isCancelled)
      return Outcome(
        estimate: result.estimate, iterations: result.iterations, stopReason: result.stopReason)
    case .general(var settings):
      settings.seed = context.seed
      let frames = settings.coordinates == .frame ? samples.frames : 1
      let whole = Double(max(1, settings.iterations * frames))
      let result = try GeneralFit(
        samples: samples, settings: settings, threads: context.threads,
        holdingOut: { [seed = settings.seed] in $0.holdingOutLikeHoles(seed: seed) }
      ).run(
        observe: { observe(min(1, Double(($0.frame ?? 0) * settings.iterations + $0.iteration) / whole)) },
        isCancelled: context.isCancelled)
      return Outcome(
        estimate: Estimate(planes: result.estimate.planes.map { $0.map { min(max($0, 0), 1) } }),
        iterations: result.iterations, stopReason: .schedule)
    }
  }
}

extension EstimatorID {
  static let representation = EstimatorID("inr")
}
