import Kernels
import Representations

/// The energy of a signal's slices along an axis over pairs, E = 1/2 sum_ij A_ij ||x_i - x_j||^2 = tr(X^T L X), and its
/// gradients. An n x n matrix is used only where A itself is given, not for A = G G^T.
///
/// With X the unfolding, less its mean over the positions (which changes no difference, but costs digits), and s = A 1:
///
///     E = <X, R>,  R = diag(s) X - A X,  dE/dX = 2 R
///
/// - Complexity: O(r) for each sample with A = G G^T of r columns, O(n) with A itself.
final class PairEnergy {
  /// Most parts that the blocks are divided into; each has sums of its own.
  private static let mostParts = 16

  /// Scratch memory, and the sums of some successive blocks.
  private struct Part {
    /// A block X and its -R, both (n, width), X^T, and what `PairWeights.apply` needs.
    let x, y, transposedX, projectedTransposed, projected, mean: Matrix
    /// X X^T G (or X X^T), and ||x_i||^2 as (1, n).
    let moment, energies: Matrix

    init(positions n: Int, rank: Int, width: Int) {
      x = Matrix(rows: n, columns: width)
      y = Matrix(rows: n, columns: width)
      transposedX = Matrix(rows: width, columns: n)
      projectedTransposed = Matrix(rows: width, columns: rank)
      projected = Matrix(rows: rank, columns: width)
      mean = Matrix(rows: 1, columns: width)
      moment = Matrix(rows: n, columns: rank)
      energies = Matrix(rows: 1, columns: n)
    }
  }
  private var parts: [Part] = []
  private var shape = (positions: 0, rank: 0)

  /// Adds `scale` times the gradient of E to `gradient`.
  /// - Parameters:
  ///   - group: the group of planes that is unfolded; `weights` belong to its positions on the signal's lattice.
  ///   - weightGradient: becomes `scale` times the gradient with respect to G or A; nil where it is not wanted.
  /// - Returns: `scale` times E.
  func addGradient(
    of signal: Signal, along axis: Axis, group: Int, weights: PairWeights, scale: Double, to gradient: Signal,
    weightGradient: Matrix?, threads: Int
  ) -> Double {
    let unfolding = Unfolding(signal, along: axis, group: group)
    let (n, rank, blocks) = (weights.positions, weights.matrix.columns, unfolding.blocks)
    let count = min(blocks.count, Self.mostParts)
    if shape != (n, rank) { parts = [] }
    shape = (n, rank)
    while parts.count < count {
      parts.append(Part(positions: n, rank: rank, width: Unfolding.blockWidth))
    }
    let parts = parts[..<count]
    let sums = weights.rowSums()
    let values = parallelMap(count, threads: threads) { i in
      let part = parts[i]
      var value = 0.0
      part.energies.fill(0)
      part.moment.fill(0)
      for block in blocks[i * blocks.count / count..<(i + 1) * blocks.count / count] {
        let width = block.range.count
        let x = part.x.reshaped(rows: n, columns: width)
        let y = part.y.reshaped(rows: n, columns: width)
        unfolding.copy(block, of: signal, into: x)
        Self.centre(x, mean: part.mean.columns(0..<width))
        // y = -R
        for k in 0..<n {
          let (from, to) = (x.rows(k..<k + 1), y.rows(k..<k + 1))
          to.fill(0)
          VectorMath.add(from, times: -sums[k], to: to)
          part.energies[0, k] += Float(VectorMath.dot(from, from))
        }
        weights.apply(
          to: x, adding: y, moment: weightGradient == nil ? nil : part.moment,
          projectedTransposed: part.projectedTransposed.reshaped(rows: width, columns: rank),
          projected: part.projected.reshaped(rows: rank, columns: width))
        value -= VectorMath.dot(x, y)
        unfolding.add(
          y, times: Float(-2 * scale), to: block, of: gradient,
          transposed: part.transposedX.reshaped(rows: width, columns: n))
      }
      return value
    }
    if let weightGradient {
      gather(parts, weights, scale: Float(scale), into: weightGradient, threads: threads)
    }
    return scale * values.reduce(0, +)
  }

  /// The weights' gradient from the sums of the parts, in order.
  private func gather(
    _ parts: ArraySlice<Part>, _ weights: PairWeights, scale: Float, into gradient: Matrix, threads: Int
  ) {
    let energies = Matrix(rows: 1, columns: weights.positions)
    for part in parts { VectorMath.add(part.energies, to: energies) }
    let terms = weights.gradientTerms(energies: energies)
    let height = 16
    parallelFor((weights.positions + height - 1) / height, threads: threads) { strip in
      for i in strip * height..<min((strip + 1) * height, weights.positions) {
        let target = gradient.rows(i..<i + 1)
        target.fill(0)
        for part in parts {
          VectorMath.add(part.moment.rows(i..<i + 1), times: -terms.momentFactor * scale, to: target)
        }
        VectorMath.add(terms.perEnergy, times: scale * energies[0, i], to: target)
        VectorMath.add(terms.everyRow, times: scale, to: target)
      }
    }
  }

  private static func centre(_ x: Matrix, mean: Matrix) {
    mean.fill(0)
    VectorMath.addColumnSums(x, to: mean)
    for i in 0..<x.rows { VectorMath.add(mean, times: -1 / Float(x.rows), to: x.rows(i..<i + 1)) }
  }
}
