import Kernels
import Representations

/// DE: the Dirichlet energy of a signal along one axis, on a graph that is known beforehand and stays as it is.
///
/// E = 1/2 sum_ij A_ij ||x_i - x_j||^2 over pairs of slices, with A_ij the cosine similarity of slices i and j of what
/// was observed, zero where it was not, and zero diagonal: the fixed Laplacian that Li et al., CVPR 2023, arXiv
/// 2303.15484, compare with. Opposite slices, which samples below zero may give, count as not alike: with A_ij < 0 the
/// energy would have no minimum. So do slices without any observation.
///
/// Each group of planes has its own A on rows and columns; on time, whose frames they share, they have one.
///
/// - Complexity: O(n) for each sample; memory of n^2 for each group.
public final class FixedDirichletEnergy: SignalRegularizer {
  public let axis: Axis
  private let positions: AxisPositions
  /// Of each group, (n, n).
  private let similarities: [Matrix]
  private let energies: [PairEnergy]

  /// - Parameters:
  ///   - observed: on all samples of the grid.
  ///   - known: on the same, 1 where a sample was observed, and 0 where it was not.
  public init(observed: Signal, known: Signal, axis: Axis) {
    let grid = observed.grid
    precondition(known.grid == grid, "what is known must be said of the same grid")
    precondition(
      observed.lattice == Lattice(of: grid) && known.lattice == observed.lattice,
      "similarities need all samples")
    self.axis = axis
    positions = AxisPositions(of: grid, along: axis)
    energies = grid.groups.map { _ in PairEnergy() }
    let filled = Signal(grid: grid)
    for (plane, target) in filled.planes.enumerated() {
      // Not a product, so that what is missing may be anything, even not a number.
      for i in 0..<target.count where known.planes[plane][i] > 0 {
        target[i] = observed.planes[plane][i]
      }
    }
    let products = grid.groups.indices.map { Self.innerProducts(of: filled, along: axis, group: $0) }
    if axis == .time, let first = products.first {
      for other in products.dropFirst() { VectorMath.add(other, to: first) }
      similarities = Array(repeating: Self.cosines(of: first), count: products.count)
    } else {
      similarities = products.map { Self.cosines(of: $0) }
    }
  }

  /// A, (n, n), of the group with the most positions.
  public var similarity: Matrix { similarities[positions.finest] }

  /// How many independent slices A tells apart, by the entropy of its singular values.
  public func effectiveRank() -> Double { Regularizers.effectiveRank(ofSymmetric: similarity) }

  public func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double {
    var value = 0.0
    for (group, scale) in signal.pairGroups(along: axis) {
      let chosen = positions.indices(group: group, in: signal.lattice)
      let a = similarities[group]
      value += energies[group].addGradient(
        of: signal, along: axis, group: group,
        weights: .dense(chosen.count == a.rows ? a : a.submatrix(chosen)), scale: Double(weight) * scale,
        to: gradient, weightGradient: nil, threads: threads)
    }
    return value
  }

  /// X X^T of the unfolding, (n, n).
  private static func innerProducts(of signal: Signal, along axis: Axis, group: Int) -> Matrix {
    let n = AxisPositions(of: signal.grid, along: axis).ranges[group].count
    let result = Matrix(rows: n, columns: n)
    let unfolding = Unfolding(signal, along: axis, group: group)
    for block in unfolding.blocks {
      let x = Matrix(rows: n, columns: block.range.count)
      let transposed = Matrix(rows: block.range.count, columns: n)
      unfolding.copy(block, of: signal, into: x)
      transpose(x, into: transposed)
      multiply(x, transposed, into: result, beta: 1)
    }
    return result
  }

  private static func cosines(of products: Matrix) -> Matrix {
    let n = products.rows
    let norms = (0..<n).map { products[$0, $0].squareRoot() }
    let result = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<i where norms[i] > 0 && norms[j] > 0 {
        result[i, j] = max(0, products[i, j] / norms[i] / norms[j])
        result[j, i] = result[i, j]
      }
    }
    return result
  }
}
