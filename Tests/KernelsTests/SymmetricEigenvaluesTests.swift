import Testing

@testable import Kernels

struct SymmetricEigenvaluesTests {
  @Test func knownEigenvalues() {
    // Eigenvalues of the second difference (Dirichlet) are 2 - 2 cos(k pi / (n + 1)).
    let path = Matrix(rows: 3, columns: 3, values: [2, -1, 0, -1, 2, -1, 0, -1, 2])
    let expected: [Float] = [2 - Float(2).squareRoot(), 2, 2 + Float(2).squareRoot()]
    for (value, wanted) in zip(symmetricEigenvalues(path), expected) { #expect(abs(value - wanted) < 1e-5) }
    #expect(path.values == [2, -1, 0, -1, 2, -1, 0, -1, 2])
  }

  @Test func traceAndSquaresAreKept() {
    let n = 70
    var random = RandomSource(seed: 1)
    let a = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        a[i, j] = random.uniform(bound: 1)
        a[j, i] = a[i, j]
      }
    }
    let values = symmetricEigenvalues(a)
    #expect(values == values.sorted())
    let trace = (0..<n).reduce(Float(0)) { $0 + a[$1, $1] }
    #expect(abs(values.reduce(0, +) - trace) < 1e-4)
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares - VectorMath.dot(a, a)) < 1e-6 * squares)
  }

  @Test func onlyTheUpperTriangleIsLookedAt() {
    let values = symmetricEigenvalues(Matrix(rows: 2, columns: 2, values: [1, 2, 99, 1]))
    #expect(abs(values[0] + 1) < 1e-6 && abs(values[1] - 3) < 1e-6)
  }

  @Test func vectorsAreRowsThatTheMatrixScales() {
    let n = 9
    var random = RandomSource(seed: 2)
    let a = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        a[i, j] = random.uniform(bound: 1)
        a[j, i] = a[i, j]
      }
    }
    let (values, vectors) = symmetricEigenvectors(a)
    #expect(zip(values, symmetricEigenvalues(a)).allSatisfy { abs($0 - $1) < 1e-5 })
    for k in 0..<n {
      for i in 0..<n {
        let scaled = (0..<n).reduce(Float(0)) { $0 + a[i, $1] * vectors[k, $1] }
        #expect(abs(scaled - values[k] * vectors[k, i]) < 1e-5)
      }
      #expect(abs((0..<n).reduce(Float(0)) { $0 + vectors[k, $1] * vectors[k, $1] } - 1) < 1e-5)
    }
  }

  @Test func nothingHasNoEigenvalues() { #expect(symmetricEigenvalues(Matrix(rows: 0, columns: 0)).isEmpty) }
}
