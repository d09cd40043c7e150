import Foundation
import Kernels
import Regularizers
import Representations

/// One step of a fit: the model, its optimiser and all memory that a step needs.
///
/// Loss: ||M (X - Y)||_F + tv sum(|dy Z| + |dx Z|) + sstv sum(|dt dy Z| + |dt dx Z|) + Dirichlet energies, Z = X with
/// the known samples written back, sums over all planes. The norm is not squared: as the fit gets better the
/// penalties weigh more.
final class FitStep {
  struct Measure {
    var loss: Double
    /// Mean squared error over the hold-out samples, where asked for.
    var heldOutError: Double?
  }

  let data: FitData
  let model: TuckerINR
  let threads: Int
  var penalties = PenaltyStrengths()
  let optimizer: Adam
  /// INRR for each axis that has pairs of positions.
  let energies: [DirichletEnergy]
  /// The energy whose network `descend` moves: that of the last `measure`.
  private var active: DirichletEnergy?
  /// Steps from one energy to the next.
  static let energyPeriod = 2
  private let signal: [Matrix]
  private let gradients: [Matrix]
  private let scratch: [Matrix]
  private var squares: [Double]
  private var errors: [Double]
  private var variations: [Double]

  init(data: FitData, configuration: TuckerConfiguration, steps: StepSizes, settings: FitSettings) {
    self.data = data
    threads = settings.threads
    model = TuckerINR(grid: data.grid, configuration: configuration, seed: settings.seed)
    optimizer = Adam(
      model.parameters,
      groups: [
        .init(range: 0..<model.coreRange.lowerBound),
        .init(range: model.coreRange, factor: steps.coreRateFactor),
      ], beta1: steps.beta1, beta2: steps.beta2)
    let grid = data.grid
    let model = model
    energies = Axis.allCases.filter { model.factor(along: $0).rows > 1 }.map {
      DirichletEnergy(model: model, axis: $0, seed: settings.seed &+ 1 &+ UInt64($0.rawValue))
    }
    signal = data.targets.map { Matrix(rows: $0.rows, columns: $0.columns) }
    gradients = model.chunks.map {
      Matrix(rows: grid.rowCount(ofPlane: $0.plane), columns: grid.columnCount(ofPlane: $0.plane))
    }
    scratch = gradients.map { Matrix(rows: 1, columns: VectorMath.variationScratch(width: $0.columns)) }
    squares = Array(repeating: 0, count: grid.planes.count * grid.frames)
    errors = squares
    variations = Array(repeating: 0, count: model.chunks.count)
  }

  /// Evaluates loss and gradient at the current parameters.
  ///
  /// The energies of the axes take turns, one at every other step, with weights that make up for it: their gradients
  /// cost as much as half a step, and change slowly.
  func measure(iteration: Int, heldOut: Bool) -> Measure {
    model.prepare(threads: threads)
    let norm = evaluate(heldOut: heldOut)
    var result = Measure(loss: norm)
    if heldOut && data.heldOutCount > 0 {
      result.heldOutError = errors.reduce(0, +) / Double(data.heldOutCount)
    }
    let weights = penalties.scaled(forSamples: data.grid.sampleCount)
    differentiate(residualScale: Float(1 / norm), weights: weights)
    result.loss += variations.reduce(0, +)
    model.gatherSignalGradient(threads: threads)
    result.loss += addEnergy(iteration: iteration, weights: weights)
    model.finish(threads: threads)
    return result
  }

  /// Mean squared error over the hold-out samples at the current parameters.
  func heldOutError() -> Double {
    model.prepare(threads: threads)
    _ = evaluate(heldOut: true)
    return errors.reduce(0, +) / Double(max(data.heldOutCount, 1))
  }

  /// The signal at the current parameters: for each plane (frames, rows x columns). Valid until the next step.
  func reconstruct() -> [Matrix] {
    model.prepare(threads: threads)
    _ = evaluate(heldOut: false)
    return signal
  }

  /// True if all parameters are.
  var isFinite: Bool { VectorMath.dot(model.parameters.values, model.parameters.values).isFinite }

  private func addEnergy(iteration: Int, weights: PenaltyStrengths) -> Double {
    active = nil
    func weight(_ axis: Axis) -> Float {
      switch axis {
      case .row: weights.inrrRow
      case .column: weights.inrrColumn
      case .time: weights.inrrTime
      }
    }
    let used = energies.filter { weight($0.axis) > 0 }
    if used.isEmpty || iteration % Self.energyPeriod != 0 { return 0 }
    let energy = used[iteration / Self.energyPeriod % used.count]
    active = energy
    return energy.accumulate(
      weight: weight(energy.axis) * Float(Self.energyPeriod * used.count), threads: threads)
  }

  /// Moves the parameters against the gradient that `measure` left.
  func descend(rate: Float) {
    optimizer.step(rate: rate, threads: threads)
    active?.descend()
  }

  /// Fills `signal`; the norm of the residual over the known samples.
  private func evaluate(heldOut: Bool) -> Double {
    let (frames, signal, data, model) = (data.grid.frames, signal, data, model)
    squares.withUnsafeMutableBufferPointer { squares in
      errors.withUnsafeMutableBufferPointer { errors in
        parallelFor(squares.count, threads: threads) { i in
          let (plane, frame) = (i / frames, i % frames)
          let x = data.frame(frame, ofPlane: plane, in: signal)
          model.evaluate(plane: plane, frame: frame, into: x)
          squares[i] = VectorMath.maskedSquareSum(
            x, target: data.frame(frame, ofPlane: plane, in: data.targets))
          if heldOut { errors[i] = data.heldOutError(plane: plane, frame: frame, of: signal) }
        }
      }
    }
    return (squares.reduce(0, +) + 1e-12).squareRoot()
  }

  /// Carries the gradient of data term and total variation back to factors and cores, frame by frame.
  private func differentiate(residualScale: Float, weights: PenaltyStrengths) {
    let (frames, signal, data, model) = (data.grid.frames, signal, data, model)
    variations.withUnsafeMutableBufferPointer { variations in
      parallelFor(model.chunks.count, threads: threads) { i in
        let chunk = model.chunks[i]
        var sum = 0.0
        for frame in chunk.frames {
          let (before, after) = (max(frame - 1, 0), min(frame + 1, frames - 1))
          func at(_ frame: Int, _ planes: [Matrix]) -> Matrix {
            data.frame(frame, ofPlane: chunk.plane, in: planes)
          }
          sum += VectorMath.variation(
            VariationFrame(
              previous: at(before, signal), current: at(frame, signal), next: at(after, signal),
              previousTarget: at(before, data.targets), currentTarget: at(frame, data.targets),
              nextTarget: at(after, data.targets)),
            residualScale: residualScale, tv: weights.tv, sstv: weights.sstv, softness: 0,
            scratch: scratch[i],
            gradient: gradients[i])
          model.accumulate(gradients[i], chunk: i, frame: frame)
        }
        variations[i] = sum
      }
    }
  }
}
