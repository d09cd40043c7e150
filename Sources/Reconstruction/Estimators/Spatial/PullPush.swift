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
  private static let support: Float = 6.283_185_5

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
    var level = Level(height: part.rows.count, width: part.columns.count)
    /// Calls `body` with each sample's place in the part and in the plane.
    func each(_ body: (Int, Int) -> Void) {
      var place = 0
      for y in part.rows {
        for i in y * width + part.columns.lowerBound..<y * width + part.columns.upperBound {
          body(place, i)
          place += 1
        }
      }
    }
    each { place, i in
      guard known[i] == SampleState.known else { return }
      level.weight[place] = 1
      level.sum[place] = plane[i]
    }
    var levels = [level.smoothed()]
    while let last = levels.last, last.height > 1 || last.width > 1 {
      levels.append(last.halved().smoothed())
    }
    var coarse = levels.removeLast()
    var estimate = (0..<coarse.count).map { coarse.weight[$0] > 0 ? coarse.sum[$0] / coarse.weight[$0] : 0 }
    while let fine = levels.popLast() {
      estimate = fine.blended(
        over: estimate, height: coarse.height, width: coarse.width, support: Self.support)
      coarse = fine
    }
    each { place, i in
      if known[i] != SampleState.known { plane[i] = estimate[place] }
    }
  }

  /// Weighted sums of samples, and the weights' sums.
  private struct Level {
    let height: Int
    let width: Int
    var sum: [Float]
    var weight: [Float]

    var count: Int { height * width }

    init(height: Int, width: Int) {
      self.height = height
      self.width = width
      sum = Array(repeating: 0, count: height * width)
      weight = sum
    }

    func smoothed() -> Level {
      var result = self
      result.sum = Self.smooth(sum, height: height, width: width)
      result.weight = Self.smooth(weight, height: height, width: width)
      return result
    }

    /// Every second row and column.
    func halved() -> Level {
      var result = Level(height: (height + 1) / 2, width: (width + 1) / 2)
      for y in 0..<result.height {
        for x in 0..<result.width {
          result.sum[y * result.width + x] = sum[2 * y * width + 2 * x]
          result.weight[y * result.width + x] = weight[2 * y * width + 2 * x]
        }
      }
      return result
    }

    /// This level's means over a coarser estimate, interpolated linearly to this level's size.
    func blended(over coarse: [Float], height coarseHeight: Int, width coarseWidth: Int, support: Float)
      -> [Float]
    {
      var result = [Float](repeating: 0, count: count)
      for y in 0..<height {
        let top = (y / 2) * coarseWidth
        let bottom = min((y + 1) / 2, coarseHeight - 1) * coarseWidth
        for x in 0..<width {
          let left = x / 2
          let right = min((x + 1) / 2, coarseWidth - 1)
          let below =
            0.25 * (coarse[top + left] + coarse[top + right] + coarse[bottom + left] + coarse[bottom + right])
          let i = y * width + x
          let samples = weight[i] * support
          result[i] =
            samples > 1e-6 ? below + samples / (samples + 0.5) * (sum[i] / weight[i] - below) : below
        }
      }
      return result
    }

    /// 1 4 6 4 1 / 16 along rows and columns; nothing lies outside.
    private static func smooth(_ input: [Float], height: Int, width: Int) -> [Float] {
      // Each row between two zeros, and two rows of zeros above and below.
      let pitch = width + 4
      var padded = [Float](repeating: 0, count: (height + 4) * pitch)
      var columns = padded
      var result = [Float](repeating: 0, count: input.count)
      padded.withUnsafeMutableBufferPointer { padded in
        columns.withUnsafeMutableBufferPointer { columns in
          result.withUnsafeMutableBufferPointer { result in
            input.withUnsafeBufferPointer { input in
              for y in 0..<height {
                let row = (y + 2) * pitch + 2
                for x in 0..<width { padded[row + x] = input[y * width + x] }
              }
              for i in 2 * pitch..<(height + 2) * pitch {
                let (near, far) = (
                  padded[i - pitch] + padded[i + pitch], padded[i - 2 * pitch] + padded[i + 2 * pitch]
                )
                columns[i] = 0.375 * padded[i] + 0.25 * near + 0.0625 * far
              }
              for y in 0..<height {
                let row = (y + 2) * pitch + 2
                for x in row..<row + width {
                  let (near, far) = (columns[x - 1] + columns[x + 1], columns[x - 2] + columns[x + 2])
                  result[y * width + x - row] = 0.375 * columns[x] + 0.25 * near + 0.0625 * far
                }
              }
            }
          }
        }
      }
      return result
    }
  }
}
