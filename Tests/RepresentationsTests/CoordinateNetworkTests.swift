import Foundation
import Kernels
import Testing

@testable import Representations

private let kinds: [NetworkConfiguration.Kind] = [
  .sine(first: 6, hidden: 1), .sine(first: 3, hidden: 4), .fourier(features: 7, deviation: 0.5),
]

private func network(
  _ grid: SignalGrid, _ kind: NetworkConfiguration.Kind = .sine(first: 6, hidden: 1), width: Int = 9,
  layers: Int = 3, hasSigmoid: Bool = true
) -> CoordinateNetwork {
  CoordinateNetwork(
    grid: grid,
    configuration: NetworkConfiguration(kind: kind, width: width, layers: layers, hasSigmoid: hasSigmoid),
    seed: 4)
}

/// The network of the equations with given parameters, at one point, in double precision.
private func plain(_ network: CoordinateNetwork, _ parameters: [Double], at point: [Float]) -> [Double] {
  let parts = NetworkLayers(
    network.configuration, coordinates: network.coordinates, outputs: network.outputs, seed: 4)
  var h = point.map(Double.init)
  if let frequencies = parts.frequencies {
    let angles = (0..<frequencies.columns).map { j in
      (0..<frequencies.rows).reduce(0.0) { $0 + h[$1] * Double(frequencies[$1, j]) }
    }
    h = angles.map { sin($0) } + angles.map { cos($0) }
  }
  for (i, layer) in parts.layers.enumerated() {
    let (weights, biases) = (layer.weightSlot.start, layer.biasSlot.start)
    let columns = layer.weight.columns
    let z = (0..<columns).map { j in
      (0..<layer.weight.rows).reduce(parameters[biases + j]) {
        $0 + h[$1] * parameters[weights + $1 * columns + j]
      }
    }
    if i == parts.layers.count - 1 {
      h = network.configuration.hasSigmoid ? z.map { 1 / (1 + exp(-$0)) } : z
    } else if parts.frequencies == nil {
      h = z.map { sin(Double(layer.frequency) * $0) }
    } else {
      h = z.map { max($0, 0) }
    }
  }
  return h
}

@Suite("Coordinate network") struct CoordinateNetworkTests {
  @Test("is the network of the equations at every sample", arguments: kinds, FactorisationGrid.allCases)
  func evaluation(kind: NetworkConfiguration.Kind, grid: FactorisationGrid) {
    let grid = grid.grid
    let network = network(grid, kind)
    let signal = Signal(grid: grid)
    let parameters = network.parameters.values.values.map(Double.init)
    network.evaluate(into: signal, threads: 2)
    for (p, group) in grid.groupOfPlane.enumerated() {
      for frame in [0, grid.frames - 1] {
        for (y, row) in grid.groups[group].rows.enumerated() where y % 3 == 0 {
          for (x, column) in grid.groups[group].columns.enumerated() where x % 4 == 1 {
            var point = [
              SignalGrid.coordinate(row, extent: grid.height),
              SignalGrid.coordinate(column, extent: grid.width),
            ]
            if grid.frames > 1 { point.append(SignalGrid.coordinate(Float(frame), extent: grid.frames)) }
            let value = signal.frame(frame, ofPlane: p)[y, x]
            #expect(abs(Double(value) - plain(network, parameters, at: point)[p]) < 2e-6)
          }
        }
      }
    }
  }

