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
  private let precision: Precision
  var penalties = PenaltyStrengths()
  let optimizer: Adam
  /// INRR for each axis that has pairs of positions.
  let energies: [INRR.FactorForm]
  /// Each energy when it was last measured, without its weight.
  private(set) var energyValues: [Axis: Double] = [:]
  /// The energy whose network `descend` moves: that of the last `measure`.
  private var active: INRR.FactorForm?
  /// Steps from one energy to the next: few where INRR alone carries the signal across missing frames.
  private var energyPeriod: Int { data.missesWholeFrames ? 2 : 4 }
  /// What the work on one chunk needs: three successive frames of the signal, a gradient, and scratch memory.
  private struct Workspace {
    let frames: [Matrix]
    let gradient, scratch: Matrix
  }
  private let workspaces: [Workspace]
  /// For each chunk: sums of squared residuals, of squared hold-out errors, and total variation.
  private var squares, errors, variations: [Double]
  /// The data term of the step before.
  private var norm: Double

  init(data: FitData, steps: StepSizes, settings: FitSettings) {
    self.data = data
    threads = settings.threads
    precision = settings.precision
    var configuration = TuckerConfiguration(
      grid: data.grid, frequencyPerSample: settings.frequencyPerSample ?? data.frequencyPerSample)
    configuration.frequencies = data.spacing.frequencies(configuration.frequencies)
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
      INRR.FactorForm(model: model, axis: $0, seed: settings.seed &+ 1 &+ UInt64($0.rawValue))
    }
    workspaces = model.chunks.map { chunk in
      func frame() -> Matrix {
        Matrix(rows: grid.rowCount(ofPlane: chunk.plane), columns: grid.columnCount(ofPlane: chunk.plane))
      }
      return Workspace(
        frames: (0..<3).map { _ in frame() }, gradient: frame(),
        scratch: Matrix(
          rows: 1, columns: VectorMath.variationScratch(width: grid.columnCount(ofPlane: chunk.plane))))
    }
    squares = Array(repeating: 0, count: model.chunks.count)
    (errors, variations) = (squares, squares)
    // The signal is close to zero at first.
    norm = data.norm
  }

  /// Evaluates loss and gradient at the current parameters.
  ///
  /// A chunk's frames pass through evaluation, loss and the way back in order, so that they stay in the caches. The
  /// gradient of the norm needs the norm of all chunks, which is known at the end only: that of the step before, which
  /// differs little, stands in.
  ///
  /// The energies of the axes take turns, one every few steps, with weights that make up for it: their gradients
  /// cost as much as half a step, and change slowly.
  func measure(iteration: Int, heldOut: Bool) -> Measure {
    model.precision = precision
    defer { model.precision = .single }
    model.prepare(threads: threads)
    let weights = data.spacing.strengths(penalties.scaled(forSamples: data.grid.sampleCount))
    passChunks(residualScale: Float(1 / norm), weights: weights, heldOut: heldOut)
    norm = (squares.reduce(0, +) + 1e-12).squareRoot()
    var result = Measure(loss: norm + variations.reduce(0, +))
    if heldOut && data.heldOutCount > 0 {
      result.heldOutError = errors.reduce(0, +) / Double(data.heldOutCount)
    }
    model.gatherSignalGradient(threads: threads)
    result.loss += addEnergy(iteration: iteration, weights: weights)
    model.finish(threads: threads)
    return result
  }

  /// Mean squared error over the hold-out samples at the current parameters.
  func heldOutError() -> Double {
    model.prepare(threads: threads)
    errors.withUnsafeMutableBufferPointer { errors in
      parallelFor(model.chunks.count, threads: threads) { i in
        let chunk = model.chunks[i]
        var sum = 0.0
        for frame in chunk.frames {
          model.evaluate(frame: frame, chunk: i, into: workspaces[i].frames[0])
          sum += data.heldOutError(plane: chunk.plane, frame: frame, of: workspaces[i].frames[0])
        }
        errors[i] = sum
      }
    }
    return errors.reduce(0, +) / Double(max(data.heldOutCount, 1))
  }

  /// Forgets the data term of the step before; for a model that has been set back.
  func restart() {
    norm = data.norm
    forgetEnergyValues()
  }

  func forgetEnergyValues() { energyValues = [:] }

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
    if used.isEmpty || iteration % energyPeriod != 0 { return 0 }
    let energy = used[iteration / energyPeriod % used.count]
    active = energy
    let applied = weight(energy.axis) * Float(energyPeriod * used.count)
    let value = energy.accumulate(weight: applied, threads: threads)
    energyValues[energy.axis] = value / Double(applied)
    return value
  }

  /// Moves the parameters against the gradient that `measure` left.
  func descend(rate: Float) {
    optimizer.step(rate: rate, threads: threads)
    active?.descend()
  }

  /// Evaluates all frames, sums up squares, errors and total variation, and carries the gradient of data term and total
  /// variation back to factors and cores.
  private func passChunks(residualScale: Float, weights: PenaltyStrengths, heldOut: Bool) {
    let (data, model, workspaces, last) = (data, model, workspaces, data.grid.frames - 1)
    squares.withUnsafeMutableBufferPointer { squares in
      errors.withUnsafeMutableBufferPointer { errors in
        variations.withUnsafeMutableBufferPointer { variations in
          parallelFor(model.chunks.count, threads: threads) { i in
            let (chunk, space) = (model.chunks[i], workspaces[i])
            func signal(_ frame: Int) -> Matrix { space.frames[frame % 3] }
            func target(_ frame: Int) -> Matrix { data.target(plane: chunk.plane, frame: frame) }
            var (square, error, variation) = (0.0, 0.0, 0.0)
            var evaluated = max(chunk.frames.lowerBound - 1, 0)
            for frame in chunk.frames {
              let (before, after) = (max(frame - 1, 0), min(frame + 1, last))
              while evaluated <= after {
                model.evaluate(frame: evaluated, chunk: i, into: signal(evaluated))
                evaluated += 1
              }
              square += VectorMath.maskedSquareSum(signal(frame), target: target(frame))
              if heldOut { error += data.heldOutError(plane: chunk.plane, frame: frame, of: signal(frame)) }
              variation += VectorMath.variation(
                VariationFrame(
                  previous: signal(before), current: signal(frame), next: signal(after),
                  previousTarget: target(before), currentTarget: target(frame), nextTarget: target(after)),
                residualScale: residualScale, tv: weights.tv, sstv: weights.sstv, softness: 0,
                scratch: space.scratch, gradient: space.gradient)
              model.accumulate(space.gradient, frame: frame, chunk: i)
            }
            (squares[i], errors[i], variations[i]) = (square, error, variation)
          }
        }
      }
    }
  }
}
