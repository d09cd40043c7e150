import Inspection
import Pipelines

/// The text about a comparison.
enum QualityText {
  static func text(_ quality: VolumeQuality) -> String {
    [
      "PSNR of missing voxels   \(Figures.decibels(quality.missing.exactPSNR(peak: quality.peak))) (\(quality.missing.samples) voxels)",
      "PSNR                     \(Figures.decibels(quality.all.exactPSNR(peak: quality.peak)))",
      "peak                     \(quality.peak) (the reference's range)",
      "known voxels             \(known(quality))",
    ].joined(separator: "\n")
  }

  private static func known(_ quality: VolumeQuality) -> String {
    if quality.knownIdentical { return "identical" }
    return "differ (\(Figures.decibels(quality.known.exactPSNR(peak: quality.peak)))): \(otherwise)"
  }

  /// Why known samples may differ where coding loses nothing.
  private static let otherwise =
    "those of the damaged file differ too, or the mask is not the one that was restored with"

  /// PSNR in dB that coding known samples again does not fall below.
  private static let leastOfCoding = 30.0

  /// How known samples compare; only a lossless file keeps them.
  private static func known(_ outcome: EvaluateJob.Outcome) -> String {
    if outcome.quality.knownIdentical { return "identical" }
    let psnr = outcome.quality.known.exactPSNR
    let figure = Figures.decibels(psnr)
    if outcome.isLossless { return "differ (\(figure)) though \(outcome.codec) loses nothing: \(otherwise)" }
    if let psnr, psnr < leastOfCoding {
      return
        "differ (\(figure)), by more than coding anew with \(outcome.codec) alone would cost: \(otherwise)"
    }
    return
      "coded anew with \(outcome.codec), which costs a little: \(figure) (35 to 60 dB are usual; --lossless keeps them)"
  }

  static func text(_ outcome: EvaluateJob.Outcome) -> String {
    let quality = outcome.quality
    let planes = zip(quality.roles, quality.planePSNR).map { "\($0.rawValue) \(Figures.decibels($1))" }
    return [
      "PSNR of missing samples  \(Figures.decibels(quality.missingPSNR)) (\(quality.missing.samples) samples)",
      "SSIM of missing samples  \(Figures.ratio(quality.missingSSIM))",
      "PSNR                     \(Figures.decibels(quality.psnr)) (\(planes.joined(separator: ", ")))",
      "SSIM                     \(Figures.ratio(quality.ssim))",
      "known samples            \(known(outcome))",
      "frames                   \(quality.frames.count)",
    ].joined(separator: "\n")
  }
}
