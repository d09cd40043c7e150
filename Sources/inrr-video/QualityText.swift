import Foundation
import Inspection
import Pipelines

/// What a person reads after a comparison.
enum QualityText {
  static func text(_ quality: VolumeQuality) -> String {
    [
      "PSNR of missing voxels   \(Figures.decibels(quality.missing.psnr(peak: quality.peak))) (\(quality.missing.count) voxels)",
      "PSNR                     \(Figures.decibels(quality.all.psnr(peak: quality.peak)))",
      "peak                     \(quality.peak) (the reference's range)",
      "known voxels             \(quality.knownIdentical ? "identical" : "differ")",
    ].joined(separator: "\n")
  }

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
