import Kernels
import Representations

extension INRR {
  /// INRR from the factors of a representation: see `INRR` for the equation and the algebra.
  ///
  /// The weight multiplies the energy as it is.
  ///
  /// - Complexity: O(n r (n + r)) for n positions and rank r, and the Gram matrix; never of the signal's size.
  public final class FactorForm: FactorRegularizer {
    public let axis: Axis
    public var optimizer: Adam? { graph.adam }

    /// Mean off-diagonal row sum of A in the last step, by which it was divided; 1 where it was not.
    private(set) var meanRowSum: Float = 1

    private let model: any FactorisedRepresentation
    private let graph: Graph
    /// (n, rank): the centred factor, that times K, and scratch.
    private let centred, pulled, scratch: Matrix
    /// (centres, rank): P, and P K.
    private let projected, projectedPulled: Matrix
    private let gramGradient: Matrix
    /// (n, 1): s and q; (1, centres): column sums of G, and q^T G.
    private let sums, energies, columnSums, energySums, ones, mean: Matrix

    /// With positions that are evenly spaced, at least 2.
    public init(
      model: any FactorisedRepresentation, axis: Axis, options: Options = .local, seed: UInt64
    ) {
      self.model = model
      self.axis = axis
      let factor = model.factor(along: axis)
      let (n, rank) = (factor.rows, factor.columns)
      graph = Graph(positions: TinyINR.evenPositions(n), finest: n, options: options, seed: seed)
      let r = graph.network.output.columns
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

    /// G of the last step, (positions, centres).
    public var similarity: Matrix { graph.network.output }

    public func accumulate(weight: Float, threads: Int) -> Double {
      let factor = model.factor(along: axis)
      let n = factor.rows
      graph.network.forward()
      let g = graph.network.output
      let gram = model.gram(along: axis, threads: threads)
      centre(factor)

      // G and its sums
      columnSums.fill(0)
      VectorMath.addColumnSums(g, to: columnSums)
      multiply(g, columnSums, transposing: .second, into: sums)
      if graph.options.normalised {
        meanRowSum =
          Float(Graph.meanRowSum(of: g, total: VectorMath.dot(sums, ones))) + Float(Graph.smallestRowSum)
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
      let dg = graph.network.outputGradient
      multiply(energies, g, transposing: .first, into: energySums)
      multiply(energies, columnSums, into: dg, alpha: scale)
      multiply(ones, energySums, into: dg, alpha: scale, beta: 1)
      multiply(pulled, projected, transposing: .second, into: dg, alpha: -2 * scale, beta: 1)
      graph.network.backward()
      return Double(scale) * value
    }

    public func descend() { graph.descend() }

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
}
