import Foundation
import Frames
import Kernels

/// A piece of a spot as other frames show it, weighted and corrected by what is known around it.
struct SpotRegression {
  /// Of the piece's samples, in their order.
  let plain: [Float]
  /// With what it lacks around the piece interpolated into it.
  let joined: [Float]
  /// The error to expect of each sample, as the samples around the piece show it; infinite where nothing is seen.
  let error: [Float]

  /// Nil where nothing is seen.
  func value(_ k: Int, in values: KeyPath<SpotRegression, [Float]>) -> Float? {
    error[k] < .infinity ? self[keyPath: values][k] : nil
  }

  /// Squares of errors, full scale = 1: noise (2 steps of 8 bits squared), and the ridge of the weights.
  private static let noise: Float = 2 / 65025
  private static let ridge = 9.0 / 65025
  /// Samples around the piece by which a candidate is judged, at least, and those that a regression takes.
  private static let (fewest, enough): (Float, Int) = (9, 12)

  /// - Parameters:
  ///   - own: the samples of the piece's own frame.
  ///   - candidates: what other frames show of the same places.
  /// - Returns: nil where nothing is seen of the piece, or nothing known around it.
  init?(of own: [Float], on candidates: [SpotCandidate], plane p: Int, in box: SpotBox) {
    let (near, known) = (box.near, box.knownCount)
    if candidates.isEmpty || known == 0 { return nil }
    let around = near[..<known].map { own[$0] }
    // Each candidate counts by the inverse of its squared error around the piece.
    var mean = [Float](repeating: 0, count: near.count)
    var precision = mean
    for candidate in candidates {
      let count = candidate.seen[..<known].reduce(0, +)
      let square = SpotSums.squares(candidate.values[p], around, weight: candidate.seen, count: known)
      let weight = 1 / ((count >= Self.fewest ? square / count : 4) + Self.noise)
      SpotSums.add(weight, candidate.values[p], to: &mean)
      SpotSums.add(weight, candidate.seen, to: &precision)
    }
    for j in near.indices where precision[j] > 0 { mean[j] /= precision[j] }
    let used = precision[..<known].count { $0 > 0 }
    if used == 0 || !precision[known...].contains(where: { $0 > 0 }) { return nil }

    var shown = mean
    if used >= Self.enough {
      // What each candidate differs by from their mean.
      let rows = candidates.map { SpotSums.difference($0.values[p], $0.seen, mean) }
      let weights = Self.weights(
        rows, wanted: zip(around, mean).map { $0 - $1 },
        closeness: zip(box.closeness, precision).map { $1 > 0 ? $0 : 0 })
      for (k, row) in rows.enumerated() { SpotSums.add(Float(weights[k]), row, to: &shown) }
      let shift = Float(weights[candidates.count])
      for j in near.indices { shown[j] += shift }
    }
    var left = [Float](repeating: 0, count: box.count)
    var states = [UInt8](repeating: SampleState.missing, count: box.count)
    var (square, spread): (Float, Float) = (0, 0)
    for j in 0..<known where precision[j] > 0 {
      let difference = around[j] - shown[j]
      left[near[j]] = difference
      states[near[j]] = SampleState.known
      square += difference * difference
      spread += 1 / precision[j]
    }
    states.withUnsafeBufferPointer { states in
      left.withUnsafeMutableBufferPointer {
        PullPush(height: box.rows.count, width: box.width).fill($0, known: states)
      }
    }
    plain = Array(shown[box.own])
    joined = box.own.map { shown[$0] + left[near[$0]] }
    // Where fewer candidates are than around the piece, the error is larger.
    error = box.own.map {
      precision[$0] > 0 ? (square / precision[$0] / spread).squareRoot() : .infinity
    }
  }

  /// Weights of the candidates' differences from their mean, and of a constant: least squares on the samples around the
  /// piece, near ones first, with a ridge.
  ///
  /// - Parameters:
  ///   - rows: what each candidate differs by.
  ///   - wanted: what the piece's own frame differs by.
  ///   - closeness: weights of the samples, which are the first of each row's.
  private static func weights(_ rows: [[Float]], wanted: [Float], closeness: [Float]) -> [Double] {
    let (n, samples) = (rows.count + 1, closeness.count)
    let ones = [Float](repeating: 1, count: samples)
    let all = rows + [ones]
    // The constant's weighted row is the weights themselves.
    let weighted =
      rows.map { row in closeness.indices.map { closeness[$0] * row[$0] } } + [closeness]
    var moments = [Double](repeating: 0, count: n * n)
    for a in 0..<n {
      for b in 0...a { moments[a * n + b] = Double(SpotSums.product(weighted[a], all[b], count: samples)) }
    }
    let total = Double(closeness.reduce(0, +))
    for k in 0..<n - 1 { moments[k * n + k] += ridge * total }
    moments[n * n - 1] += 0.05 * total + 1
    return solved(moments, weighted.map { Double(SpotSums.product($0, wanted, count: samples)) })
  }

  /// The solution of a positive definite system by Cholesky's decomposition.
  ///
  /// - Parameter lower: the lower triangle, row by row.
  private static func solved(_ lower: [Double], _ right: [Double]) -> [Double] {
    let n = right.count
    var (l, x) = (lower, right)
    for j in 0..<n {
      for k in 0..<j { l[j * n + j] -= l[j * n + k] * l[j * n + k] }
      l[j * n + j] = max(l[j * n + j], 1e-30).squareRoot()
      for i in j + 1..<max(j + 1, n) {
        for k in 0..<j { l[i * n + j] -= l[i * n + k] * l[j * n + k] }
        l[i * n + j] /= l[j * n + j]
      }
    }
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<max(i + 1, n) { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }
}
