import Foundation
import Frames

/// What `evaluate --json` prints, for videos and for volumes.
///
/// A PSNR of identical samples is infinite, which JSON can't say: it is null. A figure over missing samples is null
/// too where there are none; `missing_samples` tells which of both it is.
public struct QualityReport: Sendable, Encodable {
  /// A figure whose key is always there: null where there is no finite number.
  private struct Figure: Sendable, Encodable {
    let value: Double?

    init(_ value: Double?) { self.value = value.finite }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }

  private struct PerFrame: Sendable, Encodable {
    let frame: Int
    let psnrMissingDb, psnrDb, ssim, ssimMissing: Figure
  }

  private let frames, missingSamples: Int
  private let psnrMissingDb, psnrDb, ssim, ssimMissing, psnrKnownDb: Figure
  /// Of volumes only: the largest less the smallest number of the reference.
  private let peak: Figure?
  private let knownIdentical, resultLossless: Bool
  private let perFrame: [PerFrame]

  /// - Parameter isLossless: whether the result's codec keeps every sample.
  public init(_ quality: VideoQuality, isLossless: Bool) {
    (frames, missingSamples) = (quality.frames.count, quality.missing.samples)
    (psnrMissingDb, psnrDb) = (Figure(quality.missingPSNR), Figure(quality.psnr))
    (ssim, ssimMissing) = (Figure(quality.ssim), Figure(quality.missingSSIM))
    psnrKnownDb = Figure(quality.known.exactPSNR)
    (peak, knownIdentical, resultLossless) = (nil, quality.knownIdentical, isLossless)
    perFrame = quality.frames.map {
      PerFrame(
        frame: $0.index, psnrMissingDb: Figure($0.missing.exactPSNR), psnrDb: Figure($0.psnr),
        ssim: Figure($0.ssim), ssimMissing: Figure($0.missingSSIM))
    }
  }

  /// Slices are told as frames; volumes have no SSIM.
  public init(_ quality: VolumeQuality) {
    func psnr(_ errors: ErrorSum) -> Figure { Figure(errors.exactPSNR(peak: quality.peak)) }
    let none = Figure(nil)
    (frames, missingSamples) = (quality.slices.count, quality.missing.samples)
    (psnrMissingDb, psnrDb, ssim, ssimMissing) = (psnr(quality.missing), psnr(quality.all), none, none)
    psnrKnownDb = quality.knownIdentical ? none : psnr(quality.known)
    (peak, knownIdentical, resultLossless) = (Figure(quality.peak), quality.knownIdentical, true)
    perFrame = quality.slices.enumerated().map { index, slice in
      PerFrame(
        frame: index, psnrMissingDb: psnr(slice.missing), psnrDb: psnr(slice.all), ssim: none,
        ssimMissing: none)
    }
  }

  /// The report as JSON with sorted keys.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(self)
  }
}

extension Double? {
  /// The number if it is finite.
  var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
