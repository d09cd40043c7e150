import Fitting
import Foundation
import Frames
import Kernels
import Reconstruction
import Representations

/// One training step of the Tucker INR with total variation in space (TV) and in space and time (SSTV).
struct TuckerStep {
  /// Seconds from step to step within one fit, with one thread and with all.
  let single: Timing
  let parallel: Timing
  let cost: TuckerCost
  /// Largest difference of the signal from the plain twin.
  let difference: Double
  /// Relative difference of a directional derivative from the difference quotient.
  let derivativeDifference: Double

  /// - Throws: `WrongResult`.
  init(_ volume: TestVolume, threads: Int, steps: Int) throws {
    let grid = SignalGrid(
      frames: volume.frames, height: volume.height, width: volume.width, planes: volume.channels)
    let configuration = TuckerConfiguration(grid: grid)
    let model = TuckerINR(grid: grid, configuration: configuration, seed: 3)
    cost = TuckerCost(grid: grid, configuration: configuration, parameters: model.parameters.count)

    difference = Self.differenceFromPlain(model, threads: threads)
    try WrongResult.check("signal of the representation", difference: difference, limit: 1e-4)
    derivativeDifference = Self.differenceFromQuotient(model, threads: threads)
    try WrongResult.check("gradient of the representation", difference: derivativeDifference, limit: 0.01)

    let window = volume.window
    let one = try Self.fit(window, threads: 1, steps: steps)
    let all = try Self.fit(window, threads: threads, steps: steps)
    guard one.estimate == all.estimate else {
      throw WrongResult(description: "the fit depends on the number of threads")
    }
    guard let first = one.losses.first, let last = one.losses.last, last < 0.6 * first else {
      throw WrongResult(description: "the fit does not descend: \(one.losses)")
    }
    (single, parallel) = (one.timing, all.timing)
  }

  private struct Fit {
    var timing: Timing
    var losses: [Double]
    var estimate: [[Float]]
  }

  /// A step is what lies between two calls of the observer: the model moves, then loss and gradient are computed anew.
  private static func fit(_ window: MaskedSamples, threads: Int, steps: Int) throws -> Fit {
    var settings = FusedFitSettings()
    settings.iterations = steps + 4
    settings.evaluationPeriod = settings.iterations + 1
    settings.penalties = [PenaltyStrengths(tv: 5e-5, sstv: 5e-4)]
    let clock = ContinuousClock()
    var seconds: [Double] = []
    var losses: [Double] = []
    var before = clock.now
    let result = try FusedFit(samples: window, settings: settings, threads: threads).run { progress in
      let now = clock.now
      seconds.append((now - before) / .seconds(1))
      losses.append(progress.loss)
      before = now
    }
    // The first steps touch memory for the first time.
    return Fit(
      timing: Timing(seconds: Array(seconds.dropFirst(4))), losses: losses, estimate: result.estimate.planes)
  }

  /// The plain twin: X[t, p] = U (sum_k W[t, k] C[k, p]) V^T element by element, at some places, in double precision.
  private static func differenceFromPlain(_ model: TuckerINR, threads: Int) -> Double {
    let signal = model.reconstruct(threads: threads)
    let (u, v, w) = (model.factor(along: .row), model.factor(along: .column), model.factor(along: .time))
    let (rows, columns) = (u.columns, v.columns)
    var random = RandomSource(seed: 17)
    var worst = 0.0
    for _ in 0..<200 {
      let (p, t) = (random.below(signal.count), random.below(w.rows))
      let (y, x) = (random.below(u.rows), random.below(v.rows))
      var sum = 0.0
      for k in 0..<w.columns {
        for a in 0..<rows {
          var inner = 0.0
          for b in 0..<columns {
            inner += Double(model.core[k, (p * rows + a) * columns + b]) * Double(v[x, b])
          }
          sum += Double(w[t, k]) * Double(u[y, a]) * inner
        }
      }
      worst = max(worst, abs(sum - Double(signal[p][t, y * v.rows + x])))
    }
    return worst
  }

  /// <gradient, d> against (f(p + e d) - f(p - e d)) / 2e for f = half the square sum of the signal, d the gradient.
  private static func differenceFromQuotient(_ model: TuckerINR, threads: Int) -> Double {
    let parameters = model.parameters
    func halfSquares() -> Double {
      model.reconstruct(threads: threads).reduce(0) { $0 + VectorMath.dot($1, $1) / 2 }
    }
    model.prepare(threads: threads)
    let x = Matrix(rows: model.grid.height, columns: model.grid.width)
    for (i, chunk) in model.chunks.enumerated() {
      for frame in chunk.frames {
        // The gradient of f by the signal is the signal.
        model.evaluate(frame: frame, chunk: i, into: x)
        model.accumulate(x, frame: frame, chunk: i)
      }
    }
    model.gatherSignalGradient(threads: threads)
    model.finish(threads: threads)
    let direction = Matrix(rows: 1, columns: parameters.count)
    direction.copy(from: parameters.gradients)
    let square = VectorMath.dot(direction, direction)
    // A step that changes the function by a thousandth.
    let step = 1e-3 * halfSquares() / square
    VectorMath.add(direction, times: Float(step), to: parameters.values)
    let above = halfSquares()
    VectorMath.add(direction, times: Float(-2 * step), to: parameters.values)
    let below = halfSquares()
    VectorMath.add(direction, times: Float(step), to: parameters.values)
    return abs((above - below) / (2 * step * square) - 1)
  }
}
