import Frames
import Kernels
import Regularizers
import Representations

/// Any representation with any penalties.
///
/// Loss: mean over all samples of (known (X - Y))^2 + the penalties, each its weight times the penalty per sample.
final class GeneralObjective: Objective {
  /// A penalty along one axis, or of the whole, with its weight.
  struct Term {
    let kind: RegularizerKind
    let axis: Axis?
    /// Multiplies the penalty per sample; for a penalty of parameters the penalty as it is.
    let weight: Float
    let regularizer: any Regularizer
  }

  let model: any Representation
  /// Moves the model's parameters.
  let optimizer: Adam
  let data: SignalData
  let terms: [Term]
  let threads: Int
  /// For each term, its value in the last step.
  private(set) var values: [Double]

  private let signalTerms, parameterTerms: [Int]
  private let known: KnownPoints?
  private var sampling: PointSampling?
  private var signal, gradient: Signal?
  /// The whole signal of the last `heldOutError`.
  private(set) var seen: Signal?

  /// - Parameters:
  ///   - sampling: for models that are evaluated point by point: which points a step looks at; nil for all.
  init(
    model: any Representation, optimizer: Adam, data: SignalData, terms: [Term], sampling: PointSampling?,
    threads: Int
  ) {
    self.model = model
    self.optimizer = optimizer
    self.data = data
    self.terms = terms
    self.threads = threads
    self.sampling = sampling
    known = (model as? any PointwiseRepresentation).map { KnownPoints(of: data, for: $0) }
    values = Array(repeating: 0, count: terms.count)
    signalTerms = terms.indices.filter { terms[$0].regularizer is any SignalRegularizer }
    parameterTerms = terms.indices.filter { terms[$0].regularizer is any ParameterRegularizer }
  }

  func measure(iteration: Int, looks: Bool) -> Double {
    var loss = 0.0
    if let pointwise = model as? any PointwiseRepresentation {
      loss += measure(pointwise)
    } else {
      loss += measureSignal(lattice: Lattice(of: data.grid), share: 1) { gradient in
        model.differentiate(gradient, threads: threads)
      }
    }
    for i in parameterTerms {
      if let regularizer = terms[i].regularizer as? any ParameterRegularizer {
        values[i] = regularizer.addGradient(weight: terms[i].weight)
        loss += values[i]
      }
    }
    return loss
  }

  /// Without penalties of the signal only the known points are evaluated, with them all points; with `sampling`, random
  /// ones of either kind.
  private func measure(_ model: any PointwiseRepresentation) -> Double {
    var loss = 0.0
    let needsSignal = !signalTerms.isEmpty
    if var sampling {
      let share: Float = needsSignal ? 0.5 : 1
      let count = max(1, Int(Float(sampling.samples) * share))
      loss +=
        known?.addGradient(
          to: model, drawing: count, share: share, from: &sampling.random, threads: threads) ?? 0
      if needsSignal {
        loss += measureSignal(lattice: sampling.nextLattice(), share: share) { gradient in
          model.addGradient(ofEvaluated: gradient, threads: threads)
        }
      }
      self.sampling = sampling
    } else if needsSignal {
      loss += measureSignal(lattice: Lattice(of: data.grid), share: 1) { gradient in
        model.addGradient(ofEvaluated: gradient, threads: threads)
      }
    } else {
      loss += known?.addGradient(to: model, threads: threads) ?? 0
    }
    model.gatherGradient(threads: threads)
    return loss
  }

  /// Data term, `share` of it, and penalties on a lattice's samples.
  private func measureSignal(lattice: Lattice, share: Float, back: (Signal) -> Void) -> Double {
    let (signal, gradient) = memory(for: lattice)
    model.evaluate(into: signal, threads: threads)
    var loss = Double(share) * data.residual(of: signal, into: gradient, threads: threads)
    if share != 1 {
      for plane in gradient.planes { VectorMath.add(plane, times: share - 1, to: plane) }
    }
    for i in signalTerms {
      guard let regularizer = terms[i].regularizer as? any SignalRegularizer else { continue }
      values[i] = regularizer.addGradient(
        of: signal, weight: terms[i].weight, to: gradient, threads: threads)
      loss += values[i]
    }
    back(gradient)
    return loss
  }

  private func memory(for lattice: Lattice) -> (Signal, Signal) {
    if let signal, let gradient, signal.lattice == lattice { return (signal, gradient) }
    let (signal, gradient) = (
      Signal(grid: data.grid, lattice: lattice), Signal(grid: data.grid, lattice: lattice)
    )
    (self.signal, self.gradient) = (signal, gradient)
    return (signal, gradient)
  }

  /// The whole signal at the current parameters.
  func evaluate() -> Signal {
    let signal = Signal(grid: data.grid)
    model.evaluate(into: signal, threads: threads)
    return signal
  }

  func heldOutError(measured: Bool) -> Double? {
    let signal = evaluate()
    seen = signal
    return data.heldOutError(of: signal)
  }

  func descend(rate: Float) {
    optimizer.step(rate: rate, threads: threads)
    for term in terms { term.regularizer.descend() }
  }

  var optimizers: [Adam] { [optimizer] + terms.compactMap(\.regularizer.optimizer) }

  var randomState: UInt64? {
    get { sampling?.random.state }
    set { if let newValue { sampling?.random = RandomSource(seed: newValue) } }
  }
}

extension GeneralObjective {
  /// - Parameter earlier: the objective of other samples of the same shape, whose model and penalties this one takes over
  ///   as they are; nil to start anew.
  convenience init(
    _ samples: MaskedSamples, settings: GeneralFitSettings, threads: Int, after earlier: GeneralObjective?
  ) {
    let data = SignalData(samples, centring: settings.model.isCentred)
    let model = earlier?.model ?? settings.model.makeRepresentation(grid: data.grid, seed: settings.seed)
    let optimizer = earlier?.optimizer ?? settings.model.makeOptimizer(for: model)
    let terms = settings.regularizers.flatMap { regularizer in
      // The graph of a fixed energy comes from the samples; those that are learned stay.
      if let earlier, regularizer.kind != .de { return earlier.terms.filter { $0.kind == regularizer.kind } }
      return regularizer.makeTerms(
        kind: settings.model.kind, of: model, data: data, seed: settings.seed)
    }
    if earlier != nil { optimizer.reset() }
    let points = data.grid.frames * data.grid.height * data.grid.width
    let sampling = settings.samplesPerStep.flatMap { samples in
      samples < points ? PointSampling(grid: data.grid, samples: samples, seed: settings.seed &+ 99) : nil
    }
    self.init(
      model: model, optimizer: optimizer, data: data, terms: terms, sampling: sampling, threads: threads)
  }

  /// The samples of a signal with the subtracted means added back, not clipped.
  func estimate(_ signal: Signal) -> Estimate {
    Estimate(
      planes: zip(signal.planes, data.fit.centres).map { plane, centre in plane.values.map { $0 + centre } })
  }

  /// The penalties when they were last measured.
  var energies: [FitObservation.Energy] {
    zip(terms, values).map { term, value in
      let learned = term.regularizer as? any LearnedGraph
      return .init(
        kind: term.kind, axis: term.axis, value: value, weight: Double(term.weight),
        similarity: { learned?.similarity },
        effectiveRank: { learned?.effectiveRank() })
    }
  }
}
