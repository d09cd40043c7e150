import Kernels
import Representations

/// Grids of one plane, of three, and of full planes between planes of half the resolution.
enum FactorisationGrid: CaseIterable {
  case one, three, subsampled

  var grid: SignalGrid {
    let full = SignalGrid.Group(rows: (0..<10).map(Float.init), columns: (0..<13).map(Float.init))
    let half = SignalGrid.Group(
      rows: (0..<5).map { 2 * Float($0) + 0.5 }, columns: (0..<7).map { 2 * Float($0) + 0.5 })
    return switch self {
    case .one: SignalGrid(frames: 1, height: 10, width: 13, planes: 1)
    case .three: SignalGrid(frames: 2, height: 13, width: 10, planes: 3)
    case .subsampled:
      SignalGrid(frames: 5, height: 10, width: 13, groups: [half, full], groupOfPlane: [1, 0, 1, 0])
    }
  }
}

/// Normally distributed samples, whose products with a signal sum up to a functional with a known gradient.
func functional(on grid: SignalGrid) -> Signal {
  let weights = Signal(grid: grid)
  var random = RandomSource(seed: 9)
  for plane in weights.planes { plane.fillNormal(deviation: 1, from: &random) }
  return weights
}

func value(of functional: Signal, at model: some Representation, threads: Int = 1) -> Double {
  let signal = Signal(grid: model.grid)
  model.evaluate(into: signal, threads: threads)
  return zip(signal.planes, functional.planes).reduce(0) { $0 + VectorMath.dot($1.0, $1.1) }
}

/// The largest distance between the model's gradient and central differences, over all parameters, and the largest
/// gradient.
///
/// - Parameter value: a polynomial of low degree in each parameter, so that `step` may be large.
func gradientErrors(
  of parameters: Parameters, step: Float, _ value: () -> Double
) -> (error: Double, largest: Double) {
  let gradient = parameters.gradients.values
  var (error, largest) = (0.0, 0.0)
  for i in gradient.indices {
    let start = parameters.values[0, i]
    parameters.values[0, i] = start + step
    let after = value()
    parameters.values[0, i] = start - step
    let before = value()
    parameters.values[0, i] = start
    error = max(error, abs((after - before) / Double(2 * step) - Double(gradient[i])))
    largest = max(largest, abs(Double(gradient[i])))
  }
  return (error, largest)
}

/// The product of matrices in double precision, as rows.
func plainProduct(_ matrices: [Matrix]) -> [[Double]] {
  var result = (0..<matrices[0].rows).map { i in matrices[0].rows(i..<i + 1).values.map(Double.init) }
  for matrix in matrices.dropFirst() {
    result = result.map { row in
      (0..<matrix.columns).map { j in
        row.indices.reduce(0.0) { $0 + row[$1] * Double(matrix[$1, j]) }
      }
    }
  }
  return result
}
