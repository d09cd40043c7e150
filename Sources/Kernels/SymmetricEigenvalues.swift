internal import COpenBLAS

/// The eigenvalues of a symmetric matrix (n, n), rising; its lower triangle is not looked at.
///
/// They are not a number where the iteration does not converge, which elements that are not finite cause. By LAPACK's
/// `ssyev` (Anderson et al., LAPACK Users' Guide, 3rd edition, doi:10.1137/1.9780898719604).
/// - Complexity: O(n^3), and a copy of the matrix.
public func symmetricEigenvalues(_ matrix: Matrix) -> [Float] { eigen(matrix, wantsVectors: false).values }

/// The same with the eigenvectors, as rows, in the order of the values.
public func symmetricEigenvectors(_ matrix: Matrix) -> (values: [Float], vectors: Matrix) {
  eigen(matrix, wantsVectors: true)
}

private func eigen(_ matrix: Matrix, wantsVectors: Bool) -> (values: [Float], vectors: Matrix) {
  precondition(matrix.rows == matrix.columns, "only square matrices have eigenvalues")
  let n = matrix.rows
  if n == 0 { return ([], matrix) }
  _ = singleThreaded
  let a = Matrix(rows: n, columns: n)
  a.copy(from: matrix)
  let values = Matrix(rows: 1, columns: n)
  var (order, info, size) = (blasint(n), blasint(0), blasint(-1))
  let job = wantsVectors ? "V" : "N"
  // A size of -1 asks how much working memory is best. LAPACK counts by columns: its lower triangle is the upper
  // one here.
  var wanted: Float = 0
  ssyev_(job, "L", &order, a.base, &order, values.base, &wanted, &size, &info, 1, 1)
  size = max(blasint(wanted), 3 * order)
  let work = Matrix(rows: 1, columns: Int(size))
  ssyev_(job, "L", &order, a.base, &order, values.base, work.base, &size, &info, 1, 1)
  // Vectors are columns, which are rows here.
  return (info == 0 ? values.values : Array(repeating: .nan, count: n), a)
}
