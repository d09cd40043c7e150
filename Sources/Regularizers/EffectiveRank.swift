import Foundation
import Kernels

/// exp of the entropy of the singular values, divided by their sum: how many of them matter. After Roy, Vetterli, "The
/// effective rank: a measure of effective dimensionality", EUSIPCO 2007.
///
/// 1 where all but one vanish, their number where all are equal, and 0 where all vanish.
func effectiveRank(singularValues: [Float]) -> Double {
  // Rounding may leave small negative eigenvalues of a matrix that has none.
  let values = singularValues.map { abs(Double($0)) }
  let sum = values.reduce(0, +)
  if sum == 0 { return 0 }
  let entropy = values.reduce(0.0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 }
  return exp(entropy)
}

/// Effective rank of a symmetric matrix (n, n), whose singular values are the magnitudes of its eigenvalues.
func effectiveRank(ofSymmetric a: Matrix) -> Double {
  effectiveRank(singularValues: symmetricEigenvalues(a))
}

/// Effective rank of A = G G^T, of G (n, r): G^T G has the same eigenvalues but for zeros, so the smaller one is taken.
/// - Complexity: O(n r min(n, r)).
func effectiveRank(ofProduct g: Matrix) -> Double {
  let size = min(g.rows, g.columns)
  let gram = Matrix(rows: size, columns: size)
  multiply(g, g, transposing: g.columns < g.rows ? .first : .second, into: gram)
  return effectiveRank(ofSymmetric: gram)
}
