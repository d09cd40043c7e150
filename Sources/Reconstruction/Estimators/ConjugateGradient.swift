import Kernels

/// The least of a `BendingEnergy` over the missing samples, by conjugate gradients (Hestenes and Stiefel, 1952).
///
/// - Complexity: O(steps x samples of rows with a missing one); steps grow with the width of the holes, and are bounded.
struct ConjugateGradient {
  let energy: BendingEnergy

  /// The residual has fallen to this share of the first one.
  private static let tolerance = 1e-3
  private static let steps = 200

  /// Changes the missing samples of `u`, which hold the start.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func minimise(_ u: UnsafeMutableBufferPointer<Float>, context: EstimatorContext) throws {
    guard let u = u.baseAddress, !energy.unknownRows.isEmpty else { return }
    let (rows, width) = (energy.unknownRows, energy.width)
    let count = energy.frames * energy.height * width
    func zeros() -> Matrix { Matrix(rows: 1, columns: count) }
    let (residual, direction, image, scratch) = (zeros(), zeros(), zeros(), zeros())
    func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
      energy.sum(rows) { rows in
        var sum = 0.0
        for row in rows {
          var part: Float = 0
          for i in row * width..<(row + 1) * width { part += a[i] * b[i] }
          sum += Double(part)
        }
        return sum
      }
    }
    energy.gradient(of: u, to: residual.base, scratch: scratch.base)
    each(rows) { i in
      residual.base[i] = -residual.base[i]
      direction.base[i] = residual.base[i]
    }
    var square = dot(residual.base, residual.base)
    let end = square * Self.tolerance * Self.tolerance
    // Squares of a ten-thousandth of full scale are noise.
    let floor = 1e-8 * 1e-2 * Double(rows.count * width)
    for step in 0..<Self.steps where square > max(end, floor) {
      if step % 8 == 0 { try context.checkCancellation() }
      energy.gradient(of: direction.base, to: image.base, scratch: scratch.base)
      let curvature = dot(direction.base, image.base)
      if !(curvature > 0) { return }
      let length = Float(square / curvature)
      each(rows) { i in
        u[i] += length * direction.base[i]
        residual.base[i] -= length * image.base[i]
      }
      let next = dot(residual.base, residual.base)
      let turn = Float(next / square)
      each(rows) { i in direction.base[i] = residual.base[i] + turn * direction.base[i] }
      square = next
    }
  }

  private func each(_ rows: [Int], _ body: (Int) -> Void) {
    let width = energy.width
    _ = energy.sum(rows) { rows in
      for row in rows { for i in row * width..<(row + 1) * width { body(i) } }
      return 0
    }
  }
}
