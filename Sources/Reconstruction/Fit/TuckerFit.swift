import Foundation
import Kernels
import Representations

/// Fits a Tucker INR to the known samples of a window.
public final class TuckerFit {
  private let data: FitData
  private let settings: FitSettings
  private let step: FitStep

  public init(window: MaskedWindow, settings: FitSettings) {
    self.settings = settings
    data = FitData(window)
    step = FitStep(
      data: data,
      configuration: TuckerConfiguration(
        grid: data.grid, frequencyPerSample: settings.frequencyPerSample ?? 0.625),
      settings: settings)
  }

  public func run(
    observe: (FitProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> FitResult {
    step.penalties = settings.penalties ?? .moderate
    let schedule = CosineSchedule(rate: settings.rate, iterations: settings.iterations)
    for i in 0..<settings.iterations {
      if isCancelled() { throw RestorationError.cancelled }
      let m = step.measure(heldOut: i % settings.evaluationPeriod == 0)
      step.descend(rate: schedule.rate(at: i))
      observe(
        FitProgress(
          iteration: i, iterations: settings.iterations, loss: m.loss,
          holdoutPSNR: m.heldOutError.map { -10 * log10($0) }))
    }
    let x = step.model.reconstruct(threads: settings.threads)
    let planes = zip(x, data.centres).map { p, c in p.values.map { min(max($0 + c, 0), 1) } }
    return FitResult(
      estimate: WindowEstimate(planes: planes), iterations: settings.iterations, stopReason: .schedule,
      evaluations: [], penalties: step.penalties)
  }
}
