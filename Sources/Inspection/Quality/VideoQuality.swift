import Frames

/// Quality of a result against its reference: the figures of FFmpeg's filters `psnr` and `ssim`, and the same over what was
/// missing.
///
/// Keeps a few numbers for each frame and no samples.
public struct VideoQuality: Sendable {
  public private(set) var frames: [FrameQuality] = []
  /// Roles of the planes, in the order of `planePSNR` and `planeSSIM`.
  public let roles: [PlaneRole]

  public init(format: FrameFormat) { roles = format.planes.map(\.role) }

  /// Compares the next frame.
  public mutating func add(reference: Frame, result: Frame, mask: FrameMask) {
    var quality = FrameQuality(reference: reference, result: result, mask: mask)
    quality.index = frames.count
    frames.append(quality)
  }

  /// PSNR in dB of the mean squared error over all frames, planes weighed by their samples (FFmpeg's `average`);
  /// infinite where nothing differs, nil without frames.
  public var psnr: Double? { mean(\.meanSquaredError).map(ErrorSum.psnr(meanSquaredError:)) }

  /// PSNR in dB of each plane.
  public var planePSNR: [Double?] {
    roles.indices.map { plane in mean { $0.planeErrors[plane] }.map(ErrorSum.psnr(meanSquaredError:)) }
  }

  /// Mean SSIM over frames, planes weighed by their samples (FFmpeg's `All`).
  public var ssim: Double? { weighed(planeSSIM, by: frames.first?.weights ?? []) }

  /// Mean SSIM of each plane; nil where a plane is smaller than a window.
  public var planeSSIM: [Double?] {
    roles.indices.map { plane in
      let values = frames.compactMap { $0.planeSimilarities[plane] }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  /// PSNR in dB over the missing samples of all planes and frames together; nil where nothing is missing.
  public var missingPSNR: Double? { missing.exactPSNR }

  /// Squared error over the missing samples of all planes and frames.
  public var missing: ErrorSum { frames.reduce(into: ErrorSum()) { $0 += $1.missing } }

  /// Squared error over the known samples of all planes and frames.
  public var known: ErrorSum { frames.reduce(into: ErrorSum()) { $0 += $1.known } }

  /// Mean SSIM over all windows that hold a missing sample; nil without such windows.
  public var missingSSIM: Double? {
    frames.reduce(into: RunningMean()) { $0 += $1.missingSimilarity }.value
  }

  /// Whether every known sample of every frame equals the reference's.
  public var knownIdentical: Bool { frames.allSatisfy(\.knownIdentical) }

  private func mean(_ value: (FrameQuality) -> Double) -> Double? {
    frames.isEmpty ? nil : frames.reduce(0) { $0 + value($1) } / Double(frames.count)
  }
}
