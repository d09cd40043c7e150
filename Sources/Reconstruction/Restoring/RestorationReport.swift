import Fitting
import Frames

/// What was done for one window: frames `firstFrame ... lastFrame` within `box`.
public struct SiteReport: Sendable, Codable {
  public var firstFrame: Int
  public var lastFrame: Int
  public var box: Box
  public var iterations: Int
  /// PSNR in dB on known samples that neither fit nor fusion saw; nil where none could be held out.
  public var holdoutPSNR: Double?
  /// Number of hold-out samples behind `holdoutPSNR`.
  public var holdoutSamples: Int
  public var stopReason: StopReason
  /// Mean weight of each estimator in the fused result, by the estimator's name.
  public var weights: [String: Double]
  public var seconds: Double
  /// Whether an earlier run had solved the window.
  public var isKept = false
}

/// What a restoration did.
public struct RestorationSummary: Sendable {
  public var frames = 0
  /// Samples over all planes and frames, and how many of them were missing.
  public var samples = 0
  public var missingSamples = 0
  public var windows: [SiteReport] = []
  /// Seconds spent in the solver.
  public var fitSeconds = 0.0

  public init() {}

  /// PSNR in dB over the hold-out samples of all windows together.
  public var holdoutPSNR: Double?
}

/// Where a restoration stands.
public struct RestorationProgress: Sendable {
  /// Frames read so far, and frames handed to the sink so far.
  public var framesRead: Int
  public var framesWritten: Int
  /// Work done in units of frames, with fractions for the window being solved: rises steadily to the frame count.
  public var framesSolved: Double
  /// Hold-out PSNR in dB over what has been solved so far.
  public var holdoutPSNR: Double?
}

public enum RestorationError: Error, Equatable {
  /// `isCancelled` answered true.
  case cancelled
  /// Not a single sample is known in these frames, nor before them.
  case nothingKnown(first: Int, last: Int)
  /// Even the smallest windows and tiles take more than `maximumMemory`; both in bytes.
  case tooLittleMemory(bound: Int, least: Int)
}
