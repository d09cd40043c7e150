import Kernels
import Testing

@testable import Representations

/// A grid of two full planes and two of half the resolution.
private let subsampled = SignalGrid(
  frames: 6, height: 10, width: 13,
  groups: [
    .init(rows: (0..<10).map(Float.init), columns: (0..<13).map(Float.init)),
    .init(rows: (0..<5).map { 2 * Float($0) + 0.5 }, columns: (0..<7).map { 2 * Float($0) + 0.5 }),
  ], groupOfPlane: [0, 1, 1, 0])

private func model(_ grid: SignalGrid, seed: UInt64 = 1) -> TuckerINR {
  TuckerINR(
    grid: grid,
    configuration: TuckerConfiguration(
      ranks: .init(row: 5, column: 6, time: 3), frequencies: .init(row: 4, column: 5, time: 2), width: 16),
    seed: seed)
}

/// A fixed linear functional of the signal, so that its gradient is known: sum of weights times samples.
private func weights(_ grid: SignalGrid) -> [Matrix] {
  var random = RandomSource(seed: 9)
  return grid.groupOfPlane.map { plane in
    let matrix = Matrix(
      rows: grid.frames, columns: grid.rowCount(ofPlane: plane) * grid.columnCount(ofPlane: plane))
    matrix.fillUniform(bound: 1, from: &random)
    return matrix
  }
}

private func value(_ model: TuckerINR, _ weights: [Matrix]) -> Double {
  zip(model.reconstruct(threads: 1), weights).reduce(0) { $0 + VectorMath.dot($1.0, $1.1) }
}

private func differentiate(_ model: TuckerINR, _ weights: [Matrix], threads: Int) {
  model.prepare(threads: threads)
  parallelFor(model.chunks.count, threads: threads) { i in
    let chunk = model.chunks[i]
    for frame in chunk.frames {
      let gradient = weights[chunk.plane].rows(frame..<frame + 1).reshaped(
        rows: model.grid.rowCount(ofPlane: chunk.plane), columns: model.grid.columnCount(ofPlane: chunk.plane)
      )
      let x = Matrix(rows: gradient.rows, columns: gradient.columns)
      model.evaluate(frame: frame, chunk: i, into: x)
      model.accumulate(gradient, frame: frame, chunk: i)
    }
  }
  model.gatherSignalGradient(threads: threads)
  model.finish(threads: threads)
}

struct TuckerINRTests {
  @Test func signalIsTheTuckerProduct() {
    let model = model(subsampled)
    let planes = model.reconstruct(threads: 1)
    let (u, v, w) = (model.rowNet.output, model.columnNet.output, model.timeNet.output)
    for (plane, firstRow, firstColumn, row, column) in [(0, 0, 0, 7, 4), (1, 10, 13, 3, 6), (3, 0, 0, 9, 12)]
    {
      for frame in [0, 5] {
        var sum = 0.0
        for k in 0..<3 {
          for a in 0..<5 {
            for b in 0..<6 {
              sum +=
                Double(w[frame, k]) * Double(model.core[k, (plane * 5 + a) * 6 + b])
                * Double(u[firstRow + row, a]) * Double(v[firstColumn + column, b])
            }
          }
        }
        let width = model.grid.columnCount(ofPlane: plane)
        #expect(abs(Double(planes[plane][frame, row * width + column]) - sum) < 1e-7)
      }
    }
  }

  /// Along a direction for each kind of parameter: difference quotient against gradient.
  @Test(arguments: [0, 1, 2, 3, 4]) func gradientMatchesDifferences(direction: Int) {
    let model = model(subsampled)
    let weights = weights(subsampled)
    differentiate(model, weights, threads: 1)
    let gradient = model.parameters.gradients.values
    let start = model.parameters.values.values
    let core = model.coreRange
    // All parameters, the cores, and thirds of the nets, which lie in the order row, column, time.
    let third = core.lowerBound / 3
    let range = [0..<core.upperBound, core, 0..<third, third..<2 * third, 2 * third..<core.lowerBound][
      direction]
    var random = RandomSource(seed: 4)
    let move = start.indices.map { range.contains($0) ? random.uniform(bound: 1) : 0 }
    let expected = zip(gradient, move).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    func at(_ distance: Float) -> Double {
      for i in start.indices { model.parameters.values[0, i] = start[i] + distance * move[i] }
      return value(model, weights)
    }
    let h: Float = 1e-3
    let quotient = (at(h) - at(-h)) / Double(2 * h)
    #expect(abs(quotient - expected) < 1e-3 * max(1, abs(expected)), "\(quotient) against \(expected)")
  }

  @Test func threadsDoNotMatter() {
    let (one, three) = (model(subsampled), model(subsampled))
    let weights = weights(subsampled)
    differentiate(one, weights, threads: 1)
    differentiate(three, weights, threads: 3)
    #expect(one.parameters.gradients.values == three.parameters.gradients.values)
    #expect(one.parameters.gradients.values.contains { $0 != 0 })
  }

  @Test func seedsMatter() {
    #expect(model(subsampled).parameters.values.values == model(subsampled).parameters.values.values)
    #expect(model(subsampled).parameters.values.values != model(subsampled, seed: 2).parameters.values.values)
  }

  @Test func sizesFollowTheGrid() {
    let usual = TuckerConfiguration(grid: SignalGrid(frames: 32, height: 144, width: 176, planes: 3))
    #expect(usual.ranks == .init(row: 72, column: 88, time: 24))
    #expect(abs(usual.frequencies.row - 90) < 0.01 && abs(usual.frequencies.time - 20) < 0.01)
    let large = TuckerConfiguration(grid: SignalGrid(frames: 48, height: 1080, width: 1920, planes: 3))
    #expect(large.ranks == .init(row: 136, column: 240, time: 24))
    let tiny = TuckerConfiguration(grid: SignalGrid(frames: 1, height: 8, width: 3, planes: 1))
    #expect(tiny.ranks == .init(row: 8, column: 3, time: 1))
  }
}
