import Kernels

/// Minimises a `LevelLineEnergy` over the missing samples by preconditioned conjugate gradients (Hestenes and Stiefel, 1952).
struct LevelLineDescent {
  private let energy: LevelLineEnergy
  private let tolerance: Double
  private let steps: Int
  private let residual: Matrix
  private let direction: Matrix
  private let image: Matrix
  private let between: (Matrix, Matrix)

  /// - Parameters:
  ///   - tolerance: a descent ends when the norm of the gradient is this share of its norm with all missing samples 0.
  ///   - steps: most steps of a descent.
  init(energy: LevelLineEnergy, tolerance: Double, steps: Int) {
    (self.energy, self.tolerance, self.steps) = (energy, tolerance, steps)
    let count = energy.shape.frames * energy.shape.height * energy.shape.width
    func zeros() -> Matrix { Matrix(rows: 1, columns: count) }
    (residual, direction, image, between) = (zeros(), zeros(), zeros(), (zeros(), zeros()))
  }

  /// Memory that is free between descents.
  var scratch: (Matrix, Matrix, Matrix) { (residual, between.0, between.1) }

  /// Changes the missing samples of `u`, which hold the start.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func minimise(_ u: SharedElements<Float>, context: EstimatorContext) throws {
    // The gradient with all missing samples 0.
    energy.copyKnown(u, to: image)
    energy.gradient(of: image.elements, to: residual, scratch: between)
    let end = energy.dot(residual, residual) * tolerance * tolerance
    energy.gradient(of: u, to: residual, scratch: between)
    energy.preconditioner.apply(residual, to: direction)
    var slope = energy.dot(residual, direction)
    var square = energy.dot(residual, residual)
    for step in 0..<steps where square > end {
      if step % 8 == 0 { try context.checkCancellation() }
      energy.gradient(of: direction.elements, to: image, scratch: between)
      let curvature = energy.dot(direction, image)
      if !(curvature > 0) { return }
      square = energy.step(
        Float(slope / curvature), along: direction, image: image, to: u, residual: residual)
      energy.preconditioner.apply(residual, to: image)
      let next = energy.dot(residual, image)
      energy.turn(direction, by: Float(next / slope), towards: image)
      slope = next
    }
  }
}
