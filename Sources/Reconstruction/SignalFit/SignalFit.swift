import Foundation
import Kernels
import Representations

/// Fits any representation with any penalties to the known samples of a window.
///
/// The result depends on window and settings only, not on the number of threads.
public final class SignalFit {
  private let window: MaskedWindow
  private let settings: SignalFitSettings

  public init(window: MaskedWindow, settings: SignalFitSettings) {
    precondition(settings.iterations >= 0 && settings.observationPeriod > 0, "no such schedule")
    self.window = window
    self.settings = settings
  }

  /// Runs the fit.
  ///
  /// Where samples are held out, the iterate is kept that an observation found best on them. Weights that are automatic
  /// are chosen first: see `WeightSearch`.
  /// - Parameters:
  ///   - observe: called at the start, every `observationPeriod` iterations and at the end of each frame or volume.
  ///   - isCancelled: asked before every iteration.
  /// - Throws: `RestorationError.cancelled`.
  public func run(
    observe: (SignalFitObservation) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> SignalFitResult {
    var settings = settings
    var searched = 0.0
    if settings.regularizers.contains(where: { $0.weight == .automatic }) {
      let search = WeightSearch(window: window, settings: settings)
      (settings.regularizers, searched) = try search.run(isCancelled: isCancelled)
    }
    var result = try Self.descend(window, settings, searched: searched, observe, isCancelled)
    result.regularizers = settings.regularizers
    return result
  }

  /// Fits with weights that are all given.
  static func descend(
    _ window: MaskedWindow, _ settings: SignalFitSettings, searched: Double = 0,
    _ observe: (SignalFitObservation) -> Void, _ isCancelled: () -> Bool
  ) throws -> SignalFitResult {
    let windows = settings.coordinates == .frame ? window.singleFrames : [window]
    var estimate = WindowEstimate(planes: window.planes.map { _ in [] })
    var (iterations, seconds) = (0, searched)
    var (error, heldOut) = (0.0, 0)
    var descent: SignalDescent?
    for (number, part) in windows.enumerated() {
      let next: SignalDescent
      if let descent {
        descent.advance(to: part)
        next = descent
      } else {
        next = SignalDescent(window: part, settings: settings)
        descent = next
      }
      let isLater = number > 0
      let count = isLater ? settings.laterIterations ?? settings.iterations : settings.iterations
      let outcome = try next.run(
        iterations: count, before: seconds, frame: windows.count > 1 ? number : nil, observe, isCancelled)
      for p in estimate.planes.indices { estimate.planes[p] += outcome.estimate.planes[p] }
      iterations += outcome.iterations
      seconds += outcome.seconds
      if let mean = outcome.heldOutError {
        error += mean * Double(part.count(of: SampleState.heldOut))
        heldOut += part.count(of: SampleState.heldOut)
      }
    }
    return SignalFitResult(
      estimate: estimate, iterations: iterations, seconds: seconds, regularizers: settings.regularizers,
      holdoutPSNR: heldOut > 0 ? -10 * log10(max(error / Double(heldOut), 1e-10)) : nil)
  }
}

extension MaskedWindow {
  /// One window for each frame.
  var singleFrames: [MaskedWindow] {
    (0..<frames).map { frame in
      MaskedWindow(
        frames: 1, height: height, width: width,
        planes: planes.map { plane in
          let range = frame * plane.height * plane.width..<(frame + 1) * plane.height * plane.width
          return Plane(
            role: plane.role, height: plane.height, width: plane.width, values: Array(plane.values[range]),
            states: Array(plane.states[range]), rowPositions: plane.rowPositions,
            columnPositions: plane.columnPositions)
        })
    }
  }
}
