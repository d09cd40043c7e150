import Kernels
import Testing

@testable import Representations

private func model(
  _ grid: SignalGrid, layers: Int = 3, rank: Int = 3, deviation: Float = 0.5
) -> DeepTensorFactorisation {
  DeepTensorFactorisation(grid: grid, layers: layers, rank: rank, deviation: deviation, seed: 1)
}

/// The squared distance of the slices i and j of a plane along an axis.
private func distance(_ signal: Signal, plane: Int, axis: Axis, _ i: Int, _ j: Int) -> Double {
  var sum = 0.0
  for t in 0..<signal.grid.frames where axis != .time || t == i {
    for y in 0..<signal.rowCount(ofPlane: plane) where axis != .row || y == i {
      for x in 0..<signal.columnCount(ofPlane: plane) where axis != .column || x == i {
        let other = signal.frame(axis == .time ? j : t, ofPlane: plane)
        let difference = Double(
          signal.frame(t, ofPlane: plane)[y, x] - other[axis == .row ? j : y, axis == .column ? j : x])
        sum += difference * difference
      }
    }
  }
  return sum
}

struct DeepTensorFactorisationTests {
  @Test(arguments: FactorisationGrid.allCases, [2, 3, 4])
  func gradientsMatchDifferences(grid: FactorisationGrid, layers: Int) {
    let model = model(grid.grid, layers: layers)
    let weights = functional(on: grid.grid)
    _ = value(of: weights, at: model)
    model.differentiate(weights, threads: 1)
    let (error, largest) = gradientErrors(of: model.parameters, step: 0.1) { value(of: weights, at: model) }
    #expect(error < 1e-5 * largest, "\(error) at most, of \(largest)")
  }

  @Test(arguments: FactorisationGrid.allCases) func signalIsTheTuckerProduct(grid: FactorisationGrid) {
    let grid = grid.grid
    let model = model(grid, layers: 4)
    let signal = Signal(grid: grid)
    model.evaluate(into: signal, threads: 1)
    var ranges = model.weightRanges[...]
    func next(rows: Int, columns: Int) -> Matrix {
      let range = ranges.removeFirst()
      #expect(range.count == rows * columns)
      return model.parameters.values.reshaped(from: range.lowerBound, rows: rows, columns: columns)
    }
    func factor(_ count: Int, _ rank: Int) -> [[Double]] {
      plainProduct((0..<3).map { next(rows: $0 == 0 ? count : rank, columns: rank) })
    }
    let (ry, rx, rt) = (model.ranks.row, model.ranks.column, model.ranks.time)
    let us = grid.groups.map { factor($0.rows.count, ry) }
    let vs = grid.groups.map { factor($0.columns.count, rx) }
    let w = factor(grid.frames, rt)
    let core = next(rows: rt, columns: grid.planes.count * ry * rx)
    for (plane, group) in grid.groupOfPlane.enumerated() {
      for t in 0..<grid.frames {
        let x = signal.frame(t, ofPlane: plane)
        for i in 0..<x.rows {
          for j in 0..<x.columns {
            var sum = 0.0
            for k in 0..<rt {
              for a in 0..<ry {
                for b in 0..<rx {
                  sum +=
                    w[t][k] * us[group][i][a] * vs[group][j][b] * Double(core[k, (plane * ry + a) * rx + b])
                }
              }
            }
            #expect(abs(Double(x[i, j]) - sum) < 2e-6)
          }
        }
      }
    }
  }

  /// Along time for all planes; along rows and columns for those of full resolution.
  @Test(arguments: FactorisationGrid.allCases, Axis.allCases)
  func gramGivesTheDistancesOfSlices(grid: FactorisationGrid, axis: Axis) {
    let grid = grid.grid
    let model = model(grid)
    let signal = Signal(grid: grid)
    model.evaluate(into: signal, threads: 1)
    let (u, k) = (model.factor(along: axis), model.gram(along: axis, threads: 1))
    let full = grid.groups.map(\.rows.count).max()
    let planes = grid.planes.filter { axis == .time || grid.rowCount(ofPlane: $0) == full }
    for i in 0..<u.rows {
      for j in 0..<i {
        let expected = planes.reduce(0) { $0 + distance(signal, plane: $1, axis: axis, i, j) }
        var form = 0.0
        for a in 0..<u.columns {
          for b in 0..<u.columns {
            form += Double(u[i, a] - u[j, a]) * Double(k[a, b]) * Double(u[i, b] - u[j, b])
          }
        }
        #expect(abs(form - expected) < 1e-5 * max(1e-2, expected), "\(form) against \(expected)")
      }
    }
  }

