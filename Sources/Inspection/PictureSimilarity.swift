import Frames

/// SSIM of pictures of 8 bits, all planes and frames together, as FFmpeg's filter computes it for a plane.
public struct PictureSimilarity: Sendable, Equatable {
  /// Mean over all windows; nil where the pictures are smaller than one (8 x 8 samples).
  public var all: Double?
  /// Mean over windows that hold a missing sample; nil without such windows.
  public var missing: Double?

  /// Compares planes of samples in the order (frames, height, width), full scale = 1, after clipping and rounding both
  /// to 8 bits.
  ///
  /// - Parameter missing: for each plane, not 0 where a sample is missing.
  public init(truth: [[Float]], estimate: [[Float]], missing: [[UInt8]], width: Int, height: Int) {
    let format = PlaneFormat(role: .luma, width: width, height: height)
    let area = width * height
    var sum = (all: 0.0, missing: 0.0)
    var count = (all: 0, missing: 0)
    for (p, plane) in truth.enumerated() {
      precondition(area > 0 && plane.count % area == 0, "a plane holds whole frames")
      for start in stride(from: 0, to: plane.count, by: area) {
        let range = start..<start + area
        let similarity = PlaneSimilarity(
          reference: EightBits.samples(plane[range]), result: EightBits.samples(estimate[p][range]),
          missing: Array(missing[p][range]), plane: format, maximum: 255)
        sum.all += similarity.all.sum
        count.all += similarity.all.count
        sum.missing += similarity.missing.sum
        count.missing += similarity.missing.count
      }
    }
    all = count.all == 0 ? nil : sum.all / Double(count.all)
    self.missing = count.missing == 0 ? nil : sum.missing / Double(count.missing)
  }
}

/// Samples of full scale 1 as files of 8 bits hold them.
public enum EightBits {
  /// Clipped to 0 ... 1 and rounded; what is no number becomes 0.
  public static func samples(_ values: some Collection<Float>) -> [UInt16] {
    values.map { $0.isNaN ? 0 : UInt16((min(max($0, 0), 1) * 255).rounded()) }
  }
}
