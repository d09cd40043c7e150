import CVectorMath
import Kernels
import Testing

@testable import Reconstruction

@Suite struct MultilevelPreconditionerTests {
  private func values(_ count: Int, _ seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.uniform() - 0.5 }
  }

  /// A preconditioner has to be symmetric and positive, or conjugate gradients go astray; and leave what is known.
  @Test func isSymmetricPositiveAndLeavesKnownSamples() {
    let shape = (frames: 2, height: 40, width: 44)
    let count = shape.frames * shape.height * shape.width
    var missing = [Bool](repeating: false, count: count)
    for i in missing.indices {
      missing[i] = (6..<30).contains(i / shape.width % shape.height) && (5..<38).contains(i % shape.width)
    }
    let spans = RowSpans(missing, width: shape.width)
    let preconditioner = MultilevelPreconditioner(
      missing: missing, spans: spans, shape: shape, isDeep: false, threads: 2,
      kernels: vm_kernels_best().pointee.level_lines)
    func residual(_ seed: UInt64) -> Matrix {
      let all = values(count, seed)
      return Matrix(rows: 1, columns: count, values: all.indices.map { missing[$0] ? all[$0] : 0 })
    }
    func applied(_ m: Matrix) -> Matrix {
      let result = Matrix(rows: 1, columns: count)
      preconditioner.apply(m, to: result)
      return result
    }
    let (a, b) = (residual(1), residual(2))
    let (ma, mb) = (applied(a), applied(b))
    let (left, right, own) = (VectorMath.dot(ma, b), VectorMath.dot(a, mb), VectorMath.dot(a, ma))
    #expect(abs(left - right) < 1e-6 * own)
    #expect(own > 30 * VectorMath.dot(a, a))
    for i in 0..<count where !missing[i] { #expect(ma.base[i] == 0) }
  }
}
