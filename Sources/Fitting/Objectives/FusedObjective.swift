import Frames
import Kernels
import Regularizers
import Representations

/// The Tucker INR with total variation in space, its differences in time and INRR in its factor form, fused into one pass
/// over the frames that keeps them in the caches.
///
/// Loss: ||M (X - Y)||_F + tv sum(|dy Z| + |dx Z|) + sstv sum(|dt dy Z| + |dt dx Z|) + Dirichlet energies, Z = X with
/// the known samples written back, sums over all planes. With weights relative to the mean squared error the loss is that
/// of `GeneralObjective`, and minimised with the same step: see `PenaltyStrengths.scaledToNorm`.
final class FusedObjective: Objective {
  let data: FitData
  let model: TuckerINR
  let threads: Int
  private let precision: Precision
  var penalties = PenaltyStrengths()
  let optimizer: Adam
  var optimizers: [Adam] { [optimizer] + energies.compactMap(\.optimizer) }
  /// INRR for each axis that has pairs of positions.
  let energies: [INRR.FactorForm]
  /// The last value that each energy added to the loss, and its weight then.
  private var energyValues: [Axis: (value: Double, weight: Double)] = [:]
  /// The energy whose network `descend` moves: that of the last `measure`.
  private var active: INRR.FactorForm?
  /// Steps from one evaluated energy to the next: fewer where only INRR carries the signal across missing frames.
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

  init(data: FitData, steps: StepSizes, settings: FusedFitSettings, threads: Int) {
    self.data = data
    self.threads = threads
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
      INRR.FactorForm(
        model: model, axis: $0, options: settings.inrr, seed: settings.seed &+ 1 &+ UInt64($0.rawValue))
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
  /// A chunk's frames pass through evaluation, loss and backward pass in order, so that they stay in the caches. The
  /// gradient of the norm needs the norm over all chunks, known only at the end: that of the step before, which differs
  /// little, is used instead.
  ///
  /// The energies of the axes take turns, one every few steps, with weights that make up for it: their gradients
  /// cost as much as half a step, and change slowly.
  func measure(iteration: Int, looks: Bool) -> Double {
    model.precision = precision
    defer { model.precision = .single }
    model.prepare(threads: threads)
    let samples = data.grid.sampleCount
    let before = norm
    let weights = data.spacing.strengths(penalties.scaledToNorm(before, samples: samples))
    passChunks(residualScale: Float(1 / norm), weights: weights, looks: looks)
    norm = (squares.reduce(0, +) + 1e-12).squareRoot()
    let variation = variations.reduce(0, +)
    model.gatherSignalGradient(threads: threads)
    let energy = addEnergy(iteration: iteration, weights: weights)
    model.finish(threads: threads)
    switch penalties.unit {
    case .norm: return norm + variation + energy
    case .meanSquare:
      return (norm * norm + 2 * before * variation + lastEnergies) / Double(max(samples, 1))
    }
  }

  /// The energies of all axes when each was last measured, with the weights as they were given, before scaling.
  private var lastEnergies: Double {
    Axis.allCases.reduce(0) { sum, axis in
      energyValues[axis].map { sum + Double(penalties.inrr(axis)) * $0.value / $0.weight } ?? sum
    }
  }

  func heldOutError(measured: Bool) -> Double? {
    if data.heldOutCount == 0 { return nil }
    if !measured { evaluateHeldOut() }
    return errors.reduce(0, +) / Double(data.heldOutCount)
  }

  /// The data term of errors of a twentieth of full scale.
  var harmlessLoss: Double? {
    let known = Double(data.knownCount)
    switch penalties.unit {
    case .norm: return 0.05 * known.squareRoot()
    case .meanSquare: return 0.05 * 0.05 * known / Double(max(data.grid.sampleCount, 1))
    }
  }

  private func evaluateHeldOut() {
    model.prepare(threads: threads)
    errors = parallelMap(model.chunks.count, threads: threads) { [model, data, workspaces] i in
      let chunk = model.chunks[i]
      var sum = 0.0
      for frame in chunk.frames {
        model.evaluate(frame: frame, chunk: i, into: workspaces[i].frames[0])
        sum += data.heldOutError(plane: chunk.plane, frame: frame, of: workspaces[i].frames[0])
      }
      return sum
    }
  }

  /// Forgets the data term of the step before.
  func restart() {
    norm = data.norm
    forgetEnergyValues()
  }

  func forgetEnergyValues() { energyValues = [:] }

  private func addEnergy(iteration: Int, weights: PenaltyStrengths) -> Double {
    active = nil
    let used = energies.filter { weights.inrr($0.axis) > 0 }
    if used.isEmpty || iteration % energyPeriod != 0 { return 0 }
    let energy = used[iteration / energyPeriod % used.count]
    active = energy
    let applied = weights.inrr(energy.axis) * Float(energyPeriod * used.count)
    let value = energy.accumulate(weight: applied, threads: threads)
    energyValues[energy.axis] = (value, Double(applied))
    return value
  }

  /// Moves the parameters against the gradient that `measure` left.
  func descend(rate: Float) {
    optimizer.step(rate: rate, threads: threads)
    active?.descend()
  }

  /// Evaluates all frames, sums up squares, errors and total variation, and carries the gradient of data term and total
  /// variation back to factors and cores.
  private func passChunks(residualScale: Float, weights: PenaltyStrengths, looks: Bool) {
    let (data, model, workspaces, last) = (data, model, workspaces, data.grid.frames - 1)
    let sums = parallelMap(model.chunks.count, threads: threads) { i in
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
        if looks { error += data.heldOutError(plane: chunk.plane, frame: frame, of: signal(frame)) }
        variation += VectorMath.variation(
          VariationFrame(
            previous: signal(before), current: signal(frame), next: signal(after),
            previousTarget: target(before), currentTarget: target(frame), nextTarget: target(after)),
          residualScale: residualScale, tv: weights.tv, sstv: weights.sstv, softness: 0,
          scratch: space.scratch, gradient: space.gradient)
        model.accumulate(space.gradient, frame: frame, chunk: i)
      }
      return (square, error, variation)
    }
    (squares, errors, variations) = (sums.map(\.0), sums.map(\.1), sums.map(\.2))
  }
}

extension FusedObjective {
  /// The energies that were measured so far, or since they were forgotten.
  var observedEnergies: [FitObservation.Energy] {
    energies.compactMap { form in
      energyValues[form.axis].map { last in
        .init(
          kind: .inrr, axis: form.axis, value: last.value, weight: last.weight,
          similarity: { form.similarity }, effectiveRank: { nil })
      }
    }
  }

  /// The signal, within 0 ... 1.
  func estimate(_ signal: [Matrix]) -> Estimate {
    Estimate(
      planes: zip(signal, data.centres).map { VectorMath.clamped($0, adding: $1, to: 0...1) })
  }
}