  @Test("has the gradient of its difference quotients", arguments: kinds, FactorisationGrid.allCases)
  func gradient(kind: NetworkConfiguration.Kind, grid: FactorisationGrid) {
    let grid = grid.grid
    let network = network(grid, kind)
    let weights = functional(on: grid)
    // Rectifiers without biases can all be at their kinks.
    var random = RandomSource(seed: 12)
    let parameters = network.parameters.values
    for i in 0..<parameters.count { parameters[0, i] += 0.1 * random.normal() }
    network.evaluate(into: Signal(grid: grid), threads: 1)
    network.differentiate(weights, threads: 1)
    let gradient = network.parameters.gradients.values
    // In double precision, where steps are too small to cross the kinks of rectifiers.
    let start = network.parameters.values.values.map(Double.init)
    let points = grid.groups.indices.map { network.points(of: Lattice(of: grid), group: $0) }
    func value(_ parameters: [Double]) -> Double {
      var sum = 0.0
      for (group, points) in points.enumerated() {
        for i in 0..<points.rows {
          let output = plain(network, parameters, at: points.rows(i..<i + 1).values)
          for p in grid.planes where grid.groupOfPlane[p] == group {
            sum += output[p] * Double(weights.planes[p].base[i])
          }
        }
      }
      return sum
    }
    for _ in 0..<2 {
      let direction = start.map { _ in Double(random.normal()) }
      func shifted(_ step: Double) -> Double { value(zip(start, direction).map { $0 + step * $1 }) }
      let quotient = (shifted(1e-6) - shifted(-1e-6)) / 2e-6
      let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      #expect(abs(quotient - slope) < 1e-4 * max(abs(slope), 1))
    }
  }

  @Test("on points agrees with the signal, and so do the gradients") func points() {
    let grid = FactorisationGrid.subsampled.grid
    let network = network(grid)
    let signal = Signal(grid: grid)
    let weights = functional(on: grid)
    network.evaluate(into: signal, threads: 1)
    network.differentiate(weights, threads: 1)
    let expected = network.parameters.gradients.values
    for group in grid.groups.indices {
      let points = network.points(of: Lattice(of: grid), group: group)
      let planes = grid.planes.filter { grid.groupOfPlane[$0] == group }
      network.addGradient(points: points, threads: 3) { range, values, gradient in
        gradient.fill(0)
        for (i, point) in range.enumerated() {
          for p in planes {
            #expect(values[i, p] == signal.planes[p].base[point])
            gradient[i, p] = weights.planes[p].base[point]
          }
        }
      }
    }
    network.gatherGradient(threads: 2)
    for (a, b) in zip(network.parameters.gradients.values, expected) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("on a lattice is part of the whole signal") func lattice() {
    let grid = FactorisationGrid.subsampled.grid
    let network = network(grid)
    let whole = Signal(grid: grid)
    network.evaluate(into: whole, threads: 1)
    var random = RandomSource(seed: 3)
    for _ in 0..<3 {
      let lattice = Lattice(randomIn: grid, frames: 3, rows: 4, columns: 6, from: &random)
      let part = Signal(grid: grid, lattice: lattice)
      network.evaluate(into: part, threads: 2)
      for (p, group) in grid.groupOfPlane.enumerated() {
        for (t, frame) in lattice.frames.enumerated() {
          for (y, row) in lattice.groups[group].rows.enumerated() {
            for (x, column) in lattice.groups[group].columns.enumerated() {
              #expect(part.frame(t, ofPlane: p)[y, x] == whole.frame(frame, ofPlane: p)[row, column])
            }
          }
        }
      }
    }
  }

  @Test("gives the same for any number of threads") func threads() {
    let grid = SignalGrid(frames: 2, height: 37, width: 41, planes: 3)
    func gradients(_ threads: Int) -> [Float] {
      let network = network(grid, width: 32)
      network.evaluate(into: Signal(grid: grid), threads: threads)
      network.differentiate(functional(on: grid), threads: threads)
      return network.parameters.gradients.values
    }
    #expect(gradients(1) == gradients(4))
  }

  @Test("starts as SIREN does") func start() {
    let grid = SignalGrid(frames: 1, height: 64, width: 64, planes: 1)
    let network = network(grid, .sine(first: 30, hidden: 1), width: 256, layers: 5)
    let range = network.weightRanges
    let values = network.parameters.values.values
    func largest(_ range: Range<Int>) -> Float { values[range].map(abs).max() ?? 0 }
    #expect(largest(range[0]) <= 0.5 && largest(range[0]) > 0.495)
    let bound = (6 / Float(256)).squareRoot()
    for layer in range.dropFirst() { #expect(largest(layer) <= bound && largest(layer) > 0.98 * bound) }
    #expect(range.map(\.count) == [512, 65536, 65536, 65536, 65536, 256])
  }
}
