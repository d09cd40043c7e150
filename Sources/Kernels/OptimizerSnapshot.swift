/// Parameters and the optimiser's moments at one moment of a fit, to come back to.
public final class OptimizerSnapshot {
  private var state: AdamState

  /// The state of `adam` as it is.
  public init(for adam: Adam) { state = adam.state }

  public func save(_ adam: Adam) { state = adam.state }

  /// Brings back parameters and moments.
  public func restore(_ adam: Adam) {
    let fits = adam.restore(state)
    precondition(fits, "a snapshot goes back to the optimiser that it was taken of")
  }

  /// Brings back the parameters and forgets the moments.
  public func restoreParameters(_ adam: Adam) {
    restore(adam)
    adam.reset()
  }
}
