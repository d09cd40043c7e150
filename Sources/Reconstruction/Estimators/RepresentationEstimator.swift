/// The implicit neural representation: a Tucker INR, regularised by INRR and total variation, fitted to the
/// window.
struct RepresentationEstimator: Estimator {
  let name = "inr"
  var settings: FitSettings

  func estimate(_ window: MaskedWindow, context: EstimatorContext) throws -> WindowEstimate {
    try fit(window, context: context).estimate
  }

  func fit(_ window: MaskedWindow, context: EstimatorContext, observe: (Double) -> Void = { _ in }) throws
    -> FitResult
  {
    var settings = settings
    settings.threads = context.threads
    settings.seed = context.seed
    return try TuckerFit(window: window, settings: settings).run(
      observe: { observe(Double($0.iteration) / Double(max(1, $0.iterations))) },
      isCancelled: context.isCancelled)
  }
}
