import Fitting

/// How the implicit neural representation is fitted, by the preset.
extension Recipe {
  /// The fused objective where it has the model and all penalties that are asked for; else the general one.
  static func fit(_ settings: RestorationSettings) -> FitSettings {
    if settings.preset == .paper { return .general(paper(settings)) }
    if settings.model == .tucker && settings.coordinates == .volume {
      var fit = FusedFitSettings()
      let isVolume = settings.volume != nil
      let iterations = isVolume ? PresetTable.fusedIterationsOfVolumes : PresetTable.fusedIterations
      fit.iterations = settings.iterations ?? iterations[settings.preset]
      if settings.iterations == nil && !isVolume {
        fit.iterationsOfFrames = PresetTable.fusedIterationsOfFrames[settings.preset]
        fit.iterationsWhereMuchIsKnown = PresetTable.fusedIterationsWhereMuchIsKnown[settings.preset]
      }
      guard let regularizers = settings.regularizers else {
        fit.trialIterations = PresetTable.trialIterations[settings.preset]
        return .fused(fit)
      }
      // Penalties that were left open by name are always judged.
      if fit.adopt(regularizers) { return .fused(fit) }
    }
    return .general(general(settings))
  }

  /// The setting of the paper's authors.
  private static func paper(_ settings: RestorationSettings) -> GeneralFitSettings {
    var fit = GeneralFitSettings(model: ModelSettings(.siren))
    fit.regularizers = settings.regularizers ?? [RegularizerSettings(.inrr, weight: PresetTable.paper.weight)]
    fit.coordinates = .frame
    fit.iterations = settings.iterations ?? PresetTable.paper.iterations
    fit.observationPeriod = 1000
    return fit
  }

  private static func general(_ settings: RestorationSettings) -> GeneralFitSettings {
    let model = ModelSettings(settings.model)
    var fit = GeneralFitSettings(model: model)
    fit.regularizers =
      settings.regularizers
      ?? [RegularizerSettings(.inrr, weight: settings.model == .tucker ? 0.1 : 0.066)]
    fit.coordinates = settings.coordinates
    fit.schedule = .cosine
    switch settings.model {
    case .tucker:
      fit.rate = 3e-3
      fit.iterations = PresetTable.generalTuckerIterations[settings.preset]
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
}
