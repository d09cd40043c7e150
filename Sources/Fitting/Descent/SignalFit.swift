import Frames
import Foundation
import Kernels
import Representations

/// Fits any representation with any penalties to the known samples of a window.
///
/// The result depends on window and settings only, not on the number of threads.
public final class SignalFit {
  private let window: MaskedSamples
  private let settings: SignalFitSettings
  private let holdingOut: (MaskedSamples) -> MaskedSamples?

  /// - Parameter holdingOut: holds out known samples of a window that has no hold-out samples, for the choice of
  ///   automatic weights; nil where it can't, and these stay at their first guess.
  public init(
    window: MaskedSamples, settings: SignalFitSettings,
    holdingOut: @escaping (MaskedSamples) -> MaskedSamples? = { _ in nil }
  ) {
    precondition(settings.iterations >= 0 && settings.observationPeriod > 0, "no such schedule")
    self.window = window
    self.settings = settings
    self.holdingOut = holdingOut
  }

  /// Runs the fit.
  ///
  /// Weights that are automatic
  /// are chosen first: see `WeightSearch`.
  /// - Parameters:
  ///   - observe: called at the start, every `observationPeriod` iterations and at the end of each frame or volume.
  ///   - checkpoint: where to keep the state of the fit; a state that is there is taken up.
  ///   - isCancelled: asked before every iteration.
  /// - Throws: `CancellationError`.
  public func run(
    observe: (SignalFitObservation) -> Void = { _ in }, checkpoint: FitCheckpoint? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> SignalFitResult {
    var settings = settings
    var searched = 0.0
    if settings.regularizers.contains(where: { $0.weight == .automatic }) {
      let search = WeightSearch(window: window, settings: settings, holdingOut: holdingOut)
      (settings.regularizers, searched) = try search.run(isCancelled: isCancelled)
    }
    var result = try Self.descend(
      window, settings, searched: searched, checkpoint: checkpoint, observe, isCancelled)
    result.regularizers = settings.regularizers
    return result
  }

  /// Fits with weights that are all given.
  static func descend(
    _ window: MaskedSamples, _ settings: SignalFitSettings, searched: Double = 0,
    checkpoint: FitCheckpoint? = nil, _ observe: (SignalFitObservation) -> Void, _ isCancelled: () -> Bool
  ) throws -> SignalFitResult {
    let windows = settings.coordinates == .frame ? window.singleFrames : [window]
    var done = Finished(planes: window.planes.count)
    done.seconds = searched
    // The number of threads does not matter to a state.
    var lasting = settings
    lasting.threads = 1
    let key = "\(window.fingerprint) \(lasting)"
    var saved = checkpoint?.load(key: key)
    if let saved { done = Finished(saved, planes: window.planes.count) ?? done }
    var descent: SignalDescent?
    var written = ContinuousClock.now
    for (number, part) in windows.enumerated() where number >= done.frames {
      let next: SignalDescent
      if let descent {
        descent.advance(to: part)
        next = descent
      } else {
        next = SignalDescent(window: part, settings: settings)
        descent = next
        if let state = saved { next.resume(state) }
        saved = nil
      }
      let count = number > 0 ? settings.laterIterations ?? settings.iterations : settings.iterations
      let outcome = try next.run(
        iterations: count, before: done.seconds, frame: windows.count > 1 ? number : nil, observe,
        save: { isLast in
          guard let checkpoint, isLast || (.now - written) / .seconds(1) > checkpoint.interval else { return }
          var state = next.state
          done.store(in: &state)
          checkpoint.save(state, key: key)
          written = .now
        }, isCancelled)
      done.add(outcome, heldOut: part.count(of: SampleState.heldOut))
    }
    return SignalFitResult(
      estimate: done.estimate, iterations: done.iterations, seconds: done.seconds,
      regularizers: settings.regularizers, holdoutPSNR: done.holdoutPSNR)
  }

  /// What is done with: frames that need no more work, and what became of them.
  private struct Finished {
    var estimate: Estimate
    var (frames, iterations, seconds) = (0, 0, 0.0)
    private var (error, heldOut) = (0.0, 0)

    init(planes: Int) { estimate = Estimate(planes: Array(repeating: [], count: planes)) }

    var holdoutPSNR: Double? { heldOut > 0 ? -10 * log10(max(error / Double(heldOut), 1e-10)) : nil }

    mutating func add(_ outcome: SignalDescent.Outcome, heldOut count: Int) {
      for p in estimate.planes.indices { estimate.planes[p] += outcome.estimate.planes[p] }
      frames += 1
      iterations += outcome.iterations
      seconds += outcome.seconds
      if let mean = outcome.heldOutError {
        error += mean * Double(count)
        heldOut += count
      }
    }

    func store(in state: inout SafeTensors) {
      for (p, values) in estimate.planes.enumerated() {
        state.tensors["estimate\(p)"] = .init(shape: [values.count], values: values)
      }
      state.metadata["finished"] = "\(frames) \(iterations) \(seconds) \(error) \(heldOut)"
    }

    init?(_ state: SafeTensors, planes: Int) {
      let numbers = (state.metadata["finished"] ?? "").split(separator: " ").map(String.init)
      guard numbers.count == 5, let frames = Int(numbers[0]), let iterations = Int(numbers[1]),
        let seconds = Double(numbers[2]), let error = Double(numbers[3]), let heldOut = Int(numbers[4])
      else { return nil }
      self.init(planes: planes)
      for p in 0..<planes {
        guard let tensor = state.tensors["estimate\(p)"] else { return nil }
        estimate.planes[p] = tensor.values
      }
      (self.frames, self.iterations, self.seconds) = (frames, iterations, seconds)
      (self.error, self.heldOut) = (error, heldOut)
    }
  }
}

extension MaskedSamples {
  /// One window for each frame.
  var singleFrames: [MaskedSamples] {
    (0..<frames).map { frame in
      MaskedSamples(
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
