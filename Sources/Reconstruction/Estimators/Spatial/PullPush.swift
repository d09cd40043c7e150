import Frames

/// Pull-push interpolation of a plane: normalised convolution on a pyramid (Gortler et al., "The Lumigraph", SIGGRAPH 1996,
/// doi:10.1145/237170.237200).
///
/// Pull: each level smooths the known samples and their weights with the binomial 1 4 6 4 1 / 16 and halves the size. Push:
/// from the coarsest level back, a level's own mean weighs b / (b + 1/2) against the coarser level's 1 / (2 b + 1), b the
/// number of known samples in the mean.
///
/// - Complexity: O(height x width) time and memory.
struct PullPush {
  let height: Int
  let width: Int

  /// Effective number of samples in a binomial mean: 2 pi sigma^2 with sigma = 1.
  fileprivate static let support: Float = 6.283_185_5

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Gives every sample of `plane` that is not known (`known[i] != 1`) a value: 0 where nothing is known.
  ///
  /// - Parameter part: the rows and columns that are read and filled; nil for all.
  func fill(
    _ plane: UnsafeMutableBufferPointer<Float>, known: UnsafeBufferPointer<UInt8>,
    within part: FramePart? = nil
  ) {
    precondition(plane.count == height * width && known.count == plane.count, "a plane of this size")
    let part = part ?? FramePart(rows: 0..<height, columns: 0..<width)
    precondition(
      part.rows.lowerBound >= 0 && part.rows.upperBound <= height && part.columns.lowerBound >= 0
        && part.columns.upperBound <= width, "a part of the plane")
    let (rows, columns) = (part.rows.count, part.columns.count)
    let count = rows * columns
    if count == 0 { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.scratch(height: rows, width: columns)) {
      guard let sum = $0.baseAddress else { return }
      let weight = sum + count
      var place = 0
      for y in part.rows {
        let row = y * width
        for i in row + part.columns.lowerBound..<row + part.columns.upperBound {
          let isKnown = known[i] == SampleState.known
          (sum + place).initialize(to: isKnown ? plane[i] : 0)
          (weight + place).initialize(to: isKnown ? 1 : 0)
          place &+= 1
        }
      }
      Level(height: rows, width: columns).fill(sum, weight: weight, scratch: weight + count)
      place = 0
      for y in part.rows {
        let row = y * width
        for i in row + part.columns.lowerBound..<row + part.columns.upperBound {
          if known[i] != SampleState.known { plane[i] = sum[place] }
          place &+= 1
        }
      }
    }
  }

  /// Samples of all levels, of each its sums and weights as they are and smoothed; and the rows that smoothing needs.
  private static func scratch(height: Int, width: Int) -> Int {
    var level = Level(height: height, width: width)
    var total = 4 * level.count
    while !level.isLast {
      level = level.coarser
      total += 4 * level.count
    }
    return total + 2 * width + 4
  }

  /// A level of the pyramid.
  private struct Level {
    let height: Int
    let width: Int

    var count: Int { height * width }
    var isLast: Bool { height <= 1 && width <= 1 }
    /// Every second row and column.
    var coarser: Level { Level(height: (height + 1) / 2, width: (width + 1) / 2) }

    /// Replaces the level's sums by its estimate.
    ///
    /// - Parameters:
    ///   - sum: weighted sums of samples.
    ///   - weight: the weights' sums; not kept.
    ///   - scratch: room for the smoothed level, and for all coarser ones.
    func fill(
      _ sum: UnsafeMutablePointer<Float>, weight: UnsafeMutablePointer<Float>,
      scratch: UnsafeMutablePointer<Float>
    ) {
      let (smoothSum, smoothWeight, rest) = (scratch, scratch + count, scratch + 2 * count)
      smooth(sum, into: smoothSum, scratch: rest)
      smooth(weight, into: smoothWeight, scratch: rest)
      if isLast {
        for i in 0..<count { sum[i] = smoothWeight[i] > 0 ? smoothSum[i] / smoothWeight[i] : 0 }
        return
      }
      let level = coarser
      halve(smoothSum, into: rest)
      halve(smoothWeight, into: rest + level.count)
      level.fill(rest, weight: rest + level.count, scratch: rest + 2 * level.count)
      blend(smoothSum, weight: smoothWeight, over: rest, into: sum)
    }

    private func halve(_ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) {
      let level = coarser
      for y in 0..<level.height {
        for x in 0..<level.width {
          (result + y * level.width + x).initialize(to: values[2 * y * width + 2 * x])
        }
      }
    }

    /// The smoothed level's means over a coarser estimate, which is interpolated linearly to this level's size.
    private func blend(
      _ sum: UnsafePointer<Float>, weight: UnsafePointer<Float>, over coarse: UnsafePointer<Float>,
      into result: UnsafeMutablePointer<Float>
    ) {
      let level = coarser
      for y in 0..<height {
        let top = (y / 2) * level.width
        let bottom = min((y + 1) / 2, level.height - 1) * level.width
        for x in 0..<width {
          let left = x / 2
          let right = min((x + 1) / 2, level.width - 1)
          let below =
            0.25
            * (coarse[top + left] + coarse[top + right] + coarse[bottom + left] + coarse[bottom + right])
          let i = y * width + x
          let samples = weight[i] * PullPush.support
          result[i] =
            samples > 1e-6 ? below + samples / (samples + 0.5) * (sum[i] / weight[i] - below) : below
        }
      }
    }

    /// 1 4 6 4 1 / 16 along rows and columns; nothing lies outside.
    ///
    /// - Parameter scratch: two rows and four samples.
    private func smooth(
      _ input: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>,
      scratch: UnsafeMutablePointer<Float>
    ) {
      // A row of zeros for those that lie outside, and a row that is summed already, between two zeros at each end.
      scratch.initialize(repeating: 0, count: 2 * width + 4)
      let (zeros, line) = (UnsafePointer(scratch), scratch + width + 2)
      func row(_ y: Int) -> UnsafePointer<Float> { y >= 0 && y < height ? input + y * width : zeros }
      for y in 0..<height {
        let (a, b, c, d, e) = (row(y - 2), row(y - 1), row(y), row(y + 1), row(y + 2))
        for x in 0..<width { line[x] = 0.375 * c[x] + 0.25 * (b[x] + d[x]) + 0.0625 * (a[x] + e[x]) }
        let out = result + y * width
        for x in 0..<width {
          (out + x).initialize(
            to: 0.375 * line[x] + 0.25 * (line[x - 1] + line[x + 1]) + 0.0625 * (line[x - 2] + line[x + 2]))
        }
      }
    }
  }
}
