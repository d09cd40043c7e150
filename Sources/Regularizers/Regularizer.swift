import Kernels
import Representations

/// A penalty on a representation or on its signal, which may learn along with it.
///
/// A penalty conforms to one of the protocols below, by what it looks at. Weights multiply the penalty divided by the
/// number of the grid's samples, unless said otherwise, so that one weight means the same for any size.
public protocol Regularizer: AnyObject {
  /// Moves the penalty's own parameters against the gradient that its last evaluation left; nothing where it has none.
  func descend()

  /// The state of the penalty's own parameters, to come back to; nil where it has none.
  var optimizer: Adam? { get }
}

extension Regularizer {
  public func descend() {}
  public var optimizer: Adam? { nil }
}

/// A penalty on the samples of a signal, for any representation.
public protocol SignalRegularizer: Regularizer {
  /// Adds `weight` times the gradient of the penalty per sample to `gradient`, and keeps the gradient of its own
  /// parameters.
  ///
  /// On a lattice that is drawn at random, value and gradients are unbiased estimates of those on the whole grid.
  /// - Returns: `weight` times the penalty per sample.
  func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double
}

/// A penalty on the factors of a representation, which costs nothing of the signal's size.
public protocol FactorRegularizer: Regularizer {
  /// Adds `weight` times the penalty's gradient to the model's, and keeps the gradient of its own parameters.
  ///
  /// Needs the model in the `insides` of `differentiate`. The weight multiplies the penalty as it is, not per sample.
  /// - Returns: `weight` times the penalty.
  func accumulate(weight: Float, threads: Int) -> Double
}

/// A penalty on the parameters of a representation.
public protocol ParameterRegularizer: Regularizer {
  /// Adds `weight` times the penalty's gradient to the model's parameters', after `differentiate`. The weight
  /// multiplies the penalty as it is, not per sample.
  /// - Returns: `weight` times the penalty.
  func addGradient(weight: Float) -> Double
}

/// A penalty whose graph over the positions of an axis is learned, for inspection.
public protocol LearnedGraph: Regularizer {
  var axis: Axis { get }

  /// INRR's G, (positions, centres), or AIR's A, (positions, positions), at the current parameters.
  var similarity: Matrix { get }

  /// How many groups of positions the graph tells apart, by the entropy of its similarities' spectrum.
  func effectiveRank() -> Double
}
