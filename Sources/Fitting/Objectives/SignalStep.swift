import Kernels
import Regularizers
import Representations

/// One step of a fit of any model with any penalties.
final class SignalStep {
  /// A penalty along one axis, or of the whole, with its weight.
  struct Term {
    let kind: RegularizerKind
    let axis: Axis?
    /// On the penalty per sample, for penalties of signals and factors; as it is, for those of parameters.
    let weight: Float
    let regularizer: any Regularizer
  }

  let model: any Representation
  let data: SignalData
  let terms: [Term]
  let threads: Int
  /// For each term, its value in the last step.
  private(set) var values: [Double]

  private let signalTerms, factorTerms, parameterTerms: [Int]
  private let known: KnownPoints?
  private var sampling: PointSampling?
  private var signal, gradient: Signal?

  /// - Parameters:
  ///   - sampling: for models that are evaluated point by point: which points a step looks at; nil for all.
  init(
    model: any Representation, data: SignalData, terms: [Term], sampling: PointSampling?, threads: Int
  ) {
    self.model = model
    self.data = data
    self.terms = terms
    self.threads = threads
    self.sampling = sampling
    known = (model as? any PointwiseRepresentation).map { KnownPoints(of: data, for: $0) }
    values = Array(repeating: 0, count: terms.count)
    signalTerms = terms.indices.filter { terms[$0].regularizer is any SignalRegularizer }
    factorTerms = terms.indices.filter { terms[$0].regularizer is any FactorRegularizer }
    parameterTerms = terms.indices.filter { terms[$0].regularizer is any ParameterRegularizer }
  }

  /// Fills the gradients of the model and of the penalties, and returns the loss at the current parameters.
  func measure() -> Double {
    var loss = 0.0
    if let pointwise = model as? any PointwiseRepresentation {
      loss += measure(pointwise)
    } else {
      loss += measureSignal(lattice: Lattice(of: data.grid), share: 1) { gradient in
        model.differentiate(gradient, threads: threads) { loss += addFactorTerms() }
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

  /// All known points where nothing needs others; all points where a penalty looks at the signal; or of both a random
  /// part.
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

  private func addFactorTerms() -> Double {
    var sum = 0.0
    for i in factorTerms {
      guard let regularizer = terms[i].regularizer as? any FactorRegularizer else { continue }
      let weight = terms[i].weight / Float(max(data.grid.sampleCount, 1))
      values[i] = regularizer.accumulate(weight: weight, threads: threads)
      sum += values[i]
    }
    return sum
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

  /// The state of the random numbers by which points are drawn; nil where all are looked at.
  var samplingState: UInt64? {
    get { sampling?.random.state }
    set { if let newValue { sampling?.random = RandomSource(seed: newValue) } }
  }

  func descendRegularizers() { for term in terms { term.regularizer.descend() } }
}
