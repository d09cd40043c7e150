import Foundation
import Kernels
import Representations
import Testing

@testable import Regularizers

/// Values against the definitions, in double precision and pair by pair.
struct PenaltyValueTests {
  private func compare(_ penalty: any SignalRegularizer, _ grid: SignalGrid, _ twin: (Signal) -> Double) {
    for lattice in [nil, halfLattice(grid, seed: 8), halfLattice(grid, seed: 9)] {
      let signal = randomSignal(grid, lattice: lattice, seed: 3)
      let (value, expected) = (evaluate(penalty, signal).0, twin(signal))
      #expect(expected > 0 || lattice != nil)
      #expect(abs(value - expected) <= 1e-6 * abs(expected), "\(value) against \(expected)")
    }
  }

  @Test(arguments: Axis.allCases, Grids.all) func learnedByANetwork(axis: Axis, grid: SignalGrid) {
    for (prior, normalised) in [(false, false), (true, false), (false, true), (true, true)] {
      let options = INRR.Options(
        centres: 5, width: 8, rate: 1e-4, beta2: 0.999, prior: prior, normalised: normalised)
      let energy = INRR.SignalForm(grid: grid, axis: axis, options: options, seed: 1)
      let similarities = grid.groups.map { group in
        let places: [Float] =
          switch axis {
          case .row: group.rows.map { 2 * $0 / Float(grid.height - 1) - 1 }
          case .column: group.columns.map { 2 * $0 / Float(grid.width - 1) - 1 }
          case .time: (0..<grid.frames).map { 2 * Float($0) / Float(grid.frames - 1) - 1 }
          }
        let network = TinyINR(positions: places, centres: 5, width: 8, prior: prior, seed: 1)
        network.forward()
        let g = network.output
        var a = (0..<g.rows).map { i in
          (0..<g.rows).map { j in
            (0..<g.columns).reduce(0) { $0 + Double(g[i, $1]) * Double(g[j, $1]) }
          }
        }
        for i in a.indices { a[i][i] = 0 }
        let mean = a.joined().reduce(0, +) / Double(a.count)
        return normalised ? a.map { $0.map { $0 / mean } } : a
      }
      compare(energy, grid) { pairEnergy(of: $0, along: axis) { similarities[$0][$1][$2] } }
    }
  }

  @Test(arguments: Axis.allCases, Grids.all) func learnedFreely(axis: Axis, grid: SignalGrid) {
    let energy = AIR(grid: grid, axis: axis, seed: 1)
    let n = energy.similarity.rows
    let w = energy.parameters.values.values.map { Double($0) }
    let softmin = (0..<n).map { i in
      let powers = (0..<n).map { exp(-w[i * n + $0]) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    // Rows and columns of half the resolution lie in the middle between two of full resolution; the first is taken.
    let step = (0..<grid.groups.count).map { grid.groups.count == 2 && $0 == 0 && axis != .time ? 2 : 1 }
    compare(energy, grid) {
      pairEnergy(of: $0, along: axis) { group, i, j in
        let (i, j) = (i * step[group], j * step[group])
        return (softmin[i][j] + softmin[j][i]) / 2
      }
    }
    for i in 0..<n {
      #expect(energy.similarity[i, i] == 0)
      for j in 0..<n where j != i {
        #expect(abs(Double(energy.similarity[i, j]) - (softmin[i][j] + softmin[j][i]) / 2) < 1e-6)
      }
    }
  }

  @Test(arguments: Axis.allCases, Grids.all) func knownBeforehand(axis: Axis, grid: SignalGrid) {
    let (observed, known) = observation(on: grid)
    let energy = FixedDirichletEnergy(observed: observed, known: known, axis: axis)
    let filled = Signal(grid: grid)
    for (plane, target) in filled.planes.enumerated() {
      for i in 0..<target.count where known.planes[plane].base[i] == 1 {
        target.base[i] = observed.planes[plane].base[i]
      }
    }
    let d = axis.dimension
    func product(_ group: Int, _ i: Int, _ j: Int) -> Double {
      grid.groupOfPlane.enumerated().reduce(0) { total, item in
        if axis != .time && item.element != group { return total }
        return total
          + filled.sum(ofPlane: item.offset) { here, _ in
            if here[d] != i { return 0 }
            var other = here
            other[d] = j
            return filled.value(ofPlane: item.offset, at: here)
              * filled.value(ofPlane: item.offset, at: other)
          }
      }
    }
    // Plane 0 is of group 0, and plane 1 of group 1 where there are two.
    let cosines = grid.groups.indices.map { group in
      let n = axis == .time ? grid.frames : filled.sizes(ofPlane: group).inGrid[d]
      let products = (0..<n).map { i in (0..<n).map { product(group, i, $0) } }
      return (0..<n).map { i in
        (0..<n).map { j in
          let size = products[i][i] * products[j][j]
          return size > 0 ? max(0, products[i][j] / size.squareRoot()) : 0
        }
      }
    }
    compare(energy, grid) { pairEnergy(of: $0, along: axis) { cosines[$0][$1][$2] } }
    #expect(energy.similarity.values.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  /// Differences between neighbours: the sum over samples whose next ones on `dimensions` are there too.
  private func variation(_ signal: Signal, _ dimensions: [Int]) -> Double {
    signal.grid.planes.reduce(0) { total, plane in
      let group = signal.lattice.groups[signal.grid.groupOfPlane[plane]]
      let places = [signal.lattice.frames, group.rows, group.columns]
      let sum = signal.sum(ofPlane: plane) { here, inGrid in
        var corners: [([Int], Double)] = [(here, 1)]
        for d in dimensions {
          guard here[d] + 1 < places[d].count, places[d][here[d] + 1] == inGrid[d] + 1 else { return 0 }
          corners += corners.map { corner, sign in
            var next = corner
            next[d] += 1
            return (next, -sign)
          }
        }
        return abs(corners.reduce(0) { $0 + $1.1 * signal.value(ofPlane: plane, at: $1.0) })
      }
      return sum == 0 ? total : total + sum * signal.inverseProbability(ofPlane: plane, pairs: dimensions)
    }
  }

  @Test(arguments: Grids.all) func neighboursInFrames(grid: SignalGrid) {
    compare(TotalVariation(), grid) { variation($0, [1]) + variation($0, [2]) }
  }

  @Test(arguments: Grids.all) func neighboursInFramesAndTime(grid: SignalGrid) {
    compare(SpatioTemporalVariation(), grid) { variation($0, [0, 1]) + variation($0, [0, 2]) }
  }

  @Test func weightDecayIsTheSquareOfWeights() {
    let model = TuckerINR(
      grid: Grids.plain,
      configuration: TuckerConfiguration(
        ranks: .init(row: 3, column: 4, time: 2), frequencies: .init(row: 4, column: 5, time: 2), width: 8),
      seed: 1)
    let parameters = model.parameters
    parameters.gradients.fill(1)
    let value = WeightDecay(representation: model).addGradient(weight: 0.5)
    let isWeight = (0..<parameters.count).map { i in model.weightRanges.contains { $0.contains(i) } }
    let x = parameters.values.values
    let expected = x.indices.reduce(0.0) { isWeight[$1] ? $0 + 0.5 * Double(x[$1]) * Double(x[$1]) : $0 }
    #expect(abs(value - expected) < 1e-6 * expected)
    #expect(isWeight.contains(false))
    for i in x.indices { #expect(abs(parameters.gradients[0, i] - (isWeight[i] ? 1 + x[i] : 1)) < 1e-6) }
  }
}
