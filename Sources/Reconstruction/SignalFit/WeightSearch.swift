import Foundation
import Kernels

/// Chooses the weights that are automatic by the error on hold-out samples.
///
/// The paper leaves the weight open. Here a short list of weights, a factor of about three apart, is tried from small to
/// large: a whole fit each, because what a penalty prevents shows late. A list ends early when the error has risen twice.
/// Several automatic weights are chosen one after the other, the others at their first guess.
struct WeightSearch {
  let window: MaskedWindow
  let settings: SignalFitSettings

  /// Weights to try, from small to large; the first guess in the middle.
  static func candidates(for regularizer: RegularizerSettings) -> [Float] {
    let guess: Float =
      switch regularizer.kind {
      case .inrr: regularizer.form == .paper ? 0.066 : 0.02
      case .air: 0.06
      case .de: 3e-4
      case .tv, .sstv: 1e-3
      case .l2: 1e-7
      }
    return [0.03, 0.1, 0.3, 1, 3, 10].map { $0 * guess }
  }

  /// - Returns: the penalties with weights, and the seconds the search took.
  /// - Throws: `RestorationError.cancelled`.
  func run(isCancelled: () -> Bool) throws -> (regularizers: [RegularizerSettings], seconds: Double) {
    var (chosen, seconds) = (settings.regularizers, 0.0)
    let open = chosen.indices.filter { chosen[$0].weight == .automatic }
    for i in open { chosen[i] = with(Self.candidates(for: chosen[i])[3], chosen[i]) }
    let training =
      window.count(of: SampleState.heldOut) > 0 ? window : window.holdingOutAtRandom(settings.seed)
    if training.count(of: SampleState.heldOut) == 0 { return (chosen, 0) }
    for i in open {
      var (best, rises) = (-Double.infinity, 0)
      var winner = chosen[i]
      for weight in Self.candidates(for: chosen[i]) where rises < 2 {
        var trial = settings
        trial.regularizers = chosen
        trial.regularizers[i] = with(weight, chosen[i])
        let result = try SignalFit.descend(training, trial, { _ in }, isCancelled)
        seconds += result.seconds
        let psnr = result.holdoutPSNR ?? -.infinity
        if psnr > best {
          (best, rises, winner) = (psnr, 0, trial.regularizers[i])
        } else {
          rises += 1
        }
      }
      chosen[i] = winner
    }
    return (chosen, seconds)
  }

  private func with(_ weight: Float, _ regularizer: RegularizerSettings) -> RegularizerSettings {
    var result = regularizer
    result.weight = .fixed(row: weight, column: weight, time: weight)
    return result
  }
}

extension MaskedWindow {
  /// The window with one known place in ten held out, in all planes alike where they share their positions.
  func holdingOutAtRandom(_ seed: UInt64) -> MaskedWindow {
    var result = self
    for p in planes.indices {
      // Planes of the same size hold out the same places.
      var random = RandomSource(seed: seed &+ 0x51ED_270B)
      for i in planes[p].states.indices {
        let isChosen = random.below(10) == 0
        if isChosen && planes[p].states[i] == SampleState.known {
          result.planes[p].states[i] = SampleState.heldOut
        }
      }
    }
    return result
  }
}
