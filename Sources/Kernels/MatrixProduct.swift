internal import COpenBLAS

/// OpenBLAS with its own threads switched off: the loops around the products share the work out.
let singleThreaded: Void = openblas_set_num_threads(1)

/// Which operand of a product is taken as its transpose.
public enum Transposed: Sendable {
  case neither, first, second
}

/// How exact a product is.
public enum Precision: Sendable {
  /// Single precision.
  case single
  /// Operands rounded to bfloat16 (each by a 256th of itself at most), sums in single precision, where the machine multiplies
  /// such numbers faster and the operands allow; single precision elsewhere.
  case reduced
}

/// c = alpha op(a) op(b) + beta c, with op the transpose where asked for.
///
/// Runs on the calling thread, and on several threads at a time. Products that need no transpose of b, which make up
/// most of the work here, are done without packing; others are left to OpenBLAS. The same operands give the same result, whatever other threads do.
/// - Complexity: 2 m n k floating-point operations.
public func multiply(
  _ a: Matrix, _ b: Matrix, transposing: Transposed = .neither, into c: Matrix, alpha: Float = 1,
  beta: Float = 0, precision: Precision = .single
) {
  let (transposeA, transposeB) = (transposing == .first, transposing == .second)
  let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
  let (l, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
  precondition(k == l && c.rows == m && c.columns == n, "shapes do not fit a matrix product")
  if m == 0 || n == 0 { return }
  if transposing != .second && alpha == 1 && (beta == 0 || beta == 1) {
    VectorMath.product(a, transposed: transposeA, b, into: c, accumulate: beta == 1, precision: precision)
    return
  }
  _ = singleThreaded
  cblas_sgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    blasint(m), blasint(n), blasint(k), alpha, a.base, blasint(max(1, a.stride)), b.base,
    blasint(max(1, b.stride)), beta, c.base, blasint(max(1, c.stride)))
}

/// to = transpose of from.
public func transpose(_ from: Matrix, into to: Matrix) {
  precondition(from.rows == to.columns && from.columns == to.rows, "shapes do not fit a transposition")
  VectorMath.transpose(from, into: to)
}
