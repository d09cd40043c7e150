import Kernels
import Representations

extension INRR {
  /// INRR from the signal of any representation: see `INRR` for the equation.
  ///
  /// Planes of other positions, such as those of subsampled chroma, have slices and energies of their own, with G from
  /// the same network at their positions; the energies are added. A group of planes is normalised by the mean row sum
  /// over all its positions, on a lattice or not. The weight multiplies the energy per sample.
  ///
  /// - Complexity: O(centres) for each sample, and the network at each position of the lattice.
  public final class SignalForm: SignalRegularizer, LearnedGraph {
    public let axis: Axis
    public var optimizer: Adam? { graph.adam }

    private let graph: Graph
    private var network: TinyINR { graph.network }
    private let positions: AxisPositions
    /// One for each group.
    private let energies: [PairEnergy]

    /// - Parameter grid: of the signals; at least two positions along the axis.
    public init(grid: SignalGrid, axis: Axis, options: Options = .paper, seed: UInt64) {
      self.axis = axis
      positions = AxisPositions(of: grid, along: axis)
      graph = Graph(
        positions: positions.coordinates, finest: positions.count, options: options, seed: seed)
      energies = grid.groups.map { _ in PairEnergy() }
    }

    /// G of the current parameters, (positions, centres), at all positions of the finest group.
    public var similarity: Matrix {
      network.forward(at: Array(positions.ranges[positions.finest]))
      let result = Matrix(rows: network.output.rows, columns: network.output.columns)
      result.copy(from: network.output)
      return result
    }

    /// How many independent slices the similarity A = G G^T tells apart, by the entropy of its eigenvalues.
    public func effectiveRank() -> Double { Regularizers.effectiveRank(ofProduct: similarity) }

    public func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double {
      let groups = signal.pairGroups(along: axis)
      let rows = evaluate(groups.map(\.group), on: signal.lattice)
      network.outputGradient.fill(0)
      var value = 0.0
      for (part, rows) in zip(groups, rows) {
        let g = gather(rows)
        let gGradient = Matrix(rows: g.rows, columns: g.columns)
        let scale = Double(weight) * part.scale / meanRowSum(ofGroup: part.group)
        value += energies[part.group].addGradient(
          of: signal, along: axis, group: part.group, weights: .product(g), scale: scale, to: gradient,
          weightGradient: gGradient, threads: threads)
        for (i, row) in rows.enumerated() {
          VectorMath.add(gGradient.rows(i..<i + 1), to: network.outputGradient.rows(row..<row + 1))
        }
      }
      network.backward()
      return value
    }

    public func descend() { graph.descend() }

    /// Evaluates the network where it is needed, and says for each of some groups which rows of its output belong to the
    /// group's positions on a lattice.
    private func evaluate(_ groups: [Int], on lattice: Lattice) -> [[Int]] {
      let places = groups.map { group in
        positions.indices(group: group, in: lattice).map { positions.ranges[group].lowerBound + $0 }
      }
      if graph.options.normalised {
        // The row sums are those of all positions.
        network.forward()
        return places
      }
      var chosen: [Int] = []
      var rows = Array(repeating: -1, count: positions.coordinates.count)
      for place in places.joined() where rows[place] < 0 {
        rows[place] = chosen.count
        chosen.append(place)
      }
      network.forward(at: chosen)
      return places.map { $0.map { rows[$0] } }
    }

    /// Rows of the network's output as a matrix: a part of it where they follow one another.
    private func gather(_ rows: [Int]) -> Matrix {
      let output = network.output
      if let first = rows.first, rows == Array(first..<first + rows.count) {
        return output.rows(first..<first + rows.count)
      }
      let result = Matrix(rows: rows.count, columns: output.columns)
      for (i, row) in rows.enumerated() { result.rows(i..<i + 1).copy(from: output.rows(row..<row + 1)) }
      return result
    }

    /// Mean off-diagonal row sum of A over all positions of a group, all of which were evaluated; 1 if A is taken as it is.
    private func meanRowSum(ofGroup group: Int) -> Double {
      if !graph.options.normalised { return 1 }
      let g = network.output.rows(positions.ranges[group])
      let sums = Matrix(rows: 1, columns: g.columns)
      VectorMath.addColumnSums(g, to: sums)
      return Graph.meanRowSum(of: g, total: VectorMath.dot(sums, sums)) + Graph.smallestRowSum
    }
  }
}
