import Frames
import Foundation
import Kernels
import Regularizers
import Representations

/// Follows one schedule on a window, and on the windows after it from the parameters reached.
final class SignalDescent {
  struct Outcome {
    var estimate: Estimate
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
  private var best: AdamState

  init(window: MaskedSamples, settings: SignalFitSettings) {
    self.settings = settings
    data = SignalData(window, centring: settings.model.isCentred)
    model = settings.model.makeRepresentation(grid: data.grid, seed: settings.seed)
    optimizer = settings.model.makeOptimizer(for: model)
    best = optimizer.state
    terms = settings.regularizers.map { [model, data] in
      $0.makeTerms(model: model, data: data, seed: settings.seed)
    }
    step = Self.makeStep(model, data, terms, settings)
  }

  /// Takes the samples of another window of the same shape; parameters stay.
  func advance(to window: MaskedSamples) {
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

  /// Where a run stands, besides the optimisers.
  private struct Progress {
    var iteration = 0
    var seconds = 0.0
    var smallest = Double.infinity
    var rateFactor: Float = 1
  }
  private var progress = Progress()

  /// - Parameters:
  ///   - before: seconds spent before this run.
  ///   - save: called after every iteration; what it writes with `state`, `resume` brings back.
  /// - Throws: `CancellationError`.
  func run(
    iterations: Int, before: Double, frame: Int?, _ observe: (SignalFitObservation) -> Void,
    save: (_ isLast: Bool) -> Void, _ isCancelled: () -> Bool
  ) throws -> Outcome {
    let schedule = CosineSchedule(
      rate: settings.rate, floor: settings.schedule == .cosine ? 0.02 : 1, iterations: iterations)
    var watch = Stopwatch()
    var loss = Double.nan
    if progress.iteration == 0 { best = optimizer.state }
    func look() {
      watch.pause()
      let signal = step.evaluate()
      let error = data.heldOutError(of: signal)
      if let error, error < progress.smallest || !settings.keepsBest {
        progress.smallest = error
        best = optimizer.state
      }
      observe(
        observation(
          iteration: progress.iteration, frame: frame, loss: loss,
          seconds: before + progress.seconds + watch.seconds, error: error, signal: signal))
      watch.go()
    }
    while progress.iteration < iterations {
      if isCancelled() {
        save(true)
        throw CancellationError()
      }
      let looks = progress.iteration % settings.observationPeriod == 0
      loss = step.measure()
      if looks { look() }
      if loss.isFinite {
        let rate = schedule.rate(at: progress.iteration) * progress.rateFactor
        optimizer.step(rate: rate, threads: settings.threads)
        step.descendRegularizers()
        if looks && data.fit.heldOutCount == 0 { best = optimizer.state }
      } else {
        // Back to sound ground, with smaller steps.
        goBackToBest()
        progress.rateFactor /= 2
      }
      progress.iteration += 1
      progress.seconds += watch.lap()
      save(false)
    }
    look()
    if data.fit.heldOutCount > 0 && settings.keepsBest { goBackToBest() }
    progress.seconds += watch.lap()
    let outcome = Outcome(
      estimate: estimate(step.evaluate()), iterations: iterations, seconds: progress.seconds,
      heldOutError: progress.smallest.isFinite ? progress.smallest : nil)
    progress = Progress()
    return outcome
  }

  private func goBackToBest() {
    if optimizer.restore(best) { optimizer.reset() }
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

  private func estimate(_ signal: Signal) -> Estimate {
    Estimate(
      planes: zip(signal.planes, data.fit.centres).map { plane, centre in plane.values.map { $0 + centre } })
  }
}

extension SignalDescent {
  private var optimizers: [(name: String, optimizer: Adam)] {
    [("model", optimizer)]
      + step.terms.enumerated().compactMap { i, term in
        term.regularizer.optimizer.map { ("penalty\(i)", $0) }
      }
  }

  /// Everything that `resume` needs to go on.
  var state: SafeTensors {
    var state = SafeTensors()
    for (name, optimizer) in optimizers { state.store(optimizer.state, as: name) }
    state.store(best, as: "best")
    let numbers: [(String, String)] = [
      ("iteration", String(progress.iteration)), ("seconds", String(progress.seconds)),
      ("smallest", String(progress.smallest)), ("rateFactor", String(progress.rateFactor)),
      ("random", String(step.samplingState ?? 0)),
    ]
    for (name, value) in numbers { state.metadata[name] = value }
    return state
  }

  /// Takes up a state; where it does not fit, nothing is done.
  func resume(_ state: SafeTensors) {
    let states = optimizers.map { state.adamState($0.name) }
    guard let iteration = state.metadata["iteration"].flatMap({ Int($0) }),
      let seconds = state.metadata["seconds"].flatMap(Double.init),
      let smallest = state.metadata["smallest"].flatMap(Double.init),
      let rateFactor = state.metadata["rateFactor"].flatMap(Float.init),
      let random = state.metadata["random"].flatMap({ UInt64($0) }), let best = state.adamState("best"),
      zip(optimizers, states).allSatisfy({ $0.optimizer.parameters.count == $1?.values.count })
    else { return }
    for (entry, state) in zip(optimizers, states) {
      if let state { _ = entry.optimizer.restore(state) }
    }
    self.best = best
    progress = Progress(iteration: iteration, seconds: seconds, smallest: smallest, rateFactor: rateFactor)
    step.samplingState = random
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

  /// Seconds since the last call.
  mutating func lap() -> Double {
    pause()
    defer {
      seconds = 0
      go()
    }
    return seconds
  }
}
