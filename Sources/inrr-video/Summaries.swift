import Foundation
import Inspection
import Pipelines

/// What a person reads after a restoration.
enum RestoreSummary {
  static func text(_ result: RestoreResult, metrics: String?) -> String {
    let figures = result.metrics
    let held = figures.windows.reduce(0) { $0 + $1.report.holdoutSamples }
    var lines = ["missing        \(Figures.percent(figures.missingFraction)) of all samples"]
    if let psnr = figures.holdoutPSNR {
      lines.append("hold-out PSNR  \(Figures.decibels(psnr)) on \(held) known samples kept aside")
    }
    let speed = Double(figures.frames) / max(figures.seconds.total, 1e-9)
    lines.append(
      String(
        format: "time           %.1f s for %d frames (%.2f frames/s)", figures.seconds.total, figures.frames,
        speed))
    lines.append("output         \(figures.output)")
    if let metrics { lines.append("report         \(metrics)") }
    return lines.joined(separator: "\n")
  }
}

/// What a person reads after a comparison.
enum QualityText {
  static func text(_ quality: VideoQuality) -> String {
    let planes = zip(quality.roles, quality.planePSNR).map { "\($0.rawValue) \(Figures.decibels($1))" }
    return [
      "PSNR of missing samples  \(Figures.decibels(quality.missingPSNR)) (\(quality.missing.count) samples)",
      "SSIM of missing samples  \(Figures.ratio(quality.missingSSIM))",
      "PSNR                     \(Figures.decibels(quality.psnr)) (\(planes.joined(separator: ", ")))",
      "SSIM                     \(Figures.ratio(quality.ssim))",
      "known samples            \(quality.knownIdentical ? "identical" : "differ")",
      "frames                   \(quality.frames.count)",
    ].joined(separator: "\n")
  }
}
