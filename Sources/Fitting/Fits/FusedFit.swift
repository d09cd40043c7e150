import Frames
import Kernels
import Representations

/// Fits a Tucker INR, regularised by total variation and INRR, to the known samples of a site.
///
/// All memory is taken up front. The result depends on samples and settings only, not on the number of threads.
public final class FusedFit {
  private let data: FitData
  private let settings: FusedFitSettings
  private let steps: StepSizes
  private let threads: Int
  private let objective: FusedObjective
  private let observer: (any FitObserver)?

  /// - Parameters:
  ///   - threads: the result does not depend on it.
  ///   - observer: told what the fit learns; the result does not depend on it.
  public init(
    samples: MaskedSamples, settings: FusedFitSettings, threads: Int = 1, observer: (any FitObserver)? = nil
  ) {
    precondition(settings.iterations >= 0 && settings.evaluationPeriod > 0, "no such schedule")
    self.threads = threads
    self.observer = observer
    data = FitData(samples)
    var settings = settings
    if let most = settings.iterationsOfFrames, data.hasStaticHoles || data.missesWholeFrames {
      settings.iterations = min(most, settings.iterations)
    } else if let most = settings.iterationsWhereMuchIsKnown, data.muchIsKnown {
      settings.iterations = min(most, settings.iterations)
    }
    self.settings = settings
    steps = settings.steps ?? data.stepSizes
    objective = FusedObjective(data: data, steps: steps, settings: settings, threads: threads)
  }

  /// Runs the fit; once only.
  /// - Parameters:
  ///   - observe: called after every iteration, from the calling thread.
  ///   - isCancelled: asked before every iteration; true ends the fit with `CancellationError`.
  public func run(
    observe: (FitProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> FusedFitResult {
    if data.knownCount == 0 {
      return FusedFitResult(
        estimate: objective.estimate(data.targets.map { Matrix(rows: $0.rows, columns: $0.columns) }),
        iterations: 0,
        stopReason: .interpolation, evaluations: [], penalties: PenaltyStrengths())
    }
    var candidates = settings.penalties ?? data.candidatePenalties
    if trialIterations == 0 { candidates = Array(candidates.prefix(1)) }
    let trials = candidates.count - 1
    func progress(_ trial: Int, _ moment: Descent.Moment) {
      observe(
        FitProgress(
          iteration: trial * trialIterations + moment.iteration + 1,
          iterations: settings.iterations + trials * trialIterations, loss: moment.loss,
          holdoutPSNR: moment.holdoutPSNR))
    }
    let (descent, chosen) = try select(candidates, progress: progress, isCancelled: isCancelled)
    try run(descent, until: settings.iterations, candidate: chosen, isCancelled: isCancelled) {
      progress(trials, $0)
    }
    descent.finish()
    let signal = objective.model.reconstruct(threads: threads)
    let result = FusedFitResult(
      estimate: objective.estimate(signal), iterations: descent.progress.iteration,
      stopReason: descent.progress.stopReason ?? .schedule, evaluations: descent.progress.evaluations,
      penalties: objective.penalties)
    observer?.fitEnds(
      EndedFit(
        model: objective.model, candidate: chosen, result: result, settings: settings, centres: data.centres,
        threads: threads))
    return result
  }

  /// Iterations after which candidates are judged.
  private var trialIterations: Int { min(settings.trialIterations, settings.iterations / 3) }

  private func newDescent() -> Descent {
    Descent(
      objective,
      rules: DescentRules(
        schedule: CosineSchedule(rate: steps.rate, iterations: settings.iterations),
        period: settings.evaluationPeriod, patience: settings.patience, mostDivergences: 3,
        penaltiesGoBack: true))
  }

  /// Starts a fit with each of the candidates and returns the one whose hold-out error is smallest, to go on with.
  private func select(
    _ candidates: [PenaltyStrengths], progress: (Int, Descent.Moment) -> Void, isCancelled: () -> Bool
  ) throws -> (descent: Descent, candidate: Int) {
    objective.penalties = candidates.first ?? .moderate
    var winner = newDescent()
    if candidates.count < 2 { return (winner, 0) }
    let start = objective.optimizers.states
    var state = start
    var smallest = Double.infinity
    var (chosen, number) = (objective.penalties, 0)
    for (i, candidate) in candidates.enumerated() {
      objective.optimizers.restore(start)
      objective.restart()
      objective.penalties = candidate
      let descent = newDescent()
      try run(descent, until: trialIterations, candidate: i, isCancelled: isCancelled) { progress(i, $0) }
      let error = objective.heldOutError(measured: false) ?? 0
      if i == 0 || error < smallest {
        (smallest, winner) = (error, descent)
        (chosen, number) = (candidate, i)
        state = objective.optimizers.states
      }
    }
    objective.optimizers.restore(state)
    // They are of the last candidate, which need not be the chosen one.
    objective.forgetEnergyValues()
    objective.penalties = chosen
    return (winner, number)
  }

  private func run(
    _ descent: Descent, until end: Int, candidate: Int, isCancelled: () -> Bool,
    progress: (Descent.Moment) -> Void
  ) throws {
    try descent.run(
      until: end,
      observe: { moment in
        if moment.kind == .diverged { return }
        progress(moment)
        observer?.observe(
          FitObservation(
            candidate: candidate, iteration: moment.iteration, loss: moment.loss, seconds: moment.seconds,
            holdoutPSNR: moment.holdoutPSNR, energies: objective.observedEnergies,
            estimate: { [objective, threads] in
              objective.estimate(objective.model.reconstruct(threads: threads))
            }))
      }, isCancelled: isCancelled)
  }
}
