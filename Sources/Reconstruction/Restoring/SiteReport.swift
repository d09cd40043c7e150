import Fitting
import Frames

/// What was done for one site, or for all spots of a window: frames `firstFrame ... lastFrame` within `box`.
public struct SiteReport: Sendable {
  public var firstFrame: Int
  public var lastFrame: Int
  public var box: Box
  public var iterations: Int
  /// Errors on known samples that neither fit nor stacking saw.
  public var heldOut: ErrorSum
  /// What the missing samples probably err by; nil where it can't be told.
  public var expected: ExpectedError?
  public var stopReason: StopReason
  /// Mean weight of each estimator in the stacked result.
  public var weights: [EstimatorID: Double]
  public var seconds: Double
  /// Whether an earlier run had solved the site.
  public var isKept = false
  /// How many spots were solved together, each counted once in every frame; nil for a site.
  public var spots: SpotKinds?
  /// How many frames from outside the window were taken along.
  public var carried = 0

  init(
    firstFrame: Int, lastFrame: Int, box: Box, solution: UnitSolution, seconds: Double, isKept: Bool,
    spots: SpotKinds? = nil, carried: Int = 0
  ) {
    (self.firstFrame, self.lastFrame, self.box, self.spots) = (firstFrame, lastFrame, box, spots)
    self.carried = carried
    (iterations, stopReason) = (solution.iterations, solution.stopReason)
    (heldOut, expected, weights) = (solution.heldOut, solution.expected, solution.weights)
    (self.seconds, self.isKept) = (seconds, isKept)
  }

  /// PSNR in dB on the hold-out samples; nil where none could be held out.
  public var holdoutPSNR: Double? { heldOut.psnr }
  /// Number of hold-out samples.
  public var holdoutSamples: Int { heldOut.samples }
}

/// What a restoration did.
public struct RestorationSummary: Sendable {
  public var frames = 0
  /// Samples over all planes and frames, and how many of them were missing.
  public var samples = 0
  public var missingSamples = 0
  public var sites: [SiteReport] = []
  /// Seconds spent in the solver.
  public var fitSeconds = 0.0
  /// Errors on hold-out samples, those of each site spread over what is missing in it.
  public var heldOut = ErrorSum()
  /// What the missing samples of all sites probably err by.
  public var expected = Expectation()

  public init() {}

  /// PSNR in dB of `heldOut`.
  public var holdoutPSNR: Double? { heldOut.psnr }

  /// Adds a site in which so many samples are missing: each site judges its own holes, however many samples it could
  /// hold out.
  mutating func add(_ site: SiteReport, missing: Int) {
    sites.append(site)
    fitSeconds += site.seconds
    heldOut += site.heldOut.spread(over: missing)
    expected.add(site.expected, missing: missing)
  }

  /// Adds what was done for the next part of the input.
  public mutating func add(_ part: RestorationSummary) {
    frames += part.frames
    samples += part.samples
    missingSamples += part.missingSamples
    sites += part.sites
    fitSeconds += part.fitSeconds
    heldOut += part.heldOut
    expected += part.expected
  }
}

/// Where a restoration stands.
public struct RestorationProgress: Sendable {
  /// Frames read so far, and frames handed on so far.
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
