internal import CVectorMath

/// Element-wise kernels of the best instruction set of this machine, on matrices without gaps.
public enum VectorMath {
  private static let table = vm_kernels_best().pointee.elementwise
  private static let products = vm_kernels_best().pointee.product

  /// sine = sin(scale (x + bias)) and cosine = cos of the same, with one bias a column.
  public static func sineLayer(_ x: Matrix, bias: Matrix, scale: Float, sine: Matrix, cosine: Matrix) {
    precondition(x.isContiguous && sine.isContiguous && cosine.isContiguous, "gaps between rows")
    precondition(bias.count == x.columns && sine.count == x.count && cosine.count == x.count, "shapes differ")
    table.sine_layer(x.base, bias.base, scale, sine.base, cosine.base, x.rows, x.columns)
  }

  /// Sines and cosines of x; either may be x.
  public static func sineCosine(_ x: Matrix, sine: Matrix, cosine: Matrix) {
    precondition(x.isContiguous && sine.isContiguous && cosine.isContiguous, "gaps between rows")
    precondition(sine.count == x.count && cosine.count == x.count, "shapes differ")
    table.sine_cosine(x.base, sine.base, cosine.base, x.count)
  }

  /// y = max(x + bias, 0), with one bias a column.
  public static func reluLayer(_ x: Matrix, bias: Matrix, into y: Matrix) {
    precondition(x.isContiguous && y.isContiguous, "gaps between rows")
    precondition(bias.count == x.columns && y.count == x.count, "shapes differ")
    table.relu_layer(x.base, bias.base, y.base, x.rows, x.columns)
  }

  /// dx = dy where y > 0, else 0.
  public static func reluBackward(_ y: Matrix, gradient dy: Matrix, into dx: Matrix) {
    precondition(y.isContiguous && dy.isContiguous && dx.isContiguous, "gaps between rows")
    precondition(dy.count == y.count && dx.count == y.count, "shapes differ")
    table.relu_backward(y.base, dy.base, dx.base, y.count)
  }

  /// y = 1 / (1 + exp(-x)).
  public static func sigmoid(_ x: Matrix, into y: Matrix) {
    precondition(x.isContiguous && y.isContiguous && x.count == y.count, "shapes differ")
    table.sigmoid(x.base, y.base, x.count)
  }

  /// y = softmax(x + prior) row by row.
  public static func softmax(_ x: Matrix, prior: Matrix, into y: Matrix) {
    precondition(x.isContiguous && prior.isContiguous && y.isContiguous, "gaps between rows")
    precondition(prior.count == x.count && y.count == x.count, "shapes differ")
    table.softmax_rows(x.base, prior.base, y.base, x.rows, x.columns)
  }

  /// dx = y (dy - row sum of y dy).
  public static func softmaxBackward(_ y: Matrix, gradient dy: Matrix, into dx: Matrix) {
    precondition(y.isContiguous && dy.isContiguous && dx.isContiguous, "gaps between rows")
    precondition(dy.count == y.count && dx.count == y.count, "shapes differ")
    table.softmax_rows_backward(y.base, dy.base, dx.base, y.rows, y.columns)
  }

  /// Sum of x y over all elements.
  public static func dot(_ x: Matrix, _ y: Matrix) -> Double {
    precondition(x.isContiguous && y.isContiguous && x.count == y.count, "shapes differ")
    return table.dot(x.base, y.base, x.count)
  }

  /// y += a x.
  public static func add(_ x: Matrix, times a: Float = 1, to y: Matrix) {
    precondition(x.isContiguous && y.isContiguous && x.count == y.count, "shapes differ")
    table.axpy(a, x.base, y.base, x.count)
  }

  /// z = a x y, element by element; z may be x or y.
  public static func multiply(_ x: Matrix, _ y: Matrix, times a: Float = 1, into z: Matrix) {
    precondition(x.isContiguous && y.isContiguous && z.isContiguous, "gaps between rows")
    precondition(x.count == y.count && x.count == z.count, "shapes differ")
    table.multiply(a, x.base, y.base, z.base, x.count)
  }

  /// y += sum over the rows of x.
  public static func addColumnSums(_ x: Matrix, to y: Matrix) {
    precondition(x.isContiguous && y.isContiguous && y.count == x.columns, "shapes differ")
    table.add_column_sums(x.base, y.base, x.rows, x.columns)
  }

  /// The elements of x plus `offset`, brought within `range`.
  public static func clamped(_ x: Matrix, adding offset: Float, to range: ClosedRange<Float>) -> [Float] {
    precondition(x.isContiguous, "gaps between rows")
    return Array(unsafeUninitializedCapacity: x.count) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      table.clamp(x.base, base, x.count, offset, range.lowerBound, range.upperBound)
      count = x.count
    }
  }

  static func product(
    _ a: Matrix, transposed: Bool, _ b: Matrix, into c: Matrix, accumulate: Bool, precision: Precision
  ) {
    let product = precision == .reduced ? products.rounded : products.full
    product(
      a.base, transposed ? 1 : a.stride, transposed ? a.stride : 1, b.base, b.stride, c.base, c.stride,
      c.rows,
      c.columns, b.rows, accumulate ? 1 : 0)
  }

  static func transpose(_ from: Matrix, into to: Matrix) {
    table.transpose(from.base, from.stride, to.base, to.stride, from.rows, from.columns)
  }

  /// One step of Adam on `count` elements from `start` on; `c1`, `c2` correct the bias of the moments.
  static func adam(
    _ x: Matrix, gradient: Matrix, m: Matrix, v: Matrix, start: Int, count: Int, rate: Float, beta1: Float,
    beta2: Float, epsilon: Float, c1: Float, c2: Float
  ) {
    precondition(
      [x, gradient, m, v].allSatisfy { $0.isContiguous && $0.count == x.count } && start >= 0 && count >= 0
        && start + count <= x.count, "shapes differ")
    table.adam(
      x.base + start, gradient.base + start, m.base + start, v.base + start, count, rate, beta1, beta2,
      epsilon,
      c1, c2)
  }
}
