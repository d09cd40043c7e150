import Kernels

/// A sum of separable terms, each a product of a curve along rows, one along columns, and one over slices:
///
///     X(y, x, s) = mean + sum_r u_r(y) v_r(x) w_r(s).
///
/// Rows that resemble each other far apart, as those of a facade, share terms: what a few samples of each tell is told of all.
/// The terms minimise over the known samples
///
///     sum (X - Y)^2 + sum_r rho (|D u|^2 |v|^2 |w|^2 + |u|^2 |D v|^2 |w|^2 + |u|^2 |v|^2 |D w|^2) + ridge |u|^2 |v|^2 |w|^2,
///
/// D the differences between neighbours: Dirichlet energies on the factors, without which the terms would fit samples and not the
/// picture (T. Yokota, Q. Zhao, A. Cichocki, "Smooth PARAFAC decomposition for tensor completion", IEEE Transactions on Signal
/// Processing 2016, doi:10.1109/TSP.2016.2586759, who fill in what is missing in each step; here each curve is the exact minimum
/// over the known samples, a tridiagonal system).
struct SeparableTerms: Sendable {
  struct Term: Sendable {
    var u: [Float]
    var v: [Float]
    var w: [Float]
  }

  private let samples: KnownSamples
  private let smoothness: Double
  /// 1 where a sample counts.
  private let weights: [Float]
  private(set) var terms: [Term] = []
  /// What the terms leave of each sample.
  private(set) var residuals: [Float]

  private static let ridge = 1e-3

  /// - Parameters:
  ///   - smoothness: rho, relative to the number of samples in a row or column.
  ///   - weights: 0 for samples that don't count, such as held-out ones, else 1.
  init(_ samples: KnownSamples, smoothness: Double, weights: [Float]) {
    (self.samples, self.smoothness) = (samples, smoothness)
    self.weights = weights
    residuals = samples.values
  }

  var count: Int { terms.count }

  /// Mean square of what is left of samples that don't count.
  var heldOutError: Double {
    var (sum, count) = (0.0, 0)
    for i in residuals.indices where weights[i] == 0 {
      sum += Double(residuals[i]) * Double(residuals[i])
      count += 1
    }
    return sum / Double(max(1, count))
  }

  /// Adds a term of what is left.
  mutating func addTerm(startingWith random: inout RandomSource) {
    terms.append(
      Term(
        u: Array(repeating: 0, count: samples.rows),
        v: (0..<samples.columns).map { _ in random.uniform(bound: 1) },
        w: Array(repeating: 1, count: samples.slices)))
    for _ in 0..<3 { fit(terms.count - 1) }
    addToResiduals(terms.count - 1, sign: -1)
  }

  /// Fits each term once to what the others leave.
  mutating func sweep() {
    for r in terms.indices {
      addToResiduals(r, sign: 1)
      fit(r)
      addToResiduals(r, sign: -1)
    }
  }

  /// The sum at all places of a slice, row by row.
  func values(slice: Int) -> [Float] {
    var result = [Float](repeating: samples.mean, count: samples.rows * samples.columns)
    for term in terms {
      let scale = term.w[slice]
      if scale == 0 { continue }
      for y in 0..<samples.rows {
        let factor = scale * term.u[y]
        for x in 0..<samples.columns { result[y * samples.columns + x] += factor * term.v[x] }
      }
    }
    return result
  }

  private mutating func addToResiduals(_ r: Int, sign: Float) {
    let term = terms[r]
    let count = samples.count
    residuals.withUnsafeMutableBufferPointer { left in
      samples.row.withUnsafeBufferPointer { row in
        samples.column.withUnsafeBufferPointer { column in
          samples.slice.withUnsafeBufferPointer { slice in
            term.u.withUnsafeBufferPointer { u in
              term.v.withUnsafeBufferPointer { v in
                term.w.withUnsafeBufferPointer { w in
                  for i in 0..<count {
                    left[i] += sign * u[Int(row[i])] * v[Int(column[i])] * w[Int(slice[i])]
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Fits a term, which the residuals hold, curve by curve.
  private mutating func fit(_ r: Int) {
    var term = terms[r]
    term.v.normalise()
    term.w.normalise()
    let slices = samples.slicesAreSmooth ? smoothness : 0
    term.u = solved(
      moments(along: samples.row, samples.rows, samples.column, term.v, samples.slice, term.w), smoothness,
      others: smoothness * term.v.roughness + slices * term.w.roughness)
    term.u.normalise()
    term.v = solved(
      moments(along: samples.column, samples.columns, samples.row, term.u, samples.slice, term.w), smoothness,
      others: smoothness * term.u.roughness + slices * term.w.roughness)
    term.v.normalise()
    term.w = solved(
      moments(along: samples.slice, samples.slices, samples.row, term.u, samples.column, term.v), slices,
      others: smoothness * (term.u.roughness + term.v.roughness))
    terms[r] = term
  }

  /// For each place along an axis, the sum of squares of the product of the two other curves over its samples, and the sum of the
  /// product with the residuals.
  private func moments(
    along place: [Int32], _ count: Int, _ first: [Int32], _ a: [Float], _ second: [Int32], _ b: [Float]
  ) -> (squares: [Double], products: [Double]) {
    var (squares, products) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let samples = samples.count
    squares.withUnsafeMutableBufferPointer { squares in
      products.withUnsafeMutableBufferPointer { products in
        place.withUnsafeBufferPointer { place in
          first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
              a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                  residuals.withUnsafeBufferPointer { left in
                    weights.withUnsafeBufferPointer { weights in
                      for i in 0..<samples {
                        let factor = a[Int(first[i])] * b[Int(second[i])]
                        let weighted = weights[i] * factor
                        squares[Int(place[i])] += Double(weighted * factor)
                        products[Int(place[i])] += Double(weighted * left[i])
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return (squares, products)
  }

  /// The curve with the least error and energy: (squares + ridge + others + rho D'D) curve = products, by Thomas' elimination.
  ///
  /// - Parameter others: the energy of the other curves, of unit length.
  private func solved(
    _ moments: (squares: [Double], products: [Double]), _ rho: Double, others: Double
  ) -> [Float] {
    let n = moments.squares.count
    var (pivots, right) = (moments.squares, moments.products)
    for i in 0..<n { pivots[i] += Self.ridge + others + rho * (n == 1 ? 0 : i == 0 || i == n - 1 ? 1 : 2) }
    for i in 1..<max(1, n) {
      let factor = -rho / pivots[i - 1]
      pivots[i] += rho * factor
      right[i] -= factor * right[i - 1]
    }
    for i in (0..<n).reversed() {
      right[i] = (right[i] + (i + 1 < n ? rho * right[i + 1] : 0)) / pivots[i]
    }
    return right.map(Float.init)
  }
}

extension [Float] {
  /// Makes the curve one of unit length, if it has any.
  fileprivate mutating func normalise() {
    let length = reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    if length > 1e-12 { for i in indices { self[i] /= Float(length) } }
  }

  /// Sum of squared differences between neighbours.
  fileprivate var roughness: Double {
    zip(self, dropFirst()).reduce(0) { $0 + Double($1.1 - $1.0) * Double($1.1 - $1.0) }
  }
}
