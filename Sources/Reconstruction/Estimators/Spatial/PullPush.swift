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
    level.gather(plane, known: known, rows: part.rows, first: part.columns.lowerBound, pitch: width)
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
    var place = 0
    for y in part.rows {
      let row = y * width
      for i in row + part.columns.lowerBound..<row + part.columns.upperBound {
        if known[i] != SampleState.known { plane[i] = estimate[place] }
        place &+= 1
      }
    }
  }

  /// Weighted sums of samples, and the weights' sums.
  private struct Level {
    private(set) var height: Int
    private(set) var width: Int
    private(set) var sum: [Float]
    private(set) var weight: [Float]

    var count: Int { height * width }

    init(height: Int, width: Int) {
      self.height = height
      self.width = width
      sum = Array(repeating: 0, count: height * width)
      weight = sum
    }

    /// Takes the known samples of a part of a plane with `pitch` samples in a row.
    mutating func gather(
      _ plane: UnsafeMutableBufferPointer<Float>, known: UnsafeBufferPointer<UInt8>, rows: Range<Int>,
      first: Int,
      pitch: Int
    ) {
      sum.withUnsafeMutableBufferPointer { sum in
        weight.withUnsafeMutableBufferPointer { weight in
          var place = 0
          for y in rows {
            for i in y * pitch + first..<y * pitch + first + width {
              if known[i] == SampleState.known {
                weight[place] = 1
                sum[place] = plane[i]
              }
              place &+= 1
            }
          }
        }
      }
    }

    func smoothed() -> Level {
      var result = self
      result.sum = Self.smooth(sum, height: height, width: width)
      result.weight = Self.smooth(weight, height: height, width: width)
      return result
    }

    /// Every second row and column.
    func halved() -> Level {
      var result = self
      (result.height, result.width) = ((height + 1) / 2, (width + 1) / 2)
      result.sum = halved(sum)
      result.weight = halved(weight)
      return result
    }

    private func halved(_ values: [Float]) -> [Float] {
      let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
      return Array(unsafeUninitializedCapacity: rows * columns) { result, count in
        values.withUnsafeBufferPointer { values in
          for y in 0..<rows {
            for x in 0..<columns { result[y * columns + x] = values[2 * y * width + 2 * x] }
          }
        }
        count = rows * columns
      }
    }

    /// This level's means over a coarser estimate, interpolated linearly to this level's size.
    func blended(over coarse: [Float], height coarseHeight: Int, width coarseWidth: Int, support: Float)
      -> [Float]
    {
      Array(unsafeUninitializedCapacity: count) { result, filled in
        coarse.withUnsafeBufferPointer { coarse in
          sum.withUnsafeBufferPointer { sum in
            weight.withUnsafeBufferPointer { weight in
              for y in 0..<height {
                let top = (y / 2) * coarseWidth
                let bottom = min((y + 1) / 2, coarseHeight - 1) * coarseWidth
                for x in 0..<width {
                  let left = x / 2
                  let right = min((x + 1) / 2, coarseWidth - 1)
                  let below =
                    0.25
                    * (coarse[top + left] + coarse[top + right] + coarse[bottom + left]
                      + coarse[bottom + right])
                  let i = y * width + x
                  let samples = weight[i] * support
                  result[i] =
                    samples > 1e-6 ? below + samples / (samples + 0.5) * (sum[i] / weight[i] - below) : below
                }
              }
            }
          }
        }
        filled = count
      }
    }

    /// 1 4 6 4 1 / 16 along rows and columns; nothing lies outside.
    private static func smooth(_ input: [Float], height: Int, width: Int) -> [Float] {
      Array(unsafeUninitializedCapacity: input.count) { result, count in
        input.withUnsafeBufferPointer { input in
          // A row of zeros for those that lie outside, and a row that is summed already, between two zeros at each end.
          withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width + 4) { scratch in
            scratch.initialize(repeating: 0)
            guard let input = input.baseAddress, let zeros = scratch.baseAddress,
              let result = result.baseAddress
            else {
              return
            }
            let line = zeros + width + 2
            func row(_ y: Int) -> UnsafePointer<Float> {
              y >= 0 && y < height ? input + y * width : UnsafePointer(zeros)
            }
            for y in 0..<height {
              let (a, b, c, d, e) = (row(y - 2), row(y - 1), row(y), row(y + 1), row(y + 2))
              for x in 0..<width { line[x] = 0.375 * c[x] + 0.25 * (b[x] + d[x]) + 0.0625 * (a[x] + e[x]) }
              let out = result + y * width
              for x in 0..<width {
                out[x] =
                  0.375 * line[x] + 0.25 * (line[x - 1] + line[x + 1]) + 0.0625 * (line[x - 2] + line[x + 2])
              }
            }
          }
        }
        count = input.count
      }
    }
  }
}
