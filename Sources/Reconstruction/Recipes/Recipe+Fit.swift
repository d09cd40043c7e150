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
      let isVolume = settings.volume != nil
      let iterations = isVolume ? PresetTable.iterationsOfVolumes : PresetTable.iterations
      fit.iterations = settings.iterations ?? iterations[settings.preset]
      if settings.iterations == nil && !isVolume {
        fit.briefIterations = PresetTable.briefIterations[settings.preset]
        fit.compactIterations = PresetTable.compactIterations[settings.preset]
      }
      fit.penalties = candidates ?? nil
      // Penalties that were left open by name are always judged.
      if fit.penalties == nil { fit.trialIterations = PresetTable.trialIterations[settings.preset] }
      return .tucker(fit)
    }
    return .signal(signal(settings))
  }

  /// The setting of the paper's authors.
  private static func paper(_ settings: RestorationSettings) -> SignalFitSettings {
    var fit = SignalFitSettings(model: ModelSettings(.siren))
    fit.regularizers = settings.regularizers ?? [RegularizerSettings(.inrr, weight: PresetTable.paper.weight)]
    fit.coordinates = .frame
    fit.iterations = settings.iterations ?? PresetTable.paper.iterations
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
      fit.iterations = PresetTable.iterationsOfTucker[settings.preset]
    case .dmf:
      fit.rate = 3e-3
      fit.iterations = PresetTable.iterationsOfFactorisation[settings.preset]
    case .siren, .fourier:
      fit.rate = 5e-4
      fit.iterations = PresetTable.iterationsOfNetworks[settings.preset]
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
