import Foundation
import Frames
import Kernels

/// Learning rates of a descent, when it looks at hold-out samples, and when it ends.
struct DescentRules {
  /// Learning rates, and the most iterations.
  var schedule: CosineSchedule
  /// Iterations between two looks at the hold-out samples.
  var period: Int
  /// Looks without a gain after which it ends, at least 1; nil for never.
  var patience: Int?
  /// Whether it ends at the iterate that did best on the hold-out samples, not at the last one.
  var keepsBest = true
  /// Divergences at which it is given up; nil for never.
  var mostDivergences: Int?
  /// Whether penalties that learn go back with the model: after a divergence, and to the best iterate.
  var penaltiesGoBack: Bool
}

/// Lowers an objective along one schedule: keeps the best iterate, notices when the hold-out error no longer falls, and
/// recovers from divergence by going back with half the rate.
final class Descent {
  /// What an observer is told of an iteration, after its loss was measured and before the parameters move.
  struct Moment {
    enum Kind {
      case sound
      /// The loss is no number, or far above what it was.
      case diverged
      /// After the last iteration.
      case end
    }
    var kind: Kind
    /// Iterations done.
    var iteration: Int
    var loss: Double
    /// Whether the hold-out samples were looked at, if there are any.
    var looked: Bool
    /// Of the best iterate so far.
    var holdoutPSNR: Double?
    /// Seconds spent, without those of looks and observers.
    var seconds: Double
  }

  /// Gain in dB below which a look at the hold-out samples counts as no improvement.
  static let smallestGain = 0.005

  /// Its state, but for the optimisers'.
  struct Progress: Codable {
    var iteration = 0
    var seconds = 0.0
    var evaluations: [FitEvaluation] = []
    var stopReason: StopReason?
    var bestError = Double.infinity
    /// The hold-out error that the next one must beat by `smallestGain` to count.
    var referenceError = Double.infinity
    var looksWithoutGain = 0
    var divergences = 0
    var rateFactor: Float = 1
    var smallestLoss = Double.infinity
    var largestSoundLoss = Double.infinity
  }

  let objective: any Objective
  private let rules: DescentRules
  var progress = Progress()
  /// The best iterate, or without hold-out samples a recent sound one.
  var best: [AdamState]
  private var loss = Double.nan

  /// Starts at the objective's current parameters.
  init(_ objective: any Objective, rules: DescentRules) {
    self.objective = objective
    self.rules = rules
    best = []
    best = kept.states
  }

  /// The optimisers that go back to the best iterate.
  private var kept: [Adam] {
    rules.penaltiesGoBack ? objective.optimizers : Array(objective.optimizers.prefix(1))
  }

  /// Mean squared error of the best iterate over the hold-out samples.
  var heldOutError: Double? { progress.bestError.isFinite ? progress.bestError : nil }

  /// Continues until `end` iterations are done, or a rule ends it.
  /// - Parameter save: called after every iteration, and with `isLast` before it is cancelled.
  /// - Throws: `CancellationError`, and what `save` throws.
  func run(
    until end: Int, observe: (Moment) -> Void, save: (_ isLast: Bool) throws -> Void = { _ in },
    isCancelled: () -> Bool
  ) throws {
    var watch = PausableStopwatch()
    while progress.iteration < min(end, rules.schedule.iterations) && progress.stopReason == nil {
      if isCancelled() {
        try save(true)
        throw CancellationError()
      }
      let looks = progress.iteration % rules.period == 0
      loss = objective.measure(iteration: progress.iteration, looks: looks)
      watch.pause()
      let isSound = judgeLoss()
      if looks {
        let error = objective.heldOutError(measured: true)
        if isSound { judge(error) }
      }
      observe(moment(isSound ? .sound : .diverged, looked: looks, seconds: watch.seconds))
      watch.go()
      if progress.stopReason != nil { return }
      if isSound {
        objective.descend(rate: rules.schedule.rate(at: progress.iteration) * progress.rateFactor)
      } else {
        recover()
      }
      progress.iteration += 1
      progress.seconds += watch.lap()
      try save(false)
    }
  }

  /// Looks at the hold-out samples once more and leaves the parameters at the best iterate.
  func finish(observe: (Moment) -> Void = { _ in }) {
    if progress.stopReason == nil {
      let error = objective.heldOutError(measured: false)
      if error != nil || isFinite { judge(error) }
      observe(moment(.end, looked: true, seconds: 0))
    }
    kept.restore(best)
    progress.stopReason = progress.stopReason ?? .schedule
  }

  private var isFinite: Bool {
    objective.optimizers.prefix(1).allSatisfy {
      VectorMath.dot($0.parameters.values, $0.parameters.values).isFinite
    }
  }

  private func moment(_ kind: Moment.Kind, looked: Bool, seconds: Double) -> Moment {
    Moment(
      kind: kind, iteration: progress.iteration, loss: loss, looked: looked,
      holdoutPSNR: heldOutError.map(holdoutPSNR), seconds: progress.seconds + seconds)
  }

  /// False where the loss is a sign of divergence.
  private func judgeLoss() -> Bool {
    guard loss.isFinite, loss <= max(progress.largestSoundLoss, 10 * progress.smallestLoss) else {
      return false
    }
    progress.smallestLoss = min(progress.smallestLoss, loss)
    if progress.iteration == 0, let harmless = objective.harmlessLoss {
      progress.largestSoundLoss = 4 * max(loss, harmless)
    }
    return true
  }

  private func judge(_ error: Double?) {
    guard let error else {
      best = kept.states
      return
    }
    progress.evaluations.append(.init(iteration: progress.iteration, holdoutPSNR: holdoutPSNR(error)))
    if error < progress.bestError || !rules.keepsBest {
      progress.bestError = error
      best = kept.states
    }
    if holdoutPSNR(error) > holdoutPSNR(min(progress.referenceError, 1e12)) + Self.smallestGain {
      progress.referenceError = error
      progress.looksWithoutGain = 0
    } else {
      progress.looksWithoutGain += 1
      if progress.looksWithoutGain >= rules.patience ?? .max { progress.stopReason = .holdout }
    }
  }

  private func recover() {
    kept.restore(best)
    for optimizer in kept { optimizer.reset() }
    objective.restart()
    progress.rateFactor /= 2
    progress.divergences += 1
    if progress.divergences >= rules.mostDivergences ?? .max { progress.stopReason = .divergence }
  }
}

/// PSNR in dB of a mean squared error over hold-out samples of range 0 ... 1.
func holdoutPSNR(_ error: Double) -> Double { ErrorSum.psnr(meanSquaredError: max(error, ErrorSum.least)) }
