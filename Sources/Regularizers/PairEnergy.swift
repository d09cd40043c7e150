import Kernels
import Representations

/// The energy of a signal's slices along an axis over pairs, E = 1/2 sum_ij A_ij ||x_i - x_j||^2 = tr(X^T L X), and its
/// gradients, without any matrix of pairs unless A is one.
///
/// With X the unfolding, whose mean over the positions does not matter and is subtracted so that no digits are lost to
/// it, and s = A 1:
///
///     E = <X, R>,  R = diag(s) X - A X,  dE/dX = 2 R
///
/// - Complexity: O(r) for each sample with A = G G^T of r columns, O(n) with A itself.
final class PairEnergy {
  /// Most parts with sums of their own.
  private static let mostParts = 16

  /// Scratch memory and sums of some successive blocks.
  private struct Part {
    let x, y, turnedX, turned, straight, mean: Matrix
    /// X X^T G or X X^T, and (1, n) ||x_i||^2.
    let moment, energies: Matrix

    init(positions n: Int, rank: Int, width: Int) {
      x = Matrix(rows: n, columns: width)
      y = Matrix(rows: n, columns: width)
      turnedX = Matrix(rows: width, columns: n)
      turned = Matrix(rows: width, columns: rank)
      straight = Matrix(rows: rank, columns: width)
      mean = Matrix(rows: 1, columns: width)
      moment = Matrix(rows: n, columns: rank)
      energies = Matrix(rows: 1, columns: n)
    }
  }
  private var parts: [Part] = []
  private var shape = (positions: 0, rank: 0)

  /// Adds `scale` times the gradient of E to `gradient`.
  /// - Parameters:
  ///   - group: whose planes are unfolded; `weights` belong to its positions on the signal's lattice.
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
          turned: part.turned.reshaped(rows: width, columns: rank),
          straight: part.straight.reshaped(rows: rank, columns: width))
        value -= VectorMath.dot(x, y)
        unfolding.add(
          y, times: Float(-2 * scale), to: block, of: gradient,
          turned: part.turnedX.reshaped(rows: width, columns: n))
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
    let (factor, row, all) = weights.gradientTerms(energies: energies)
    let height = 16
    parallelFor((weights.positions + height - 1) / height, threads: threads) { strip in
      for i in strip * height..<min((strip + 1) * height, weights.positions) {
        let target = gradient.rows(i..<i + 1)
        target.fill(0)
        for part in parts {
          VectorMath.add(part.moment.rows(i..<i + 1), times: -factor * scale, to: target)
        }
        VectorMath.add(row, times: scale * energies[0, i], to: target)
        VectorMath.add(all, times: scale, to: target)
      }
    }
  }

  private static func centre(_ x: Matrix, mean: Matrix) {
    mean.fill(0)
    VectorMath.addColumnSums(x, to: mean)
    for i in 0..<x.rows { VectorMath.add(mean, times: -1 / Float(x.rows), to: x.rows(i..<i + 1)) }
  }
}
