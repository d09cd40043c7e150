import Kernels

/// A signal that is a product of one factor matrix for each axis and something else.
///
/// Along an axis with factor U, the slices of the signal at positions i and j differ by
/// ||x_i - x_j||^2 = (u_i - u_j)^T K (u_i - u_j), where the Gram matrix K = R R^T of all the rest R of the product is
/// small. So energies over pairs of slices need K and U only, never the signal.
public protocol FactorisedRepresentation: Representation {
  /// The factor of an axis, (positions, rank), at the finest positions that any plane has. Needs `prepare`.
  func factor(along axis: Axis) -> Matrix

  /// Where gradients of `factor(along:)` are added, inside `differentiate`.
  func factorGradient(along axis: Axis) -> Matrix

  /// K of an axis, (rank, rank), symmetric, summed over the planes that use the factor: all of them, unless subsampled
  /// planes have factors of their own. Valid until the next call. Needs `prepare`.
  func gram(along axis: Axis, threads: Int) -> Matrix

  /// Adds the gradient of a function of K, (rank, rank) and symmetric, to everything that K is made of. Needs
  /// `gram` of the same axis, inside `differentiate`.
  func addGramGradient(_ gradient: Matrix, along axis: Axis, threads: Int)
}
