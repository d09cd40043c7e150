import Kernels
import Representations

/// A penalty on the insides of a representation, which may learn along with it.
public protocol Regularizer: AnyObject {
  /// Adds `weight` times the penalty's gradient to the model's, and keeps the gradient of its own parameters.
  ///
  /// Needs the model between `gatherSignalGradient` and `finish`.
  /// - Returns: `weight` times the penalty.
  func accumulate(weight: Float, threads: Int) -> Double

  /// Moves the penalty's own parameters against the gradient that `accumulate` left.
  func descend()

  /// The state of the penalty's own parameters, to come back to.
  var parameters: Parameters { get }
  var optimizer: Adam { get }
}
