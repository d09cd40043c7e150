import CVectorMath
import Testing

@testable import Kernels

struct MatrixTests {
  private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.fillUniform(bound: 1, from: &source)
    return matrix
  }

  @Test func slicesShareMemory() {
    let a = Matrix(rows: 4, columns: 5)
    a.rows(1..<3).columns(2..<4).fill(2)
    #expect(a.values.reduce(0, +) == 8)
    #expect(a[1, 2] == 2 && a[2, 3] == 2 && a[3, 2] == 0)
    #expect(a.reshaped(from: 5, rows: 5, columns: 2)[1, 0] == 2)
    #expect(!a.columns(0..<2).isContiguous)
  }

  @Test(
    arguments: [Transposed.neither, .first, .second], [(1, 1, 1), (3, 5, 7), (17, 33, 20), (72, 40, 88)])
  func product(transposing: Transposed, size: (Int, Int, Int)) {
    let (m, n, k) = size
    let a = transposing == .first ? random(k, m, seed: 1) : random(m, k, seed: 1)
    let b = transposing == .second ? random(n, k, seed: 2) : random(k, n, seed: 2)
    let whole = random(m, n + 3, seed: 3)
    let before = whole.values
    multiply(a, b, transposing: transposing, into: whole.columns(1..<n + 1), alpha: 0.5, beta: 2)
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<k {
          let left = transposing == .first ? a[l, i] : a[i, l]
          let right = transposing == .second ? b[j, l] : b[l, j]
          sum += Double(left) * Double(right)
        }
        #expect(abs(Double(whole[i, j + 1]) - (0.5 * sum + 2 * Double(before[i * (n + 3) + j + 1]))) < 1e-5)
      }
      #expect(whole[i, 0] == before[i * (n + 3)] && whole[i, n + 2] == before[i * (n + 3) + n + 2])
    }
  }

  /// Sizes around those of tiles, packed blocks (256 rows, 256 deep) and vectors.
  @Test(
    arguments: [Transposed.neither, .first],
    [(1, 1, 1), (3, 5, 7), (8, 16, 2), (17, 33, 20), (72, 64, 88), (259, 50, 31), (10, 100, 515)])
  func reducedProductIsThatOfRoundedOperands(transposing: Transposed, size: (Int, Int, Int)) {
    let (m, n, k) = size
    let isRounded = vm_kernels_best().pointee.level == VM_AVX512_BF16
    func rounded(_ x: Float) -> Double {
      if !isRounded { return Double(x) }
      let bits = x.bitPattern
      return Double(Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000))
    }
    let a = transposing == .first ? random(k, m, seed: 1) : random(m, k, seed: 1)
    let whole = random(k, n + 3, seed: 2)
    let b = whole.columns(2..<n + 2)
    for beta: Float in [0, 1] {
      let target = random(m, n + 3, seed: 3)
      let before = target.values
      multiply(
        a, b, transposing: transposing, into: target.columns(1..<n + 1), beta: beta, precision: .reduced)
      var worst = 0.0
      for i in 0..<m {
        for j in 0..<n {
          var sum = Double(beta) * Double(before[i * (n + 3) + j + 1])
          for l in 0..<k { sum += rounded(transposing == .first ? a[l, i] : a[i, l]) * rounded(b[l, j]) }
          worst = max(worst, abs(Double(target[i, j + 1]) - sum))
        }
        #expect(target[i, 0] == before[i * (n + 3)] && target[i, n + 2] == before[i * (n + 3) + n + 2])
      }
      // Sums of 515 products are rounded in another order by each set of instructions: 2.1e-5 with AVX2.
      #expect(worst < 4e-5)
    }
  }

  @Test func normalNumbersHaveUnitVariance() {
    var source = RandomSource(seed: 4)
    let x = (0..<4000).map { _ in Double(source.normal()) }
    let mean = x.reduce(0, +) / 4000
    let variance = x.reduce(0) { $0 + $1 * $1 } / 4000
    #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.1)
  }
}
