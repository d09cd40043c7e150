import Kernels

/// What a descent lowers: a loss of some parameters, its gradient, and how far the hold-out samples are off.
protocol Objective: AnyObject {
  /// Evaluates loss and gradients at the current parameters.
  /// - Parameter looks: whether `heldOutError(measured: true)` will be asked for.
  /// - Returns: the loss.
  func measure(iteration: Int, looks: Bool) -> Double

  /// Mean squared error over the hold-out samples at the current parameters; nil where none are held out.
  /// - Parameter measured: true where `measure`, told that it would be asked, was the last call.
  func heldOutError(measured: Bool) -> Double?

  /// Moves the parameters, also those of penalties that learn, against the gradients of the last `measure`.
  func descend(rate: Float)

  /// Forgets what was kept of earlier steps, for parameters that have been set back.
  func restart()

  /// The model's optimiser, and after it those of the penalties that learn.
  var optimizers: [Adam] { get }

  /// A loss that is no sign of divergence at the first iteration; nil where every finite loss is none at any time.
  var harmlessLoss: Double? { get }

  /// State of its random numbers; nil where it draws none.
  var randomState: UInt64? { get set }
}

extension Objective {
  func restart() {}
  var harmlessLoss: Double? { nil }
  var randomState: UInt64? {
    get { nil }
    set {}
  }
}

extension [Adam] {
  /// Parameters and moments of all of them.
  var states: [AdamState] { map(\.state) }

  /// Brings back parameters and moments that were taken of the same optimisers.
  func restore(_ states: [AdamState]) {
    for (optimizer, state) in zip(self, states) {
      let fits = optimizer.restore(state)
      precondition(fits, "a state goes back to the optimiser that it was taken of")
    }
  }
}
