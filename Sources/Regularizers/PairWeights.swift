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
  ///   - turned: scratch memory, (columns, columns of G or A), and `straight`, its transpose.
  func apply(to x: Matrix, adding y: Matrix, moment: Matrix?, turned: Matrix, straight: Matrix) {
    switch self {
    case .product(let g):
      multiply(x, g, transposing: .first, into: turned)
      transpose(turned, into: straight)
      multiply(g, straight, into: y, beta: 1)
    case .dense(let a):
      multiply(a, x, into: y, beta: 1)
      if moment != nil { transpose(x, into: turned) }
    }
    if let moment { multiply(x, turned, into: moment, beta: 1) }
  }

  /// The gradient of E = 1/2 sum_ij A_ij ||x_i - x_j||^2 with respect to G or to the elements of A is
  /// - `moments` M + energies[i] `row` + `all` in row i, where energies[i] = ||x_i||^2:
  ///
  ///     dE/dG = q (1^T G) + 1 (q^T G) - 2 X X^T G
  ///     dE/dA = (q 1^T + 1 q^T) / 2 - X X^T
  func gradientTerms(energies q: Matrix) -> (moments: Float, row: Matrix, all: Matrix) {
    let (row, all) = (Matrix(rows: 1, columns: matrix.columns), Matrix(rows: 1, columns: matrix.columns))
    switch self {
    case .product(let g):
      VectorMath.addColumnSums(g, to: row)
      multiply(q, g, into: all)
      return (2, row, all)
    case .dense:
      row.fill(0.5)
      VectorMath.add(q, times: 0.5, to: all)
      return (1, row, all)
    }
  }
}
