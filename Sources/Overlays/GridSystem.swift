/// Linear equations of one unknown for each pixel of a place, each tied to its four neighbours.
///
/// The matrix is symmetric: `diagonal[i]` for the pixel itself, `-right[i]` for it and the one beside it, `-below[i]` for it and
/// the one below. It must be positive definite.
struct GridSystem {
  let width: Int
  let height: Int
  /// The pixels that are unknown, in order; others count as zero.
  let unknown: [Int]
  var diagonal: [Double]
  var right: [Double]
  var below: [Double]

  init(width: Int, height: Int, isUnknown: [Bool]) {
    (self.width, self.height) = (width, height)
    unknown = isUnknown.indices.filter { isUnknown[$0] }
    diagonal = [Double](repeating: 0, count: width * height)
    (right, below) = (diagonal, diagonal)
  }

  /// The product with `x`, which is zero where nothing is unknown.
  private func multiply(_ x: [Double], into result: inout [Double]) {
    let count = x.count
    for i in unknown {
      var sum = diagonal[i] * x[i]
      if i + 1 < count { sum -= right[i] * x[i + 1] }
      if i > 0 { sum -= right[i - 1] * x[i - 1] }
      if i + width < count { sum -= below[i] * x[i + width] }
      if i >= width { sum -= below[i - width] * x[i - width] }
      result[i] = sum
    }
  }

  /// The solution by conjugate gradients, preconditioned by the diagonal.
  ///
  /// - Parameters:
  ///   - values: the right-hand side.
  ///   - start: where the search begins.
  ///   - tolerance: the residual's length against that of `values` at which it ends.
  func solved(_ values: [Double], from start: [Double]? = nil, tolerance: Double = 1e-6) -> [Double] {
    let count = values.count
    var x = [Double](repeating: 0, count: count)
    if let start { for i in unknown { x[i] = start[i] } }
    var residual = [Double](repeating: 0, count: count)
    multiply(x, into: &residual)
    var inverse = residual
    var (length, product) = (0.0, 0.0)
    for i in unknown {
      inverse[i] = diagonal[i] > 0 ? 1 / diagonal[i] : 0
      residual[i] = values[i] - residual[i]
      length += values[i] * values[i] * inverse[i]
      product += residual[i] * residual[i] * inverse[i]
    }
    let goal = length * tolerance * tolerance
    var direction = [Double](repeating: 0, count: count)
    for i in unknown { direction[i] = inverse[i] * residual[i] }
    var image = [Double](repeating: 0, count: count)
    for _ in 0..<Self.mostSteps where product > goal && product > 0 {
      multiply(direction, into: &image)
      var curvature = 0.0
      for i in unknown { curvature += direction[i] * image[i] }
      if curvature <= 0 { break }
      let step = product / curvature
      var next = 0.0
      for i in unknown {
        x[i] += step * direction[i]
        residual[i] -= step * image[i]
        next += residual[i] * residual[i] * inverse[i]
      }
      let share = next / product
      for i in unknown { direction[i] = inverse[i] * residual[i] + share * direction[i] }
      product = next
    }
    return x
  }

  /// Far more than a place of ordinary size takes.
  private static let mostSteps = 600
}
