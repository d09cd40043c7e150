import Kernels

/// Sums of absolute differences of neighbours in a picture that may lack rows and columns.
struct Variation {
  /// Pairs of successive elements of rising indices that differ by one, by the number of the first.
  static func neighbours(_ indices: [Int]) -> [Int] {
    indices.indices.dropLast().filter { indices[$0 + 1] == indices[$0] + 1 }
  }

  /// Numbers of the rows and of the columns whose next one is their neighbour.
  let rows, columns: [Int]
  /// Weights of differences between rows and between columns.
  let rowScale, columnScale: Double

  /// rowScale sum |x[i + 1, j] - x[i, j]| + columnScale sum |x[i, j + 1] - x[i, j]| of `x` (rows, columns), whose
  /// subgradient, 0 at 0, is added to `gradient`.
  func addGradient(of x: Matrix, to gradient: Matrix) -> Double {
    let rowStep = Float(rowScale)
    let columnStep = Float(columnScale)
    var (rowSum, columnSum) = (0.0, 0.0)
    for i in rows {
      let (from, to) = (x.base + i * x.stride, gradient.base + i * gradient.stride)
      for j in 0..<x.columns {
        let difference = from[j + x.stride] - from[j]
        let step = difference > 0 ? rowStep : difference < 0 ? -rowStep : 0
        to[j + gradient.stride] += step
        to[j] -= step
        rowSum += Double(abs(difference))
      }
    }
    for i in 0..<x.rows {
      let (from, to) = (x.base + i * x.stride, gradient.base + i * gradient.stride)
      for j in columns {
        let difference = from[j + 1] - from[j]
        let step = difference > 0 ? columnStep : difference < 0 ? -columnStep : 0
        to[j + 1] += step
        to[j] -= step
        columnSum += Double(abs(difference))
      }
    }
    return rowScale * rowSum + columnScale * columnSum
  }
}
