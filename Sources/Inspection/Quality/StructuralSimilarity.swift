import Frames

/// SSIM of a plane as FFmpeg's filter computes it: windows of 8 x 8 samples, 4 apart, without weights.
///
/// Wang, Bovik, Sheikh, Simoncelli, doi:10.1109/TIP.2003.819861; the windows are those of x264 and of FFmpeg's
/// `ssim`, so that figures can be compared.
struct PlaneSimilarity {
  /// Over all windows; without a value where the plane is smaller than one.
  var all = RunningMean()
  /// Over windows that hold a missing sample.
  var missing = RunningMean()

  /// - Complexity: O(width x height); memory for a row of 4 x 4 blocks.
  init(reference: [UInt16], result: [UInt16], missing mask: [UInt8], plane: PlaneFormat, maximum: Int) {
    let columns = plane.width / 4
    let rows = plane.height / 4
    if columns < 2 || rows < 2 { return }
    let constants = Constants(maximum: maximum)
    var above = [Block]()
    for row in 0..<rows {
      let blocks = (0..<columns).map {
        Block(reference: reference, result: result, mask: mask, width: plane.width, x: $0 * 4, y: row * 4)
      }
      if row > 0 {
        for column in 0..<columns - 1 {
          let window = above[column] + above[column + 1] + blocks[column] + blocks[column + 1]
          let similarity = window.similarity(constants)
          all += similarity
          if window.missing { missing += similarity }
        }
      }
      above = blocks
    }
  }

  /// The two small numbers that keep flat windows from dividing by zero, scaled to sums over 64 samples.
  private struct Constants {
    let c1: Double
    let c2: Double

    init(maximum: Int) {
      let square = Double(maximum * maximum)
      // FFmpeg keeps them as whole numbers.
      c1 = (0.01 * 0.01 * square * 64 + 0.5).rounded(.down)
      c2 = (0.03 * 0.03 * square * 64 * 63 + 0.5).rounded(.down)
    }
  }

  /// Sums over samples, which add up from blocks to windows.
  private struct Block {
    var first = 0
    var second = 0
    var squares = 0
    var product = 0
    var missing = false

    init(reference: [UInt16], result: [UInt16], mask: [UInt8], width: Int, x: Int, y: Int) {
      for row in y..<y + 4 {
        for i in row * width + x..<row * width + x + 4 {
          let a = Int(reference[i])
          let b = Int(result[i])
          first += a
          second += b
          squares += a * a + b * b
          product += a * b
          if !mask.isEmpty && mask[i] != 0 { missing = true }
        }
      }
    }

    static func + (left: Block, right: Block) -> Block {
      var sum = left
      sum.first += right.first
      sum.second += right.second
      sum.squares += right.squares
      sum.product += right.product
      sum.missing = left.missing || right.missing
      return sum
    }

    func similarity(_ constants: Constants) -> Double {
      let variances = Double(squares * 64 - first * first - second * second)
      let covariance = Double(product * 64 - first * second)
      let means = Double(first * second)
      let meanSquares = Double(first * first + second * second)
      return (2 * means + constants.c1) * (2 * covariance + constants.c2)
        / ((meanSquares + constants.c1) * (variances + constants.c2))
    }
  }
}

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
    var (all, holes) = (RunningMean(), RunningMean())
    for (p, plane) in truth.enumerated() {
      precondition(area > 0 && plane.count % area == 0, "a plane holds whole frames")
      for start in stride(from: 0, to: plane.count, by: area) {
        let range = start..<start + area
        let similarity = PlaneSimilarity(
          reference: EightBits.samples(plane[range]), result: EightBits.samples(estimate[p][range]),
          missing: Array(missing[p][range]), plane: format, maximum: 255)
        all += similarity.all
        holes += similarity.missing
      }
    }
    (self.all, self.missing) = (all.value, holes.value)
  }
}

/// Samples of full scale 1 as files of 8 bits hold them.
public enum EightBits {
  /// Clipped to 0 ... 1 and rounded; NaN becomes 0.
  public static func samples(_ values: some Collection<Float>) -> [UInt16] {
    values.map { $0.isNaN ? 0 : UInt16((min(max($0, 0), 1) * 255).rounded()) }
  }
}
