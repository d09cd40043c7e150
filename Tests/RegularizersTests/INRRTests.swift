import Kernels
import Representations
import Testing

@testable import Regularizers

private let plain = SignalGrid(frames: 6, height: 10, width: 13, planes: 2)

/// Full planes between planes of half the resolution.
private let subsampled = SignalGrid(
  frames: 6, height: 10, width: 13,
  groups: [
    .init(rows: (0..<5).map { 2 * Float($0) + 0.5 }, columns: (0..<7).map { 2 * Float($0) + 0.5 }),
    .init(rows: (0..<10).map(Float.init), columns: (0..<13).map(Float.init)),
  ], groupOfPlane: [0, 1, 0])

private func model(_ grid: SignalGrid) -> TuckerINR {
  TuckerINR(
    grid: grid,
    configuration: TuckerConfiguration(
      ranks: .init(row: 5, column: 6, time: 3), frequencies: .init(row: 4, column: 5, time: 2), width: 16),
    seed: 1)
}

/// The model's gradient of nothing but the penalty.
private func differentiate(_ model: TuckerINR, _ energy: INRR.FactorForm, threads: Int = 1) -> Double {
  model.prepare(threads: threads)
  for (i, chunk) in model.chunks.enumerated() {
    let zero = Matrix(
      rows: model.grid.rowCount(ofPlane: chunk.plane), columns: model.grid.columnCount(ofPlane: chunk.plane))
    let x = Matrix(rows: zero.rows, columns: zero.columns)
    for frame in chunk.frames {
      model.evaluate(frame: frame, chunk: i, into: x)
      model.accumulate(zero, frame: frame, chunk: i)
    }
  }
  model.gatherSignalGradient(threads: threads)
  let value = energy.accumulate(weight: 0.5, threads: threads)
  model.finish(threads: threads)
  return value
}

private func move(_ parameters: Parameters, from start: [Float], by direction: [Float], times distance: Float)
{
  for i in start.indices { parameters.values[0, i] = start[i] + distance * direction[i] }
}

struct INRRTests {
  /// Over all pairs of slices of the signal itself.
  @Test(arguments: Axis.allCases) func energyIsThatOfTheSignal(axis: Axis) {
    let model = model(plain)
    let energy = INRR.FactorForm(model: model, axis: axis, seed: 2)
    let value = differentiate(model, energy)
    let signal = model.reconstruct(threads: 1)
    let g = energy.similarity
    var (sum, rowSum) = (0.0, 0.0)
    let n = g.rows
    for i in 0..<n {
      for j in 0..<n where j != i {
        let a = VectorMath.dot(g.rows(i..<i + 1), g.rows(j..<j + 1))
        var distance = 0.0
        for plane in signal {
          for t in 0..<6 {
            for y in 0..<10 {
              for x in 0..<13 where (axis == .row ? y : axis == .column ? x : t) == i {
                let (t2, y2, x2) = (axis == .time ? j : t, axis == .row ? j : y, axis == .column ? j : x)
                let d = Double(plane[t, y * 13 + x] - plane[t2, y2 * 13 + x2])
                distance += d * d
              }
            }
          }
        }
        sum += a * distance / 2
        rowSum += a / Double(n)
      }
    }
    #expect(abs(Double(energy.meanRowSum) - rowSum) < 1e-6 * rowSum)
    #expect(abs(value - 0.5 * sum / rowSum) < 1e-5 * abs(value), "\(value) against \(0.5 * sum / rowSum)")
  }

  @Test(arguments: Axis.allCases, [plain, subsampled])
  func modelGradientMatchesDifferences(axis: Axis, grid: SignalGrid) {
    let model = model(grid)
    let energy = INRR.FactorForm(model: model, axis: axis, seed: 2)
    _ = differentiate(model, energy)
    let gradient = model.parameters.gradients.values
    let start = model.parameters.values.values
    let core = model.coreRange
    let third = core.lowerBound / 3
    var random = RandomSource(seed: 4)
    for range in [core, 0..<third, third..<2 * third, 2 * third..<core.lowerBound] {
      let direction = start.indices.map { range.contains($0) ? random.uniform(bound: 1) : 0 }
      let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let h: Float = 1e-3
      move(model.parameters, from: start, by: direction, times: h)
      let after = differentiate(model, energy)
      move(model.parameters, from: start, by: direction, times: -h)
      let before = differentiate(model, energy)
      let quotient = (after - before) / Double(2 * h)
      #expect(abs(quotient - expected) < 1e-3 * max(0.1, abs(expected)), "\(quotient) against \(expected)")
    }
  }

  @Test(arguments: Axis.allCases) func networkGradientMatchesDifferences(axis: Axis) throws {
    let model = model(subsampled)
    var options = INRR.Options.local
    options.centres = 5
    let energy = INRR.FactorForm(model: model, axis: axis, options: options, seed: 2)
    _ = differentiate(model, energy)
    let parameters = try #require(energy.optimizer?.parameters)
    let gradient = parameters.gradients.values
    let start = parameters.values.values
    let norm = Double(energy.meanRowSum)
    var random = RandomSource(seed: 4)
    for part in 0..<3 {
      let direction = start.indices.map { $0 * 3 / start.count == part ? random.uniform(bound: 1) : 0 }
      let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      // No gradient flows through the mean row sum, so the quotients are taken with the one at the start.
      func at(_ distance: Float) -> Double {
        move(parameters, from: start, by: direction, times: distance)
        return differentiate(model, energy) * Double(energy.meanRowSum) / norm
      }
      let h: Float = 1e-3
      let quotient = (at(h) - at(-h)) / Double(2 * h)
      #expect(abs(quotient - expected) < 1e-2 * max(0.05, abs(expected)), "\(quotient) against \(expected)")
    }
  }

  @Test(arguments: Axis.allCases) func threadsDoNotMatter(axis: Axis) {
    let (one, three) = (model(subsampled), model(subsampled))
    let a = differentiate(one, INRR.FactorForm(model: one, axis: axis, seed: 2), threads: 1)
    let b = differentiate(three, INRR.FactorForm(model: three, axis: axis, seed: 2), threads: 3)
    #expect(a == b)
    #expect(one.parameters.gradients.values == three.parameters.gradients.values)
  }

  @Test func neighboursAreAlikeAtTheStart() {
    let network = TinyINR(
      positions: TinyINR.evenPositions(20), centres: 20, width: 32, prior: true, seed: 3)
    network.forward()
    let g = network.output
    func alike(_ i: Int, _ j: Int) -> Double { VectorMath.dot(g.rows(i..<i + 1), g.rows(j..<j + 1)) }
    for i in 0..<19 { #expect(abs(g.rows(i..<i + 1).values.reduce(0, +) - 1) < 1e-5) }
    #expect(alike(5, 6) > 1000 * alike(5, 12))
  }
}
