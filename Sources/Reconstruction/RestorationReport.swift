/// A rectangle in samples of the frame.
package struct Box: Sendable, Codable, Hashable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// Why the fit of a window ended.
package enum StopReason: String, Sendable, Codable {
  /// All iterations of the schedule were done.
  case schedule
  /// The hold-out error no longer fell.
  case holdout
  /// The fit kept diverging; the best iterate, or interpolation, was used.
  case divergence
  /// Too little was known to fit a model; interpolation was used.
  case interpolation
}

/// What was done for one window: frames `firstFrame ... lastFrame` within `box`.
package struct WindowReport: Sendable, Codable {
  package var firstFrame: Int
  package var lastFrame: Int
  package var box: Box
  package var iterations: Int
  /// PSNR in dB on known samples that neither fit nor fusion saw; nil where none could be held out.
  package var holdoutPSNR: Double?
  /// Number of hold-out samples behind `holdoutPSNR`.
  package var holdoutSamples: Int
  package var stopReason: StopReason
  /// Mean weight of each estimator in the fused result, by the estimator's name.
  package var weights: [String: Double]
  package var seconds: Double
}

/// What a restoration did.
package struct RestorationSummary: Sendable {
  package var frames = 0
  /// Samples over all planes and frames, and how many of them were missing.
  package var samples = 0
  package var missingSamples = 0
  package var windows: [WindowReport] = []
  /// Seconds spent in the solver.
  package var fitSeconds = 0.0

  package init() {}

  /// PSNR in dB over the hold-out samples of all windows together.
  package var holdoutPSNR: Double? { nil }
}

/// Where a restoration stands.
package struct RestorationProgress: Sendable {
  /// Frames read so far, and frames handed to the sink so far.
  package var framesRead: Int
  package var framesWritten: Int
  /// Work done in units of frames, with fractions for the window being solved: rises steadily to the frame count.
  package var framesSolved: Double
  /// Hold-out PSNR in dB over what has been solved so far.
  package var holdoutPSNR: Double?
}

package enum RestorationError: Error, Equatable {
  /// `isCancelled` answered true.
  case cancelled
  /// Not a single sample is known in the whole input.
  case nothingKnown
}
