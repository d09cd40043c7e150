/// How the implicit neural representation is fitted: by which objective.
public enum FitSettings: Sendable, Equatable {
  /// The Tucker INR with the penalties that are fused into its step.
  case fused(FusedFitSettings)
  /// Any representation with any penalties.
  case general(GeneralFitSettings)
}
