import Foundation
import Pipelines

/// JSON for programs, an object a line, on standard output or error. Its keys are in docs/output.md.
final class JSONProgress: ProgressReporter {
  private var clock = ReportClock(every: .milliseconds(500))
  private let input: String?
  private let toErrors: Bool

  init(input: String? = nil, toErrors: Bool = false) { (self.input, self.toErrors) = (input, toErrors) }

  func note(_ sentence: String) {}

  func update(_ progress: JobProgress) {
    guard clock.isDue(always: progress.isFinished) else { return }
    if let line = try? Self.line(progress, elapsed: clock.elapsed, input: input) {
      Self.write(line, toErrors: toErrors)
    }
  }

  /// Writes a line and flushes it.
  static func write(_ line: String, toErrors: Bool = false) {
    if toErrors { return Console.write(line + "\n") }
    print(line)
    fflush(nil)
  }

  /// - Parameter input: for the line, where there are several inputs.
  static func line(_ progress: JobProgress, elapsed: Double, input: String? = nil) throws -> String {
    let pace = Pace(progress, elapsed: elapsed)
    let named: [String: Any] = input.map { ["input": $0] } ?? [:]
    return try text(
      [
        "event": "progress",
        "frames_read": progress.framesRead,
        "frames_written": progress.framesWritten,
        "frames_solved": progress.framesSolved,
        "frames_total": progress.announcedFrames ?? NSNull(),
        "frames_per_second": number(pace.framesPerSecond),
        "seconds_elapsed": elapsed,
        "seconds_left": number(pace.secondsLeft),
        "holdout_psnr_db": number(progress.holdoutPSNR),
      ].merging(named) { old, _ in old })
  }

  static func doneLine(_ result: RestoreResult) throws -> String {
    try text([
      "event": "done",
      "output": result.metrics.output,
      "frames": result.metrics.frames,
      "missing_fraction": result.metrics.missingFraction,
      "holdout_psnr_db": number(result.metrics.holdoutPsnrDb),
      "expected_psnr_db": number(result.metrics.expectedPsnrDb),
      "expected_psnr_low_db": number(result.metrics.expectedPsnrLowDb),
      "expected_psnr_high_db": number(result.metrics.expectedPsnrHighDb),
      "seconds_elapsed": result.metrics.seconds.total,
      "damage": result.damage ?? NSNull(),
      "warnings": result.metrics.warnings,
    ])
  }

  static func doneLine(_ result: DetectResult, of job: DetectJob) throws -> String {
    try text([
      "event": "done",
      "output": job.output,
      "list": job.list,
      "page": job.views.page ?? NSNull(),
      "panel": job.views.panel ?? NSNull(),
      "frames": result.frames,
      "damaged_frames": result.figures.frames,
      "damaged_fraction": result.figures.share,
      "finds": result.figures.found.mapValues(\.finds),
      "seconds_elapsed": result.seconds,
      "damage": result.damage ?? NSNull(),
    ])
  }

  static func number(_ value: Double?) -> Any {
    guard let value, value.isFinite else { return NSNull() }
    return value
  }

  static func text(_ object: [String: Any]) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }
}
