import Frames
import Reconstruction

/// What a finished job did.
public struct RestoreResult: Sendable {
  public var metrics: RestoreMetrics
  /// What was wrong with the input, whose frames up to there are restored; nil for a sound one.
  public var damage: String?
  /// Frames in which something is missing, and those of which everything is; nil for a volume.
  public var missingFrames: (touched: Int, whole: Int)?

  init(metrics: RestoreMetrics, damage: String?) { (self.metrics, self.damage) = (metrics, damage) }

  init(job: RestoreJob, run: RestoreJob.Run, summary: RestorationSummary, damage: String?) {
    let format = run.reader.format
    let mask = run.masks.masks
    let pixels = mask.frames * format.width * format.height
    // A solver that keeps no count leaves the share at frame resolution.
    let fraction =
      summary.samples > 0
      ? Double(summary.missingSamples) / Double(summary.samples)
      : Double(mask.missingCount) / Double(max(pixels, 1))
    metrics = RestoreMetrics(
      input: job.input, output: job.output, frames: summary.frames, width: format.width,
      height: format.height,
      missingFraction: fraction, holdoutPSNR: summary.holdoutPSNR,
      seconds: .init(
        decode: run.source.watch.seconds + run.masks.watch.seconds, fit: summary.fitSeconds,
        encode: run.sink.seconds, total: (ContinuousClock.now - run.start).inSeconds),
      peakMemoryBytes: peakMemoryBytes(), model: job.restoration.model.rawValue,
      preset: job.restoration.preset,
      seed: job.restoration.seed, windows: summary.windows.map { .init(report: $0) })
    self.damage = damage
    missingFrames = (mask.touchedFrames, mask.wholeFrames)
  }
}
