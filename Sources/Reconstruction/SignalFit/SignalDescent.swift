import Foundation
import Kernels
import Regularizers
import Representations

/// Follows one schedule on a window, and on the windows after it from the parameters reached.
final class SignalDescent {
  struct Outcome {
    var estimate: WindowEstimate
    var iterations: Int
    var seconds: Double
    /// Mean squared error over the hold-out samples.
    var heldOutError: Double?
  }

  private let settings: SignalFitSettings
  private let model: any Representation
  private let optimizer: Adam
  /// For each of the settings' penalties.
  private var terms: [[SignalStep.Term]]
  private var data: SignalData
  private var step: SignalStep
  /// The best iterate by the hold-out samples, or the last one that was sound.
  private let best: OptimizerSnapshot

  init(window: MaskedWindow, settings: SignalFitSettings) {
    self.settings = settings
    data = SignalData(window, centring: settings.model.isCentred)
    model = settings.model.makeRepresentation(grid: data.grid, seed: settings.seed)
    // The memory of PyTorch's Adam, with which the paper was made.
    optimizer = Adam(model.parameters, beta2: 0.999)
    best = OptimizerSnapshot(for: optimizer)
    terms = settings.regularizers.map { [model, data] in
      $0.makeTerms(model: model, data: data, seed: settings.seed)
    }
    step = Self.makeStep(model, data, terms, settings)
  }

  /// Takes the samples of another window of the same shape; parameters stay.
  func advance(to window: MaskedWindow) {
    data = SignalData(window, centring: settings.model.isCentred)
    for (i, regularizer) in settings.regularizers.enumerated() where regularizer.kind == .de {
      // Its graph comes from the samples; those that are learned stay.
      terms[i] = regularizer.makeTerms(model: model, data: data, seed: settings.seed)
    }
    step = Self.makeStep(model, data, terms, settings)
    optimizer.reset()
  }

  private static func makeStep(
    _ model: any Representation, _ data: SignalData, _ terms: [[SignalStep.Term]],
    _ settings: SignalFitSettings
  ) -> SignalStep {
    let points = data.grid.frames * data.grid.height * data.grid.width
    let sampling = settings.samplesPerStep.flatMap { samples in
      samples < points ? PointSampling(grid: data.grid, samples: samples, seed: settings.seed &+ 99) : nil
    }
    return SignalStep(
      model: model, data: data, terms: terms.flatMap { $0 }, sampling: sampling, threads: settings.threads)
  }

  /// - Throws: `RestorationError.cancelled`.
  func run(
    iterations: Int, before: Double, frame: Int?, _ observe: (SignalFitObservation) -> Void,
    _ isCancelled: () -> Bool
  ) throws -> Outcome {
    let schedule = CosineSchedule(
      rate: settings.rate, floor: settings.schedule == .cosine ? 0.02 : 1, iterations: iterations)
    var clock = Stopwatch()
    var (loss, smallest, rateFactor) = (Double.nan, Double.infinity, Float(1))
    best.save(optimizer)
    func look(_ iteration: Int) {
      clock.pause()
      let signal = step.evaluate()
      let error = data.heldOutError(of: signal)
      if let error, error < smallest {
        smallest = error
        best.save(optimizer)
      }
      observe(
        observation(
          iteration: iteration, frame: frame, loss: loss, seconds: before + clock.seconds, error: error,
          signal: signal))
      clock.go()
    }
    for iteration in 0..<iterations {
      if isCancelled() { throw RestorationError.cancelled }
      let looks = iteration % settings.observationPeriod == 0
      loss = step.measure()
      if looks { look(iteration) }
      if !loss.isFinite {
        // Back to sound ground, with smaller steps.
        best.restoreParameters(optimizer)
        rateFactor /= 2
        continue
      }
      optimizer.step(rate: schedule.rate(at: iteration) * rateFactor, threads: settings.threads)
      step.descendRegularizers()
      if looks && data.fit.heldOutCount == 0 { best.save(optimizer) }
    }
    look(iterations)
    if data.fit.heldOutCount > 0 { best.restoreParameters(optimizer) }
    clock.pause()
    let estimate = estimate(step.evaluate())
    return Outcome(
      estimate: estimate, iterations: iterations, seconds: clock.seconds,
      heldOutError: smallest.isFinite ? smallest : nil)
  }

  private func observation(
    iteration: Int, frame: Int?, loss: Double, seconds: Double, error: Double?, signal: Signal
  ) -> SignalFitObservation {
    SignalFitObservation(
      iteration: iteration, frame: frame, loss: loss, seconds: seconds,
      holdoutPSNR: error.map { -10 * log10(max($0, 1e-10)) },
      energies: zip(step.terms, step.values).map { term, value in
        let learned = term.regularizer as? any LearnedGraph
        return .init(
          kind: term.kind, axis: term.axis, value: value, similarity: learned?.similarity,
          effectiveRank: { learned?.effectiveRank() })
      }, estimate: { [self] in estimate(signal) })
  }

  private func estimate(_ signal: Signal) -> WindowEstimate {
    WindowEstimate(
      planes: zip(signal.planes, data.fit.centres).map { plane, centre in plane.values.map { $0 + centre } })
  }
}

/// Seconds that pass while it goes.
private struct Stopwatch {
  private(set) var seconds = 0.0
  private var began: ContinuousClock.Instant? = ContinuousClock.now

  mutating func pause() {
    if let began { seconds += (ContinuousClock.now - began) / .seconds(1) }
    began = nil
  }

  mutating func go() { began = ContinuousClock.now }
}
