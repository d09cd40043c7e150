/// What a finished job did.
public struct RestoreResult: Sendable {
  public var metrics: RestoreMetrics
  /// What was wrong with the input, whose frames up to there are restored; nil for a sound one.
  public var damage: String?
  /// Frames in which something is missing, and those of which everything is; nil for a volume.
  public var missingFrames: (touched: Int, whole: Int)?
}
