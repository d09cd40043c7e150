import Kernels

/// How much each pair of slices of a signal counts: a symmetric matrix A (n, n), whose diagonal does not matter.
enum PairWeights {
  /// A = G G^T of G (n, r).
  case product(Matrix)
  /// A itself.
  case dense(Matrix)

  /// G or A.
  var matrix: Matrix {
    switch self {
    case .product(let g): g
    case .dense(let a): a
    }
  }

  var positions: Int { matrix.rows }

  /// A 1.
  func rowSums() -> [Float] {
    let sums = Matrix(rows: 1, columns: matrix.columns)
    switch self {
    case .product(let g): VectorMath.addColumnSums(g, to: sums)
    case .dense: sums.fill(1)
    }
    return (0..<positions).map { Float(VectorMath.dot(matrix.rows($0..<$0 + 1), sums)) }
  }

  /// y += A x, and for the gradient of A or G moment += x x^T, or moment += x x^T G.
  ///
  /// The products are written so that none has a transposed second operand, which the fast kernel does not take.
  /// - Parameters:
  ///   - x: (n, columns), as y.
  ///   - projectedTransposed: scratch memory for x^T G or x^T, (columns, columns of G or A), and `projected` for its
  ///     transpose.
  func apply(
    to x: Matrix, adding y: Matrix, moment: Matrix?, projectedTransposed: Matrix, projected: Matrix
  ) {
    switch self {
    case .product(let g):
      multiply(x, g, transposing: .first, into: projectedTransposed)
      transpose(projectedTransposed, into: projected)
      multiply(g, projected, into: y, beta: 1)
    case .dense(let a):
      multiply(a, x, into: y, beta: 1)
      if moment != nil { transpose(x, into: projectedTransposed) }
    }
    if let moment { multiply(x, projectedTransposed, into: moment, beta: 1) }
  }

  /// Terms of the gradient of E = 1/2 sum_ij A_ij ||x_i - x_j||^2 with respect to G or to the elements of A. Its row i is
  /// energies[i] `perEnergy` + `everyRow` - `momentFactor` times row i of the moment, where energies[i] = q_i = ||x_i||^2:
  ///
  ///     dE/dG = q (1^T G) + 1 (q^T G) - 2 X X^T G
  ///     dE/dA = (q 1^T + 1 q^T) / 2 - X X^T
  func gradientTerms(energies q: Matrix) -> (momentFactor: Float, perEnergy: Matrix, everyRow: Matrix) {
    let (perEnergy, everyRow) = (
      Matrix(rows: 1, columns: matrix.columns), Matrix(rows: 1, columns: matrix.columns)
    )
    switch self {
    case .product(let g):
      VectorMath.addColumnSums(g, to: perEnergy)
      multiply(q, g, into: everyRow)
      return (2, perEnergy, everyRow)
    case .dense:
      perEnergy.fill(0.5)
      VectorMath.add(q, times: 0.5, to: everyRow)
      return (1, perEnergy, everyRow)
    }
  }
}
