import Frames
import Kernels
import Representations

/// Fits a Tucker INR, regularised by total variation and INRR, to the known samples of a window.
///
/// All memory is taken up front. The result depends on window and settings only, not on the number of threads.
public final class TuckerFit {
  private let data: FitData
  private let settings: FitSettings
  private let steps: StepSizes
  private let step: FitStep
  private let observer: (any FitObserver)?

  /// - Parameter observer: told what the fit learns; the result does not depend on it.
  public init(window: MaskedSamples, settings: FitSettings, observer: (any FitObserver)? = nil) {
    precondition(settings.iterations >= 0 && settings.evaluationPeriod > 0, "no such schedule")
    self.observer = observer
    data = FitData(window)
    var settings = settings
    if let brief = settings.briefIterations, data.hasStaticHoles || data.missesWholeFrames {
      settings.iterations = min(brief, settings.iterations)
    } else if let compact = settings.compactIterations, data.isMostlyKnown {
      settings.iterations = min(compact, settings.iterations)
    }
    self.settings = settings
    steps = settings.steps ?? data.stepSizes
    step = FitStep(data: data, steps: steps, settings: settings)
  }

  /// Runs the fit; once only.
  /// - Parameters:
  ///   - observe: called after every iteration, from the calling thread.
  ///   - isCancelled: asked before every iteration; true ends the fit with `CancellationError`.
  public func run(
    observe: (FitProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> FitResult {
    if data.knownCount == 0 {
      return FitResult(
        estimate: estimate(data.targets.map { Matrix(rows: $0.rows, columns: $0.columns) }), iterations: 0,
        stopReason: .interpolation, evaluations: [], penalties: PenaltyStrengths())
    }
    var candidates = settings.penalties ?? data.candidatePenalties
    if trialIterations == 0 { candidates = Array(candidates.prefix(1)) }
    let trials = candidates.count - 1
    func progress(_ trial: Int, _ iteration: Int, _ loss: Double, _ psnr: Double?) {
      observe(
        FitProgress(
          iteration: trial * trialIterations + iteration + 1,
          iterations: settings.iterations + trials * self.trialIterations, loss: loss, holdoutPSNR: psnr))
    }
    var (descent, chosen) = try select(candidates, progress: progress, isCancelled: isCancelled)
    try descent.run(
      until: settings.iterations,
      observe: {
        progress(trials, $0, $1, $2)
        record(chosen, $0, $1, $2)
      }, isCancelled: isCancelled)
    descent.finish()
    let result = FitResult(
      estimate: estimate(step.model.reconstruct(threads: settings.threads)), iterations: descent.iteration,
      stopReason: descent.stopReason ?? .schedule, evaluations: descent.evaluations, penalties: step.penalties
    )
    observer?.fitEnds(
      EndedFit(
        model: step.model, candidate: chosen, result: result, settings: settings, centres: data.centres,
        threads: settings.threads))
    return result
  }

  /// Iterations after which candidates are judged.
  private var trialIterations: Int { min(settings.trialIterations, settings.iterations / 3) }

  /// Starts a fit with each of the candidates and returns the one whose hold-out error is smallest, to go on with.
  private func select(
    _ candidates: [PenaltyStrengths], progress: (Int, Int, Double, Double?) -> Void, isCancelled: () -> Bool
  ) throws -> (descent: FitDescent, candidate: Int) {
    step.penalties = candidates.first ?? .moderate
    var winner = FitDescent(step: step, rate: steps.rate, settings: settings, best: FitSnapshot(for: step))
    if candidates.count < 2 { return (winner, 0) }
    let (start, state) = (FitSnapshot(for: step), FitSnapshot(for: step))
    start.save()
    var smallest = Double.infinity
    var (chosen, number) = (step.penalties, 0)
    for (i, candidate) in candidates.enumerated() {
      start.restore()
      step.restart()
      step.penalties = candidate
      var descent = FitDescent(step: step, rate: steps.rate, settings: settings, best: FitSnapshot(for: step))
      try descent.run(
        until: trialIterations,
        observe: {
          progress(i, $0, $1, $2)
          record(i, $0, $1, $2)
        }, isCancelled: isCancelled)
      let error = step.heldOutError()
      if i == 0 || error < smallest {
        (smallest, winner) = (error, descent)
        (chosen, number) = (candidate, i)
        state.save()
      }
    }
    state.restore()
    // Those of the last candidate, which need not be the chosen one.
    step.forgetEnergyValues()
    step.penalties = chosen
    return (winner, number)
  }

  private func record(_ candidate: Int, _ iteration: Int, _ loss: Double, _ psnr: Double?) {
    observer?.observe(
      FitObservation(
        candidate: candidate, iteration: iteration, loss: loss, holdoutPSNR: psnr, energies: step.energies,
        values: step.energyValues))
  }

  private func estimate(_ signal: [Matrix]) -> Estimate {
    Estimate(
      planes: zip(signal, data.centres).map { VectorMath.clamped($0, adding: $1, to: 0...1) })
  }
}
