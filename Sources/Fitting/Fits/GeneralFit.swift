import Frames
import Kernels
import Representations

/// Fits any representation with any penalties to the known samples of a site.
///
/// The result depends on samples and settings only, not on the number of threads.
public final class GeneralFit {
  private let samples: MaskedSamples
  private let settings: GeneralFitSettings
  private let threads: Int
  private let holdingOut: (MaskedSamples) -> MaskedSamples?

  /// - Parameters:
  ///   - threads: the result does not depend on it.
  ///   - holdingOut: holds out known samples of a site that has no hold-out samples, for the choice of automatic
  ///     weights; nil where it can't, and these stay at their first guess.
  public init(
    samples: MaskedSamples, settings: GeneralFitSettings, threads: Int = 1,
    holdingOut: @escaping (MaskedSamples) -> MaskedSamples? = { _ in nil }
  ) {
    precondition(settings.iterations >= 0 && settings.observationPeriod > 0, "no such schedule")
    self.samples = samples
    self.settings = settings
    self.threads = threads
    self.holdingOut = holdingOut
  }

  /// Runs the fit.
  ///
  /// Weights that are automatic are chosen first: see `WeightSearch`.
  /// - Parameters:
  ///   - observe: called at the start, every `observationPeriod` iterations and at the end of each frame or volume.
  ///   - checkpoint: where to keep the state of the fit; a state that is there is taken up.
  ///   - isCancelled: asked before every iteration.
  /// - Throws: `CancellationError`, or `EncodingError` for a checkpoint of settings that are no numbers.
  public func run(
    observe: (FitObservation) -> Void = { _ in }, checkpoint: FitCheckpoint? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> GeneralFitResult {
    var settings = settings
    var searched = 0.0
    if settings.regularizers.contains(where: { $0.weight == .automatic }) {
      let search = WeightSearch(
        samples: samples, settings: settings, threads: threads, holdingOut: holdingOut)
      (settings.regularizers, searched) = try search.run(isCancelled: isCancelled)
    }
    return try Self.descend(
      samples, settings, threads: threads, searched: searched, checkpoint: checkpoint, observe, isCancelled)
  }

  /// Fits with weights that are all given.
  static func descend(
    _ samples: MaskedSamples, _ settings: GeneralFitSettings, threads: Int, searched: Double = 0,
    checkpoint: FitCheckpoint? = nil, _ observe: (FitObservation) -> Void, _ isCancelled: () -> Bool
  ) throws -> GeneralFitResult {
    let parts = settings.coordinates == .frame ? samples.singleFrames : [samples]
    var done = Finished(planes: samples.planes.count)
    done.seconds = searched
    let key = try checkpoint.map { _ in
      try FitCheckpoint.Key(fingerprint: samples.fingerprint, settings: settings).text
    }
    var saved: SafeTensors?
    if let checkpoint, let key { saved = checkpoint.load(key: key) }
    if let saved { done = Finished(saved, planes: samples.planes.count) ?? done }
    var objective: GeneralObjective?
    var written = ContinuousClock.now
    for (number, part) in parts.enumerated() where number >= done.frames {
      let current = GeneralObjective(part, settings: settings, threads: threads, after: objective)
      objective = current
      let count = number > 0 ? settings.laterIterations ?? settings.iterations : settings.iterations
      let descent = Descent(current, rules: settings.rules(iterations: count))
      if let state = saved { descent.resume(state) }
      saved = nil
      func tell(_ moment: Descent.Moment) {
        guard moment.looked, let signal = current.seen else { return }
        observe(
          FitObservation(
            iteration: moment.iteration, frame: parts.count > 1 ? number : nil, loss: moment.loss,
            seconds: done.seconds + moment.seconds, holdoutPSNR: moment.holdoutPSNR,
            energies: current.energies, estimate: { current.estimate(signal) }))
      }
      try descent.run(
        until: count, observe: tell,
        save: { isLast in
          guard let checkpoint, let key, isLast || (.now - written) / .seconds(1) > checkpoint.interval
          else { return }
          var state = try descent.state()
          done.store(in: &state)
          try checkpoint.save(state, key: key)
          written = .now
        }, isCancelled: isCancelled)
      descent.finish(observe: tell)
      done.add(
        current.estimate(current.evaluate()), of: descent, heldOut: part.count(of: SampleState.heldOut))
    }
    return GeneralFitResult(
      estimate: done.estimate, iterations: done.iterations, seconds: done.seconds,
      regularizers: settings.regularizers, holdoutPSNR: done.holdoutPSNR)
  }

  /// What is done with: frames that need no more work, and what became of them.
  private struct Finished {
    var estimate: Estimate
    var (frames, iterations, seconds) = (0, 0, 0.0)
    private var (error, heldOut) = (0.0, 0)

    init(planes: Int) { estimate = Estimate(planes: Array(repeating: [], count: planes)) }

    var holdoutPSNR: Double? { heldOut > 0 ? Fitting.holdoutPSNR(error / Double(heldOut)) : nil }

    mutating func add(_ part: Estimate, of descent: Descent, heldOut count: Int) {
      for p in estimate.planes.indices { estimate.planes[p] += part.planes[p] }
      frames += 1
      iterations += descent.progress.iteration
      seconds += descent.progress.seconds
      if let mean = descent.heldOutError {
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
