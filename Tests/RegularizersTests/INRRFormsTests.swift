import Kernels
import Representations
import Testing

@testable import Regularizers

/// INRR from the factors of a model is INRR from its signal, and both have the gradients that their values say.
struct INRRFormsTests {
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

  private func options(prior: Bool, normalised: Bool) -> INRR.Options {
    INRR.Options(
      centres: 5, width: 16, rate: 1e-3, beta2: 0.999, prior: prior, normalised: normalised)
  }

  /// Value from the factors; the gradients are the model's and the tiny network's.
  private func evaluate(_ form: INRR.FactorForm, of model: TuckerINR) -> Double {
    var value = 0.0
    model.evaluate(into: Signal(grid: model.grid), threads: 1)
    model.differentiate(Signal(grid: model.grid), threads: 1) {
      value = form.accumulate(weight: 0.5, threads: 1)
    }
    return value
  }

  /// The same from the signal.
  private func evaluate(_ form: INRR.SignalForm, of model: TuckerINR) -> Double {
    let (signal, gradient) = (Signal(grid: model.grid), Signal(grid: model.grid))
    model.evaluate(into: signal, threads: 1)
    let value = form.addGradient(
      of: signal, weight: 0.5 * Float(model.grid.sampleCount), to: gradient, threads: 1)
    model.differentiate(gradient, threads: 1)
    return value
  }

  @Test(arguments: Axis.allCases, [(false, false), (true, false), (false, true), (true, true)])
  func formsAgree(axis: Axis, chosen: (prior: Bool, normalised: Bool)) throws {
    let (first, second) = (model(), model())
    let options = options(prior: chosen.prior, normalised: chosen.normalised)
    let inFactors = INRR.FactorForm(model: first, axis: axis, options: options, seed: 2)
    let inSignal = INRR.SignalForm(grid: first.grid, axis: axis, options: options, seed: 2)
    let networks = (
      try #require(inFactors.optimizer?.parameters), try #require(inSignal.optimizer?.parameters)
    )
    // The second time after a step of the tiny networks.
    for _ in 0..<2 {
      let (expected, value) = (evaluate(inFactors, of: first), evaluate(inSignal, of: second))
      #expect(abs(value - expected) < 1e-5 * abs(expected), "\(value) against \(expected)")
      #expect(distance(first.parameters.gradients, second.parameters.gradients) < 1e-5)
      #expect(distance(networks.0.gradients, networks.1.gradients) < 1e-5)
      #expect(distance(inFactors.similarity, inSignal.similarity) < 1e-6)
      inFactors.descend()
      inSignal.descend()
    }
  }

  /// Along random directions of the model's and of the tiny network's parameters. Through the mean row sum of a
  /// normalised graph no gradient flows to the network.
  @Test(arguments: Axis.allCases, [false, true])
  func gradientsAreThoseOfTheValue(axis: Axis, normalised: Bool) throws {
    let model = model()
    let options = options(prior: true, normalised: normalised)
    let inFactors = INRR.FactorForm(model: model, axis: axis, options: options, seed: 2)
    let inSignal = INRR.SignalForm(grid: model.grid, axis: axis, options: options, seed: 2)
    let networks = (
      try #require(inFactors.optimizer?.parameters), try #require(inSignal.optimizer?.parameters)
    )
    func check(_ parameters: Parameters, _ value: () -> Double) {
      _ = value()
      let gradient = parameters.gradients.values
      let start = parameters.values.values
      var random = RandomSource(seed: 4)
      let direction = start.map { _ in random.uniform(bound: 1) }
      func at(_ distance: Float) -> Double {
        for i in start.indices { parameters.values[0, i] = start[i] + distance * direction[i] }
        return value()
      }
      let quotient = (at(1e-3) - at(-1e-3)) / 2e-3
      _ = at(0)
      let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(quotient - expected) < 1e-3 * max(0.1, abs(expected)), "\(quotient) against \(expected)")
    }
    check(model.parameters) { evaluate(inFactors, of: model) }
    check(model.parameters) { evaluate(inSignal, of: model) }
    if normalised { return }
    check(networks.0) { evaluate(inFactors, of: model) }
    check(networks.1) { evaluate(inSignal, of: model) }
  }
}
