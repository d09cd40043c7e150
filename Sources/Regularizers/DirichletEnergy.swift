import Kernels
import Representations

/// INRR: the Dirichlet energy of a signal along one axis, on a graph that is learned with it.
///
/// E = 1/2 sum_ij A_ij ||x_i - x_j||^2 over pairs of slices, A = G G^T, with G from a tiny implicit network of the
/// position (Li et al., CVPR 2023, arXiv 2303.15484), divided by the mean off-diagonal row sum of A, through which no
/// gradient flows, unless asked not to. With the signal's factor U along the axis, centred, and the Gram matrix K of
/// the rest:
///
///     E = sum_i s_i u_i^T K u_i - tr(P^T P K),  s = G G^T 1,  P = G^T U
///
/// - Complexity: O(n r (n + r)) for n positions and rank r, and the Gram matrix; never of the signal's size.
public final class DirichletEnergy: FactorRegularizer {
  public let axis: Axis
  public var optimizer: Adam? { adam }
  /// Rate of the network's own Adam.
  public let rate: Float

  /// Mean off-diagonal row sum of A in the last step, by which it was divided; 1 where it was not.
  private(set) var meanRowSum: Float = 1

  /// Of the tiny network.
  var parameters: Parameters { network.parameters }
  private let adam: Adam
  private let model: any FactorisedRepresentation
  private let network: TinyINR
  private let normalised: Bool
  /// (n, rank): the centred factor, that times K, and scratch.
  private let centred, pulled, scratch: Matrix
  /// (centres, rank): P, and P K.
  private let projected, projectedPulled: Matrix
  private let gramGradient: Matrix
  /// (n, 1): s and q; (1, centres): column sums of G, and q^T G.
  private let sums, energies, columnSums, energySums, ones, mean: Matrix

  /// - Parameters:
  ///   - centres: columns of G; nil for one a position, up to 256.
  ///   - width: of the tiny network's hidden layers.
  ///   - beta2: decay of the second moments of the tiny network's Adam.
  ///   - prior: whether neighbours are alike at the start; the paper has none.
  ///   - normalised: whether A is divided by its mean off-diagonal row sum; the paper does not.
  public init(
    model: any FactorisedRepresentation, axis: Axis, centres: Int? = nil, width: Int = 32,
    rate: Float = 1e-2, beta2: Float = 0.99, prior: Bool = true, normalised: Bool = true, seed: UInt64
  ) {
    self.model = model
    self.axis = axis
    self.rate = rate
    self.normalised = normalised
    let factor = model.factor(along: axis)
    let (n, rank) = (factor.rows, factor.columns)
    let r = centres ?? min(n, 256)
    network = TinyINR(positions: n, centres: r, width: width, prior: prior, seed: seed)
    adam = Adam(network.parameters, beta2: beta2)
    centred = Matrix(rows: n, columns: rank)
    pulled = Matrix(rows: n, columns: rank)
    scratch = Matrix(rows: n, columns: rank)
    projected = Matrix(rows: r, columns: rank)
    projectedPulled = Matrix(rows: r, columns: rank)
    gramGradient = Matrix(rows: rank, columns: rank)
    sums = Matrix(rows: n, columns: 1)
    energies = Matrix(rows: n, columns: 1)
    columnSums = Matrix(rows: 1, columns: r)
    energySums = Matrix(rows: 1, columns: r)
    mean = Matrix(rows: 1, columns: rank)
    ones = Matrix(rows: n, columns: 1)
    ones.fill(1)
  }

  /// The learned similarity G, (positions, centres), of the last step.
  public var similarity: Matrix { network.output }

  /// How many independent slices the similarity A of the last step tells apart, by the entropy of its eigenvalues.
  public func effectiveRank() -> Double { Regularizers.effectiveRank(ofProduct: similarity) }

  public func accumulate(weight: Float, threads: Int) -> Double {
    let factor = model.factor(along: axis)
    let n = factor.rows
    network.forward()
    let g = network.output
    let gram = model.gram(along: axis, threads: threads)
    centre(factor)

    // G and its sums
    columnSums.fill(0)
    VectorMath.addColumnSums(g, to: columnSums)
    multiply(g, columnSums, transposing: .second, into: sums)
    if normalised {
      let diagonal = VectorMath.dot(g, g)
      let total = VectorMath.dot(sums, ones)
      meanRowSum = Float((total - diagonal) / Double(n)) + 1e-8
    }
    let scale = weight / meanRowSum

    multiply(g, centred, transposing: .first, into: projected)
    multiply(centred, gram, into: pulled)
    multiply(projected, gram, into: projectedPulled)
    for i in 0..<n {
      energies[i, 0] = Float(VectorMath.dot(pulled.rows(i..<i + 1), centred.rows(i..<i + 1)))
    }
    let value = VectorMath.dot(sums, energies) - VectorMath.dot(projectedPulled, projected)

    // To the factor: 2 (diag(s) U - G P) K
    for i in 0..<n {
      let row = scratch.rows(i..<i + 1)
      row.fill(0)
      VectorMath.add(centred.rows(i..<i + 1), times: sums[i, 0], to: row)
    }
    // To K: U^T diag(s) U - P^T P
    multiply(centred, scratch, transposing: .first, into: gramGradient, alpha: scale)
    multiply(projected, projected, transposing: .first, into: gramGradient, alpha: -scale, beta: 1)
    multiply(g, projected, into: scratch, alpha: -1, beta: 1)
    multiply(scratch, gram, into: model.factorGradient(along: axis), alpha: 2 * scale, beta: 1)
    model.addGramGradient(gramGradient, along: axis, threads: threads)

    // To G: q (1^T G) + 1 (q^T G) - 2 (U K) P^T
    let dg = network.outputGradient
    multiply(energies, g, transposing: .first, into: energySums)
    multiply(energies, columnSums, into: dg, alpha: scale)
    multiply(ones, energySums, into: dg, alpha: scale, beta: 1)
    multiply(pulled, projected, transposing: .second, into: dg, alpha: -2 * scale, beta: 1)
    network.backward()
    return Double(scale) * value
  }

  public func descend() { adam.step(rate: rate) }

  /// The energy does not see the mean over the axis; without it no digits are lost to it.
  private func centre(_ factor: Matrix) {
    mean.fill(0)
    VectorMath.addColumnSums(factor, to: mean)
    for i in 0..<factor.rows {
      let row = centred.rows(i..<i + 1)
      row.copy(from: factor.rows(i..<i + 1))
      VectorMath.add(mean, times: -1 / Float(factor.rows), to: row)
    }
  }
}
