import Frames

/// Why the fit of a site ended.
public enum StopReason: String, Sendable, Codable {
  /// All iterations of the schedule were done.
  case schedule
  /// The hold-out error no longer fell.
  case holdout
  /// The fit kept diverging; the best iterate, or interpolation, was used.
  case divergence
  /// Too little was known to fit a model; interpolation was used.
  case interpolation
}

/// Hold-out PSNR in dB after so many iterations.
public struct FitEvaluation: Sendable, Equatable, Codable {
  public var iteration: Int
  public var holdoutPSNR: Double
}

/// What a fit of the fused objective made of a site.
public struct FusedFitResult: Sendable {
  /// The site as the best iterate has it, within 0 ... 1, known samples included.
  public var estimate: Estimate
  /// Iterations that led to the result; trials of other penalties do not count.
  public var iterations: Int
  public var stopReason: StopReason
  /// Empty where no sample is held out.
  public var evaluations: [FitEvaluation]
  /// Weights of the penalties that were used, for the reference size.
  public var penalties: PenaltyStrengths

  /// Hold-out PSNR in dB of `estimate`.
  public var holdoutPSNR: Double? { evaluations.map(\.holdoutPSNR).max() }
}

/// What a fit of the general objective made of a site.
public struct GeneralFitResult: Sendable {
  /// The site as the model has it, known samples included; not clipped.
  public var estimate: Estimate
  /// Iterations of all frames together, without trials of weights.
  public var iterations: Int
  /// Seconds spent on the fit, trials included, observers not.
  public var seconds: Double
  /// The penalties with the weights that were used.
  public var regularizers: [RegularizerSettings]
  public var holdoutPSNR: Double?
}

/// Where a fit of the fused objective stands.
public struct FitProgress: Sendable {
  /// Iterations done of all that may be needed, trials included.
  public var iteration: Int
  public var iterations: Int
  public var loss: Double
  /// The best so far.
  public var holdoutPSNR: Double?
}
