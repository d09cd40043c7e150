import Kernels

/// A signal as a differentiable function of parameters.
///
/// One step of a fit calls `evaluate`, then `differentiate` with the gradient of a loss with respect to what was
/// evaluated. Results do not depend on the number of threads.
public protocol Representation: AnyObject {
  var grid: SignalGrid { get }
  var parameters: Parameters { get }

  /// Elements of `parameters` that multiply something: those that weight decay acts on. Biases are not among them.
  var weightRanges: [Range<Int>] { get }

  /// Writes the signal of the current parameters, on the lattice of `signal`.
  func evaluate(into signal: Signal, threads: Int)

  /// Fills `parameters.gradients` from the gradient of a loss with respect to the signal that the last `evaluate` wrote,
  /// on the same lattice.
  /// - Parameter insides: called when gradients of the model's insides, such as those of factor matrices, may be added.
  func differentiate(_ gradient: Signal, threads: Int, insides: () -> Void)
}

extension Representation {
  public func differentiate(_ gradient: Signal, threads: Int) {
    differentiate(gradient, threads: threads, insides: {})
  }
}
