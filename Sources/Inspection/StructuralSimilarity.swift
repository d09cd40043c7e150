import Frames

/// SSIM of a plane as FFmpeg's filter computes it: windows of 8 x 8 samples, 4 apart, without weights.
///
/// Wang, Bovik, Sheikh, Simoncelli, doi:10.1109/TIP.2003.819861; the windows are those of x264 and of FFmpeg's
/// `ssim`, so that figures can be compared.
struct PlaneSimilarity {
  /// Sum of the windows' similarities, and their number.
  var all = (sum: 0.0, count: 0)
  /// The same over windows that hold a missing sample.
  var missing = (sum: 0.0, count: 0)

  /// Mean over all windows; nil where the plane is smaller than one.
  var mean: Double? { all.count == 0 ? nil : all.sum / Double(all.count) }

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
          all.sum += similarity
          all.count += 1
          if window.missing {
            missing.sum += similarity
            missing.count += 1
          }
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
