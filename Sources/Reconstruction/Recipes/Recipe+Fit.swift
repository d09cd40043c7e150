import Fitting

/// How the implicit neural representation is fitted, by the preset.
extension Recipe {
  /// How the implicit neural representation is fitted.
  enum Fit: Sendable, Equatable {
    /// The Tucker INR with the penalties that are fused into its step.
    case tucker(FitSettings)
    /// Any representation with any penalties.
    case signal(SignalFitSettings)
  }

  static func fit(_ settings: RestorationSettings) -> Fit {
    if settings.preset == .paper { return .signal(paper(settings)) }
    let candidates = settings.regularizers.map { PenaltyStrengths.candidates($0) }
    if settings.model == .tucker && settings.coordinates == .volume && candidates != .some(nil) {
      var fit = FitSettings()
      // Of videos, shrinkage makes up for what a short fit lacks.
      let few = settings.volume == nil ? 16 : 40
      fit.iterations = settings.iterations ?? pick(settings.preset, few, 150, 400)
      // Of slices that are missing, nothing that moves knows more.
      if settings.iterations == nil && settings.volume == nil {
        fit.briefIterations = pick(settings.preset, 15, 15, 120)
        fit.compactIterations = pick(settings.preset, few, 60, 400)
      }
      fit.penalties = candidates ?? nil
      // Penalties that were left open by name are always judged.
      if fit.penalties == nil { fit.trialIterations = pick(settings.preset, 0, 20, 60) }
      return .tucker(fit)
    }
    return .signal(signal(settings))
  }

  static func pick<T>(_ preset: Preset, _ fast: T, _ balanced: T, _ best: T) -> T {
    switch preset {
    case .fast: fast
    case .balanced, .paper: balanced
    case .best: best
    }
  }

  /// The authors' setting, with INRR's weight of 1e-6 on the undivided energy of 256 x 256 samples.
  private static func paper(_ settings: RestorationSettings) -> SignalFitSettings {
    var fit = SignalFitSettings(model: ModelSettings(.siren))
    fit.regularizers = settings.regularizers ?? [RegularizerSettings(.inrr, weight: 1e-6 * 65536)]
    fit.coordinates = .frame
    fit.iterations = settings.iterations ?? 10_001
    fit.observationPeriod = 1000
    return fit
  }

  private static func signal(_ settings: RestorationSettings) -> SignalFitSettings {
    let model = ModelSettings(settings.model)
    var fit = SignalFitSettings(model: model)
    fit.regularizers = settings.regularizers ?? [defaultRegularizer(settings.model)]
    fit.coordinates = settings.coordinates
    fit.schedule = .cosine
    switch settings.model {
    case .tucker:
      fit.rate = 3e-3
      fit.iterations = pick(settings.preset, 80, 150, 400)
    case .dmf:
      fit.rate = 3e-3
      fit.iterations = pick(settings.preset, 500, 1000, 3000)
    case .siren, .fourier:
      fit.rate = 5e-4
      fit.iterations = pick(settings.preset, 200, 400, 1500)
      // A step on every sample of a clip would take seconds.
      fit.samplesPerStep = 16384
    }
    fit.iterations = settings.iterations ?? fit.iterations
    fit.laterIterations = max(1, fit.iterations / 3)
    fit.observationPeriod = max(1, fit.iterations / 8)
    return fit
  }

  private static func defaultRegularizer(_ model: ModelKind) -> RegularizerSettings {
    guard model == .tucker else { return RegularizerSettings(.inrr, weight: 0.066) }
    var local = RegularizerSettings(.inrr, weight: 0.1)
    local.form = .local
    return local
  }
}