  /// trace(U^T A U K) for a fixed symmetric A, as an energy takes it.
  @Test(arguments: FactorisationGrid.allCases, Axis.allCases)
  func gradientThroughGramMatchesDifferences(grid: FactorisationGrid, axis: Axis) {
    let model = model(grid.grid)
    let u = model.factor(along: axis)
    let a = Matrix(rows: u.rows, columns: u.rows)
    var random = RandomSource(seed: 6)
    for i in 0..<a.rows {
      for j in 0...i {
        a[i, j] = random.normal()
        a[j, i] = a[i, j]
      }
    }
    let (au, form) = (
      Matrix(rows: u.rows, columns: u.columns), Matrix(rows: u.columns, columns: u.columns)
    )
    func energy() -> Double {
      model.prepare(threads: 1)
      multiply(a, u, into: au)
      multiply(u, au, transposing: .first, into: form)
      return VectorMath.dot(form, model.gram(along: axis, threads: 1))
    }
    let zero = Signal(grid: grid.grid)
    _ = value(of: zero, at: model)
    model.differentiate(zero, threads: 1) {
      _ = energy()
      multiply(
        au, model.gram(along: axis, threads: 1), into: model.factorGradient(along: axis), alpha: 2, beta: 1)
      model.addGramGradient(form, along: axis, threads: 1)
    }
    // Of degree two in each parameter: differences are exact but for rounding.
    let (error, largest) = gradientErrors(of: model.parameters, step: 0.1, energy)
    #expect(error < 1e-5 * largest, "\(error) at most, of \(largest)")
    #expect(largest > 10)
  }

  @Test func threadsDoNotMatter() {
    let grid = SignalGrid(frames: 9, height: 60, width: 50, planes: 2)
    let weights = functional(on: grid)
    let runs = [1, 4].map { threads in
      let model = DeepTensorFactorisation(grid: grid, deviation: 0.5, seed: 3)
      let signal = Signal(grid: grid)
      model.evaluate(into: signal, threads: threads)
      model.differentiate(weights, threads: threads) {
        for axis in Axis.allCases {
          let k = model.gram(along: axis, threads: threads)
          let gradient = Matrix(rows: k.rows, columns: k.columns)
          gradient.copy(from: k)
          model.addGramGradient(gradient, along: axis, threads: threads)
        }
      }
      return signal.planes.map(\.values) + [model.parameters.gradients.values]
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0].allSatisfy { $0.contains { $0 != 0 } })
  }

  @Test func ranksFollowTheGridAndItsBound() {
    let grid = FactorisationGrid.subsampled.grid
    #expect(DeepTensorFactorisation(grid: grid, seed: 1).ranks == .init(row: 10, column: 13, time: 5))
    #expect(DeepTensorFactorisation(grid: grid, rank: 7, seed: 1).ranks == .init(row: 7, column: 7, time: 5))
  }

  @Test(arguments: [2, 3, 5]) func startHasTheDeviationAskedFor(layers: Int) {
    let grid = SignalGrid(frames: 20, height: 30, width: 40, planes: 1)
    let model = DeepTensorFactorisation(grid: grid, layers: layers, deviation: 1e-2, seed: 2)
    let signal = Signal(grid: grid)
    model.evaluate(into: signal, threads: 1)
    let deviation = (VectorMath.dot(signal.planes[0], signal.planes[0]) / Double(signal.count)).squareRoot()
    #expect(deviation > 9e-3 && deviation < 1.05e-2, "\(deviation)")
  }
}
