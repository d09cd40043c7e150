import Kernels
import Testing

@testable import Representations

struct DeepFactorisationTests {
  @Test(arguments: FactorisationGrid.allCases, [1, 2, 3, 4])
  func gradientsMatchDifferences(grid: FactorisationGrid, layers: Int) {
    let model = DeepFactorisation(grid: grid.grid, layers: layers, rank: 4, deviation: 0.5, seed: 1)
    let weights = functional(on: grid.grid)
    _ = value(of: weights, at: model)
    model.differentiate(weights, threads: 1)
    let (error, largest) = gradientErrors(of: model.parameters, step: 0.1) { value(of: weights, at: model) }
    #expect(error < 1e-5 * largest, "\(error) at most, of \(largest)")
  }

  @Test(arguments: FactorisationGrid.allCases) func signalIsTheProductOfTheMaps(grid: FactorisationGrid) {
    let grid = grid.grid
    let model = DeepFactorisation(grid: grid, layers: 4, deviation: 0.3, seed: 1)
    let signal = Signal(grid: grid)
    model.evaluate(into: signal, threads: 1)
    var ranges = model.weightRanges[...]
    for plane in grid.planes {
      let (rows, columns) = (grid.rowCount(ofPlane: plane), grid.columnCount(ofPlane: plane))
      let rank = min(rows, columns)
      for frame in 0..<grid.frames {
        let maps = [(rows, rank), (rank, rank), (rank, rank), (rank, columns)].map { rows, columns in
          let range = ranges.removeFirst()
          #expect(range.count == rows * columns)
          return model.parameters.values.reshaped(from: range.lowerBound, rows: rows, columns: columns)
        }
        let expected = plainProduct(maps)
        let x = signal.frame(frame, ofPlane: plane)
        for i in 0..<rows {
          for j in 0..<columns { #expect(abs(Double(x[i, j]) - expected[i][j]) < 2e-6) }
        }
      }
    }
    #expect(ranges.isEmpty)
  }

  /// dW_2 = W_1^T dX W_3^T, and likewise, where maps are larger than what is worked on in one go.
  @Test func gradientsOfLargeMapsAreTheirProducts() {
    let grid = SignalGrid(frames: 1, height: 100, width: 70, planes: 1)
    let model = DeepFactorisation(grid: grid, deviation: 0.1, seed: 3)
    let weights = functional(on: grid)
    _ = value(of: weights, at: model, threads: 2)
    model.differentiate(weights, threads: 2)
    let shapes = [(100, 70), (70, 70), (70, 70)]
    func matrices(_ row: Matrix) -> [Matrix] {
      zip(model.weightRanges, shapes).map {
        row.reshaped(from: $0.lowerBound, rows: $1.0, columns: $1.1)
      }
    }
    func transposed(_ matrix: Matrix) -> Matrix {
      let result = Matrix(rows: matrix.columns, columns: matrix.rows)
      transpose(matrix, into: result)
      return result
    }
    let w = matrices(model.parameters.values)
    let gradients = matrices(model.parameters.gradients)
    let dx = weights.frame(0, ofPlane: 0)
    let expected = [
      [dx, transposed(w[2]), transposed(w[1])], [transposed(w[0]), dx, transposed(w[2])],
      [transposed(w[1]), transposed(w[0]), dx],
    ].map(plainProduct)
    for (gradient, expected) in zip(gradients, expected) {
      for i in 0..<gradient.rows {
        for j in 0..<gradient.columns { #expect(abs(Double(gradient[i, j]) - expected[i][j]) < 1e-5) }
      }
    }
  }

  @Test func threadsDoNotMatter() {
    // Frames of more rows than are worked on in one go.
    let grid = SignalGrid(frames: 2, height: 100, width: 70, planes: 2)
    let weights = functional(on: grid)
    let runs = [1, 4].map { threads in
      let model = DeepFactorisation(grid: grid, deviation: 0.1, seed: 3)
      let signal = Signal(grid: grid)
      model.evaluate(into: signal, threads: threads)
      model.differentiate(weights, threads: threads)
      return signal.planes.map(\.values) + [model.parameters.gradients.values]
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0].allSatisfy { $0.contains { $0 != 0 } })
  }

  @Test func startIsNearZero() {
    let grid = SignalGrid(frames: 1, height: 60, width: 50, planes: 1)
    let model = DeepFactorisation(grid: grid, seed: 3)
    let signal = Signal(grid: grid)
    model.evaluate(into: signal, threads: 1)
    // deviation^3 r^(2 / 2)
    let deviation = (VectorMath.dot(signal.planes[0], signal.planes[0]) / 3000).squareRoot()
    #expect(abs(deviation - 50e-9) < 5e-9)
  }
}
