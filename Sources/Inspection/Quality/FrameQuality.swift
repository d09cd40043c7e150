import Frames

/// How one frame of a result compares with the reference.
public struct FrameQuality: Sendable, Equatable {
  /// The frame's number, from 0.
  public var index: Int
  /// Mean squared error of each plane, in units of the full scale squared, in the format's order of planes.
  var planeErrors: [Double] = []
  /// Squared error over missing samples of all planes.
  public var missing = ErrorSum()
  /// Squared error over known samples of all planes.
  public var known = ErrorSum()
  /// SSIM of each plane; nil where a plane is smaller than a window of 8 x 8 samples.
  var planeSimilarities: [Double?] = []
  /// SSIM over windows that hold a missing sample, all planes together.
  var missingSimilarity = RunningMean()
  /// Whether every known sample of the result equals the reference's.
  public var knownIdentical = true
  /// Each plane's share of the samples.
  let weights: [Double]

  /// Compares two frames of one format.
  public init(reference: Frame, result: Frame, mask: FrameMask) {
    precondition(reference.format == result.format, "frames of one format are compared")
    let format = reference.format
    index = reference.index
    for (number, plane) in format.planes.enumerated() {
      let missingSamples = mask.isEmpty ? [] : mask.missing(in: plane)
      let (reference, result) = (reference.planes[number].words, result.planes[number].words)
      let error = PlaneError(
        reference: reference, result: result, missing: missingSamples,
        maximum: format.maximumValue)
      planeErrors.append(error.all.mean ?? 0)
      missing += error.missing
      known += error.known
      if error.knownDiffer { knownIdentical = false }
      let similarity = PlaneSimilarity(
        reference: reference, result: result, missing: missingSamples,
        plane: plane, maximum: format.maximumValue)
      planeSimilarities.append(similarity.all.value)
      missingSimilarity += similarity.missing
    }
    let total = Double(max(format.planes.reduce(0) { $0 + $1.count }, 1))
    weights = format.planes.map { Double($0.count) / total }
  }

  /// Mean squared error with planes weighed by their samples.
  public var meanSquaredError: Double { zip(planeErrors, weights).reduce(0) { $0 + $1.0 * $1.1 } }

  /// PSNR in dB over all samples of the frame; infinite where nothing differs.
  public var psnr: Double { ErrorSum.psnr(meanSquaredError: meanSquaredError) }

  /// SSIM with planes weighed by their samples; nil where no plane holds a window.
  public var ssim: Double? { weighed(planeSimilarities, by: weights) }

  /// Mean SSIM over windows that hold a missing sample; nil without such windows.
  public var missingSSIM: Double? { missingSimilarity.value }
}

/// The weighed mean of the values that are there.
func weighed(_ values: [Double?], by weights: [Double]) -> Double? {
  var sum = 0.0
  var total = 0.0
  for (value, weight) in zip(values, weights) {
    guard let value else { continue }
    sum += value * weight
    total += weight
  }
  return total == 0 ? nil : sum / total
}
