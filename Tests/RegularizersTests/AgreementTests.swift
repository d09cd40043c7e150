import Kernels
import Regularizers
import Representations
import Testing

/// The energy of the signal is the one computed from the factors of a model, where it has factors.
struct AgreementTests {
  private func model() -> TuckerINR {
    TuckerINR(
      grid: SignalGrid(frames: 6, height: 10, width: 13, planes: 2),
      configuration: TuckerConfiguration(
        ranks: .init(row: 5, column: 6, time: 3), frequencies: .init(row: 4, column: 5, time: 2), width: 16),
      seed: 1)
  }

  private func distance(_ a: Matrix, _ b: Matrix) -> Double {
    let difference = Matrix(rows: 1, columns: a.count, values: a.values)
    VectorMath.add(b, times: -1, to: difference)
    return (VectorMath.dot(difference, difference) / VectorMath.dot(a, a)).squareRoot()
  }

  @Test(arguments: Axis.allCases, [(false, false), (true, false), (false, true), (true, true)])
  func formsAgree(axis: Axis, options: (prior: Bool, normalised: Bool)) throws {
    let (first, second) = (model(), model())
    let grid = first.grid
    let inFactors = DirichletEnergy(
      model: first, axis: axis, centres: 5, width: 16, rate: 1e-3, beta2: 0.999, prior: options.prior,
      normalised: options.normalised, seed: 2)
    let inSignal = SignalDirichletEnergy(
      grid: grid, axis: axis, centres: 5, width: 16, rate: 1e-3, prior: options.prior,
      normalised: options.normalised, seed: 2)
    let networks = (
      try #require(inFactors.optimizer?.parameters), try #require(inSignal.optimizer?.parameters)
    )
    // The second time after a step of the tiny networks.
    for _ in 0..<2 {
      let signal = Signal(grid: grid)
      first.evaluate(into: signal, threads: 1)
      var expected = 0.0
      first.differentiate(Signal(grid: grid), threads: 1) {
        expected = inFactors.accumulate(weight: 0.5, threads: 1)
      }
      second.evaluate(into: signal, threads: 1)
      let gradient = Signal(grid: grid)
      let value = inSignal.addGradient(
        of: signal, weight: 0.5 * Float(grid.sampleCount), to: gradient, threads: 1)
      second.differentiate(gradient, threads: 1)
      #expect(abs(value - expected) < 1e-4 * abs(expected), "\(value) against \(expected)")
      #expect(distance(first.parameters.gradients, second.parameters.gradients) < 1e-3)
      #expect(distance(networks.0.gradients, networks.1.gradients) < 1e-3)
      #expect(distance(inFactors.similarity, inSignal.similarity) < 1e-4)
      #expect(abs(inFactors.effectiveRank() - inSignal.effectiveRank()) < 1e-3)
      inFactors.descend()
      inSignal.descend()
    }
  }
}
