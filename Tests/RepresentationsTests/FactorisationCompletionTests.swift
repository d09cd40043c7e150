import Kernels
import Representations
import Testing

/// A signal of low rank with about half of its samples known, and fits of it.
private struct Completion {
  let grid: SignalGrid
  let truth: Signal
  /// (frames, rows x columns): 1 where a sample is known, else 0.
  let known: Matrix

  /// Sums of two products of a column, a row and a factor a frame, all of them normally distributed.
  init(frames: Int, size: Int) {
    grid = SignalGrid(frames: frames, height: size, width: size, planes: 1)
    truth = Signal(grid: grid)
    var random = RandomSource(seed: 5)
    for _ in 0..<2 {
      let u = Matrix(rows: size, columns: 1)
      let v = Matrix(rows: 1, columns: size)
      for matrix in [u, v] { matrix.fillNormal(deviation: 0.5, from: &random) }
      for frame in 0..<frames {
        let w = frames == 1 ? 1 : random.normal()
        let x = truth.frame(frame, ofPlane: 0)
        for i in 0..<size { for j in 0..<size { x[i, j] += w * u[i, 0] * v[0, j] } }
      }
    }
    let count = truth.count
    known = Matrix(
      rows: frames, columns: size * size,
      values: (0..<count).map { _ in random.uniform() < 0.5 ? 1 : 0 })
  }

  /// Relative errors on the known and on the missing samples after descent on the mean of known (X - Y)^2.
  func errors(of model: some Representation, steps: Int, rate: Float) -> (known: Double, missing: Double) {
    let (signal, gradient) = (Signal(grid: grid), Signal(grid: grid))
    let (x, y) = (signal.planes[0], truth.planes[0])
    let adam = Adam(model.parameters)
    for step in 0...steps {
      model.evaluate(into: signal, threads: 1)
      VectorMath.add(y, times: -1, to: x)
      if step == steps { break }
      VectorMath.multiply(x, known, times: 2 / Float(x.count), into: gradient.planes[0])
      model.differentiate(gradient, threads: 1)
      adam.step(rate: rate)
    }
    var sums = (error: [0.0, 0.0], truth: [0.0, 0.0])
    for i in 0..<x.rows {
      for j in 0..<x.columns {
        let part = known[i, j] == 1 ? 0 : 1
        sums.error[part] += Double(x[i, j] * x[i, j])
        sums.truth[part] += Double(y[i, j] * y[i, j])
      }
    }
    return (
      (sums.error[0] / sums.truth[0]).squareRoot(), (sums.error[1] / sums.truth[1]).squareRoot()
    )
  }
}

struct FactorisationCompletionTests {
  @Test func productOfMapsRecoversAMatrixOfLowRank() {
    let completion = Completion(frames: 1, size: 24)
    let model = DeepFactorisation(grid: completion.grid, seed: 1)
    let errors = completion.errors(of: model, steps: 1000, rate: 1e-3)
    #expect(errors.known < 0.001 && errors.missing < 0.002, "\(errors)")
  }

  /// A single map is a free matrix: nothing but its known samples ever moves.
  @Test func freeMatrixRecoversNothing() {
    let completion = Completion(frames: 1, size: 24)
    let model = DeepFactorisation(grid: completion.grid, layers: 1, seed: 1)
    let errors = completion.errors(of: model, steps: 1000, rate: 1e-2)
    #expect(errors.known < 0.001 && errors.missing > 0.99, "\(errors)")
  }

  @Test(arguments: [2, 3, 4]) func productsOfMapsRecoverATensorOfLowRank(layers: Int) {
    let completion = Completion(frames: 8, size: 16)
    let model = DeepTensorFactorisation(grid: completion.grid, layers: layers, seed: 1)
    let errors = completion.errors(of: model, steps: 1000, rate: 1e-3)
    #expect(errors.known < 0.005 && errors.missing < 0.02, "\(errors)")
  }
}
