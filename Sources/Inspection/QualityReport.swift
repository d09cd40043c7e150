import Foundation

/// What `evaluate --json` prints.
///
/// A PSNR of identical samples is infinite, which JSON can't say: it is null, and so is a figure over missing
/// samples where there are none; `missing_samples` tells which.
public struct QualityReport: Sendable, Encodable {
  public struct PerFrame: Sendable, Encodable {
    public var frame: Int
    public var psnrMissing: Double?
    public var psnr: Double?
    public var ssim: Double?
    public var ssimMissing: Double?

    enum CodingKeys: String, CodingKey {
      case frame
      case psnrMissing = "psnr_missing_db"
      case psnr = "psnr_db"
      case ssim
      case ssimMissing = "ssim_missing"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(frame, forKey: .frame)
      // Not `encodeIfPresent`: every key is always there.
      try container.encode(psnrMissing.finite, forKey: .psnrMissing)
      try container.encode(psnr.finite, forKey: .psnr)
      try container.encode(ssim.finite, forKey: .ssim)
      try container.encode(ssimMissing.finite, forKey: .ssimMissing)
    }
  }

  public var quality: VideoQuality
  /// Whether the result's codec keeps every sample.
  public var isLossless: Bool

  public init(_ quality: VideoQuality, isLossless: Bool) {
    self.quality = quality
    self.isLossless = isLossless
  }

  enum CodingKeys: String, CodingKey {
    case frames
    case missingSamples = "missing_samples"
    case psnrMissing = "psnr_missing_db"
    case psnr = "psnr_db"
    case ssim
    case ssimMissing = "ssim_missing"
    case knownIdentical = "known_identical"
    case psnrKnown = "psnr_known_db"
    case isLossless = "result_lossless"
    case perFrame = "per_frame"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(quality.frames.count, forKey: .frames)
    try container.encode(quality.missing.samples, forKey: .missingSamples)
    try container.encode(quality.missingPSNR.finite, forKey: .psnrMissing)
    try container.encode(quality.psnr.finite, forKey: .psnr)
    try container.encode(quality.ssim.finite, forKey: .ssim)
    try container.encode(quality.missingSSIM.finite, forKey: .ssimMissing)
    try container.encode(quality.knownIdentical, forKey: .knownIdentical)
    try container.encode(quality.known.exactPSNR.finite, forKey: .psnrKnown)
    try container.encode(isLossless, forKey: .isLossless)
    try container.encode(
      quality.frames.map {
        PerFrame(
          frame: $0.index, psnrMissing: $0.missing.exactPSNR, psnr: $0.psnr, ssim: $0.ssim,
          ssimMissing: $0.missingSSIM)
      }, forKey: .perFrame)
  }

  /// The report as JSON with sorted keys.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

extension Optional where Wrapped == Double {
  /// The number where JSON has one for it.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
