import Kernels
import Representations

/// AIR: the Dirichlet energy of a signal along one axis, on a graph whose every edge is learned with it.
///
/// E = 1/2 sum_ij A_ij ||x_i - x_j||^2 over pairs of slices, with A = (S + S^T) / 2 off the diagonal and S the softmin of
/// the rows of a free matrix W (n, n), which sum to 1 (Li et al., "Adaptive and implicit regularization for matrix
/// completion", arXiv 2208.05640). The Laplacian is diag(A 1) - A.
///
/// Planes with fewer positions than the finest, such as those of subsampled chroma, have energies of their own, with A
/// between the finest group's positions that are nearest to theirs; the energies are added.
///
/// - Complexity: O(n) for each sample of the lattice, and O(n^2).
public final class AIR: SignalRegularizer, LearnedGraph {
  public let axis: Axis
  public var optimizer: Adam? { adam }
  /// Rate of the matrix' own Adam.
  public let rate: Float

  /// W.
  let parameters: Parameters
  private let adam: Adam
  private let positions: AxisPositions
  /// For each group the position of the finest that each of its own stands for.
  private let nearest: [[Int]]
  private let energies: [PairEnergy]
  /// All (n, n): W and its gradient, scratch, the softmin S, no prior, and A.
  private let weights, weightGradient, scratch, softmin, prior, a: Matrix

  /// - Parameter grid: of the signals; at least two positions along the axis.
  public init(grid: SignalGrid, axis: Axis, rate: Float = 1e-3, seed: UInt64) {
    self.axis = axis
    self.rate = rate
    let positions = AxisPositions(of: grid, along: axis)
    let n = positions.count
    precondition(n > 1, "an axis needs two positions to compare")
    self.positions = positions
    nearest = grid.groups.indices.map { positions.nearest(group: $0) }
    energies = grid.groups.map { _ in PairEnergy() }
    parameters = Parameters(count: n * n)
    weights = parameters.values.reshaped(rows: n, columns: n)
    weightGradient = parameters.gradients.reshaped(rows: n, columns: n)
    scratch = Matrix(rows: n, columns: n)
    softmin = Matrix(rows: n, columns: n)
    prior = Matrix(rows: n, columns: n)
    a = Matrix(rows: n, columns: n)
    adam = Adam(parameters, beta2: 0.999)
    var random = RandomSource(seed: seed)
    // As PyTorch draws the weights of a linear layer, which W was in the paper's code.
    weights.fillUniform(bound: 1 / Float(n).squareRoot(), from: &random)
  }

  /// A of the current parameters, (n, n), at the positions of the finest group.
  public var similarity: Matrix {
    evaluate()
    let result = Matrix(rows: a.rows, columns: a.columns)
    result.copy(from: a)
    return result
  }

  /// How many independent slices A tells apart, by the entropy of its singular values.
  public func effectiveRank() -> Double { Regularizers.effectiveRank(ofSymmetric: similarity) }

  public func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double {
    evaluate()
    weightGradient.fill(0)
    var value = 0.0
    for (group, scale) in signal.pairGroups(along: axis) {
      let chosen = positions.indices(group: group, in: signal.lattice).map { nearest[group][$0] }
      let part = a.submatrix(chosen)
      let partGradient = Matrix(rows: part.rows, columns: part.columns)
      value += energies[group].addGradient(
        of: signal, along: axis, group: group, weights: .dense(part), scale: Double(weight) * scale,
        to: gradient, weightGradient: partGradient, threads: threads)
      for (i, row) in chosen.enumerated() {
        for (j, column) in chosen.enumerated() { weightGradient[row, column] += partGradient[i, j] }
      }
    }
    // The gradient of A is symmetric, so it is that of S; nothing depends on the diagonal.
    for i in 0..<a.rows { weightGradient[i, i] = 0 }
    VectorMath.softmaxBackward(softmin, gradient: weightGradient, into: scratch)
    weightGradient.fill(0)
    VectorMath.add(scratch, times: -1, to: weightGradient)
    return value
  }

  public func descend() { adam.step(rate: rate) }

  private func evaluate() {
    scratch.fill(0)
    VectorMath.add(weights, times: -1, to: scratch)
    VectorMath.softmax(scratch, prior: prior, into: softmin)
    transpose(softmin, into: scratch)
    VectorMath.add(softmin, to: scratch)
    a.fill(0)
    VectorMath.add(scratch, times: 0.5, to: a)
    for i in 0..<a.rows { a[i, i] = 0 }
  }
}

extension Matrix {
  /// The elements at the crossings of some rows and the columns of the same numbers, as a copy.
  func submatrix(_ chosen: [Int]) -> Matrix {
    let result = Matrix(rows: chosen.count, columns: chosen.count)
    for (i, row) in chosen.enumerated() {
      for (j, column) in chosen.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }
}
