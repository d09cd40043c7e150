import Kernels
import Representations
import Testing

@testable import Regularizers

struct EffectiveRankTests {
  @Test func allDifferentAndAllAlike() {
    let n = 7
    let (identity, alike, wide) = (
      Matrix(rows: n, columns: n), Matrix(rows: n, columns: n), Matrix(rows: n, columns: 2 * n)
    )
    alike.fill(0.3)
    for i in 0..<n {
      identity[i, i] = 2
      wide[i, 2 * i] = 0.5
    }
    #expect(abs(effectiveRank(ofSymmetric: identity) - 7) < 1e-5)
    #expect(abs(effectiveRank(ofProduct: identity) - 7) < 1e-5)
    #expect(abs(effectiveRank(ofProduct: wide) - 7) < 1e-5)
    #expect(abs(effectiveRank(ofSymmetric: alike) - 1) < 1e-5)
    #expect(abs(effectiveRank(ofProduct: alike) - 1) < 1e-5)
    #expect(effectiveRank(ofSymmetric: Matrix(rows: 3, columns: 3)) == 0)
  }

  /// Two blocks of slices that are alike, and nothing between them.
  @Test func twoBlocks() {
    let g = Matrix(rows: 6, columns: 3)
    for i in 0..<6 { g[i, i < 3 ? 0 : 2] = 1 }
    #expect(abs(effectiveRank(ofProduct: g) - 2) < 1e-5)
  }

  @Test func signsOfEigenvaluesDoNotMatter() {
    let swap = Matrix(rows: 2, columns: 2, values: [0, 1, 1, 0])
    #expect(abs(effectiveRank(ofSymmetric: swap) - 2) < 1e-5)
  }

  @Test(arguments: Axis.allCases) func learnedSimilaritiesHaveOne(axis: Axis) {
    let network = INRR.SignalForm(grid: Grids.subsampled, axis: axis, seed: 1)
    #expect(network.similarity.rows == [6, 8, 5][axis.rawValue])
    #expect((1...Double(network.similarity.rows)).contains(network.effectiveRank()))
    let free = AIR(grid: Grids.subsampled, axis: axis, seed: 1)
    #expect((1...Double(free.similarity.rows)).contains(free.effectiveRank()))
  }
}
