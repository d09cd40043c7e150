import Foundation
import Kernels

/// Everything a fit would need to go on from one of its iterations.
final class FitSnapshot {
  private let optimizers: [(optimizer: Adam, snapshot: OptimizerSnapshot)]

  /// Memory for the state of `step`, which is not saved yet.
  init(for step: FitStep) {
    optimizers = ([step.optimizer] + step.energies.compactMap(\.optimizer)).map {
      ($0, OptimizerSnapshot(for: $0))
    }
  }

  func save() { for (optimizer, snapshot) in optimizers { snapshot.save(optimizer) } }

  func restore() { for (optimizer, snapshot) in optimizers { snapshot.restore(optimizer) } }

  /// Brings back the parameters and forgets all moments.
  func restart() { for (optimizer, snapshot) in optimizers { snapshot.restoreParameters(optimizer) } }
}

/// Follows one schedule: keeps the best iterate, notices when the hold-out error no longer falls, and recovers from
/// divergence by going back with half the rate.
struct FitDescent {
  /// Times that a fit may diverge before it is given up.
  static let allowedRecoveries = 3
  /// Gain in dB below which a look at the hold-out samples counts as no improvement.
  static let smallestGain = 0.005

  private let step: FitStep
  private let settings: FitSettings
  private let schedule: CosineSchedule
  /// The best iterate, or without hold-out samples a recent sound one.
  private let best: FitSnapshot
  private(set) var evaluations: [FitResult.Evaluation] = []
  /// Iterations done.
  private(set) var iteration = 0
  private(set) var stopReason: StopReason?
  private var bestError = Double.infinity
  /// The hold-out error that the next one must beat by `smallestGain` to count.
  private var referenceError = Double.infinity
  private var looksWithoutGain = 0
  private var recoveries = 0
  private var rateFactor: Float = 1
  private var smallestLoss = Double.infinity
  private var largestSoundLoss = Double.infinity

  /// - Parameter best: memory for the best iterate, which this descent takes over.
  init(step: FitStep, rate: Float, settings: FitSettings, best: FitSnapshot) {
    self.step = step
    self.settings = settings
    self.best = best
    schedule = CosineSchedule(rate: rate, iterations: settings.iterations)
    best.save()
  }

  var holdoutPSNR: Double? { bestError.isFinite ? psnr(bestError) : nil }

  /// Goes on until `end` iterations are done, or the fit stops by itself.
  mutating func run(
    until end: Int, observe: (_ iteration: Int, _ loss: Double, _ holdoutPSNR: Double?) -> Void,
    isCancelled: () -> Bool
  ) throws {
    while iteration < min(end, settings.iterations) && stopReason == nil {
      if isCancelled() { throw CancellationError() }
      let look = iteration % settings.evaluationPeriod == 0
      let measure = step.measure(iteration: iteration, heldOut: look)
      if !isSound(measure.loss) {
        recover()
        iteration += 1
        continue
      }
      smallestLoss = min(smallestLoss, measure.loss)
      if iteration == 0 { largestSoundLoss = 4 * max(measure.loss, soundNorm) }
      if look { judge(measure.heldOutError) }
      observe(iteration, measure.loss, holdoutPSNR)
      if stopReason != nil { return }
      step.descend(rate: schedule.rate(at: iteration) * rateFactor)
      iteration += 1
    }
  }

  /// Looks at the hold-out samples once more and leaves the model at its best iterate.
  mutating func finish() {
    if stopReason == nil {
      if step.data.heldOutCount > 0 {
        judge(step.heldOutError())
      } else if step.isFinite {
        best.save()
      }
    }
    best.restore()
    stopReason = stopReason ?? .schedule
  }

  private func psnr(_ error: Double) -> Double { -10 * log10(max(error, 1e-12)) }

  private func isSound(_ loss: Double) -> Bool {
    loss.isFinite && loss <= max(largestSoundLoss, 10 * smallestLoss)
  }

  /// The data term of errors of a twentieth of full scale: nothing to worry about at the beginning.
  private var soundNorm: Double { 0.05 * Double(step.data.knownCount).squareRoot() }

  private mutating func judge(_ error: Double?) {
    guard let error else {
      best.save()
      return
    }
    evaluations.append(.init(iteration: iteration, holdoutPSNR: psnr(error)))
    if error < bestError {
      bestError = error
      best.save()
    }
    if psnr(error) > psnr(min(referenceError, 1e12)) + Self.smallestGain {
      referenceError = error
      looksWithoutGain = 0
    } else {
      looksWithoutGain += 1
      if looksWithoutGain >= settings.patience { stopReason = .holdout }
    }
  }

  private mutating func recover() {
    best.restart()
    step.restart()
    rateFactor /= 2
    recoveries += 1
    if recoveries >= Self.allowedRecoveries { stopReason = .divergence }
  }
}
