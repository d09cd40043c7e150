import Frames
import Foundation
import Kernels

/// Chooses the weights that are automatic by the error on hold-out samples.
///
/// The paper leaves the weight open. Here the search climbs along a short list of weights, a factor of about three apart,
/// from the first guess on: a whole fit each, because what a penalty prevents shows late. Where the site has no hold-out
/// samples, some known ones are held out in the shape of the holes, for the search only. Several automatic weights are
/// chosen one after the other, with those that are still open at their first guess.
struct WeightSearch {
  let samples: MaskedSamples
  let settings: GeneralFitSettings
  let threads: Int
  /// Holds out known samples of a site without any; nil where there is no place for them.
  let holdingOut: (MaskedSamples) -> MaskedSamples?

  /// Weights to choose from, from small to large.
  static func candidates(for regularizer: RegularizerSettings, of model: ModelKind) -> [Float] {
    let guess =
      switch regularizer.kind {
      case .inrr: regularizer.resolvedForm(of: model) == .paper ? 0.066 : 0.3
      case .air: 0.66
      case .de: 3e-4
      case .tv, .sstv: 1e-3
      case .l2: 1e-7
      }
    return [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30].map { twoDigits($0 * guess) }
  }
  /// A weight of two digits, which reads well in reports.
  private static func twoDigits(_ weight: Double) -> Float {
    let unit = pow(10, floor(log10(weight)) - 1)
    return Float("\((weight / unit).rounded())e\(Int(log10(unit).rounded()))") ?? Float(weight)
  }

  /// Place of the first guess among the candidates.
  private static let guess = 5

  /// - Returns: the penalties with weights, and the seconds the search took.
  /// - Throws: `CancellationError`.
  func run(isCancelled: () -> Bool) throws -> (regularizers: [RegularizerSettings], seconds: Double) {
    var (chosen, seconds) = (settings.regularizers, 0.0)
    let open = chosen.indices.filter { chosen[$0].weight == .automatic }
    for i in open {
      chosen[i] = with(Self.candidates(for: chosen[i], of: settings.model.kind)[Self.guess], chosen[i])
    }
    let heldOut = samples.count(of: SampleState.heldOut) > 0
    let training = heldOut ? samples : holdingOut(samples)
    guard let training else { return (chosen, 0) }
    for i in open {
      let candidates = Self.candidates(for: chosen[i], of: settings.model.kind)
      var tried: [Int: Double] = [:]
      func psnr(_ k: Int) throws -> Double {
        guard candidates.indices.contains(k) else { return -.infinity }
        if let known = tried[k] { return known }
        var trial = settings
        trial.regularizers = chosen
        trial.regularizers[i] = with(candidates[k], chosen[i])
        // As the fit will end: at the last iterate if nothing tells the best one.
        trial.keepsBest = settings.keepsBest && heldOut
        let result = try GeneralFit.descend(training, trial, threads: threads, { _ in }, isCancelled)
        seconds += result.seconds
        let psnr = result.holdoutPSNR ?? -.infinity
        tried[k] = psnr
        return psnr
      }
      var place = Self.guess
      while try psnr(place + 1) > psnr(place) { place += 1 }
      if place == Self.guess {
        while try psnr(place - 1) > psnr(place) { place -= 1 }
      }
      chosen[i] = with(candidates[place], chosen[i])
    }
    return (chosen, seconds)
  }

  private func with(_ weight: Float, _ regularizer: RegularizerSettings) -> RegularizerSettings {
    var result = regularizer
    result.weight = .fixed(row: weight, column: weight, time: weight)
    return result
  }
}
