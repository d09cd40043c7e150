import Kernels

/// A representation that is evaluated at any points, each by itself.
///
/// A step of a fit on points calls `addGradient` for one or more sets of them, and `gatherGradient` at the end.
public protocol PointwiseRepresentation: Representation {
  /// Coordinates of a point.
  var coordinates: Int { get }
  /// Values at a point: one for each plane.
  var outputs: Int { get }

  /// Coordinates of a group's samples on a lattice, (samples, coordinates), in the order of `Signal`'s planes.
  func points(of lattice: Lattice, group: Int) -> Matrix

  /// Values at points, (points, outputs).
  func evaluate(points: Matrix, into output: Matrix, threads: Int)

  /// Evaluates points, asks for the gradient of a loss there, and adds up the parameters' gradient.
  /// - Parameter loss: gets a range of points and the values there, (points, outputs), and writes the gradient with
  ///   respect to them. Called from several threads at a time, for different points.
  func addGradient(
    points: Matrix, threads: Int,
    of loss: @Sendable (_ points: Range<Int>, _ values: Matrix, _ gradient: Matrix) -> Void)

  /// Adds up the parameters' gradient from one with respect to the signal that `evaluate(into:)` wrote last.
  func addGradient(ofEvaluated gradient: Signal, threads: Int)

  /// Completes `parameters.gradients` from all that was added since the last time.
  func gatherGradient(threads: Int)
}
