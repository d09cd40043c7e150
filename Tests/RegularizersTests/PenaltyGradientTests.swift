import Kernels
import Regularizers
import Representations
import Testing

/// What holds for each penalty on signals.
struct PenaltyGradientTests {
  @Test(arguments: Penalty.all, Grids.all)
  func signalGradientMatchesDifferences(penalty: Penalty, grid: SignalGrid) {
    for lattice in [nil, halfLattice(grid, seed: 8)] {
      let regularizer = penalty.make(grid)
      let signal = randomSignal(grid, lattice: lattice, seed: 3)
      let gradient = evaluate(regularizer, signal).1
      for seed in 4..<7 as Range<UInt64> {
        // Energies are quadratic, and variations linear where no difference changes its sign: no small step needed.
        let direction = randomSignal(grid, lattice: lattice, seed: seed)
        signal.add(direction, times: 1 / 64)
        let after = evaluate(regularizer, signal).0
        signal.add(direction, times: -1 / 32)
        let before = evaluate(regularizer, signal).0
        signal.add(direction, times: 1 / 64)
        let (quotient, expected) = ((after - before) * 32, gradient.dot(direction))
        #expect(abs(quotient - expected) < 3e-4 * max(1, abs(expected)), "\(quotient) against \(expected)")
      }
    }
  }

  @Test(arguments: Penalty.unnormalised, Grids.all)
  func ownGradientMatchesDifferences(penalty: Penalty, grid: SignalGrid) {
    for lattice in [nil, halfLattice(grid, seed: 8)] {
      let regularizer = penalty.make(grid)
      guard let parameters = regularizer.optimizer?.parameters else { return }
      let signal = randomSignal(grid, lattice: lattice, seed: 3)
      _ = evaluate(regularizer, signal)
      let gradient = Matrix(rows: 1, columns: parameters.count, values: parameters.gradients.values)
      let start = Matrix(rows: 1, columns: parameters.count, values: parameters.values.values)
      let size = VectorMath.dot(gradient, gradient).squareRoot()
      for part in 0..<3 {
        let direction = Matrix(rows: 1, columns: parameters.count)
        var random = RandomSource(seed: 5)
        for i in 0..<direction.count where i * 3 / direction.count == part {
          direction[0, i] = random.uniform(bound: 1)
        }
        func value(at distance: Float) -> Double {
          parameters.values.copy(from: start)
          VectorMath.add(direction, times: distance, to: parameters.values)
          return evaluate(regularizer, signal).0
        }
        let quotient = (value(at: 2e-3) - value(at: -2e-3)) / 4e-3
        let expected = VectorMath.dot(gradient, direction)
        #expect(abs(quotient - expected) < 3e-3 * max(size, 0.1), "\(quotient) against \(expected)")
        parameters.values.copy(from: start)
      }
    }
  }

  @Test(arguments: Penalty.all) func threadsDoNotMatter(penalty: Penalty) {
    let signal = randomSignal(Grids.large, seed: 3)
    let (one, four) = (penalty.make(Grids.large), penalty.make(Grids.large))
    let (value, gradient) = evaluate(one, signal, threads: 1)
    let (otherValue, otherGradient) = evaluate(four, signal, threads: 4)
    #expect(value == otherValue && value > 0)
    for (a, b) in zip(gradient.planes, otherGradient.planes) { #expect(a.values == b.values) }
    #expect(one.optimizer?.parameters.gradients.values == four.optimizer?.parameters.gradients.values)
  }

  @Test(arguments: Penalty.all, Grids.all) func constantsCostNothing(penalty: Penalty, grid: SignalGrid) {
    let signal = Signal(grid: grid)
    signal.fill(0.7)
    let (value, gradient) = evaluate(penalty.make(grid), signal)
    #expect(abs(value) < 1e-9)
    for plane in gradient.planes { #expect(plane.values.allSatisfy { abs($0) < 1e-5 }) }
  }

  @Test(arguments: Penalty.all) func gradientsAreAdded(penalty: Penalty) {
    let signal = randomSignal(Grids.subsampled, seed: 3)
    let gradient = evaluate(penalty.make(Grids.subsampled), signal).1
    let twice = Signal(grid: Grids.subsampled)
    twice.add(gradient, times: -1)
    _ = penalty.make(Grids.subsampled).addGradient(
      of: signal, weight: Float(Grids.subsampled.sampleCount), to: twice, threads: 1)
    #expect(twice.dot(twice) < 1e-13 * gradient.dot(gradient))
  }

  @Test(arguments: Penalty.unnormalised) func descentLowersTheEnergy(penalty: Penalty) {
    let regularizer = penalty.make(Grids.plain)
    let signal = randomSignal(Grids.plain, seed: 3)
    let first = evaluate(regularizer, signal).0
    for _ in 0..<20 {
      _ = evaluate(regularizer, signal)
      regularizer.descend()
    }
    let last = evaluate(regularizer, signal).0
    #expect(regularizer.optimizer == nil ? last == first : last < 0.995 * first)
  }

  /// A lattice that has a single position on the axis says nothing about pairs.
  @Test(arguments: Penalty.all) func singlePositionsCostNothing(penalty: Penalty) {
    let lattice = Lattice(frames: [1], groups: [.init(rows: [2], columns: [3])])
    let regularizer = penalty.make(Grids.plain)
    let (value, gradient) = evaluate(regularizer, randomSignal(Grids.plain, lattice: lattice, seed: 3))
    #expect(value == 0 && gradient.dot(gradient) == 0)
    #expect(regularizer.optimizer?.parameters.gradients.values.allSatisfy { $0 == 0 } ?? true)
  }
}
