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

  /// `values` where something is seen, else `others`.
  func seen(_ values: [Float], else others: [Float]) -> [Float] {
    error.indices.map { error[$0] < .infinity ? values[$0] : others[$0] }
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
      SpotSums.add(weight, candidate.values[p], to: &mean, count: near.count)
      SpotSums.add(weight, candidate.seen, to: &precision, count: near.count)
    }
    for j in near.indices where precision[j] > 0 { mean[j] /= precision[j] }
    let used = precision[..<known].count { $0 > 0 }
    if used == 0 || !precision[known...].contains(where: { $0 > 0 }) { return nil }

    var shown = mean
    if used >= Self.enough {
      // What each candidate differs by from their mean, one after the other.
      let differences = [Float](unsafeUninitializedCapacity: candidates.count * near.count) { rows, made in
        if let row = rows.baseAddress {
          for (k, candidate) in candidates.enumerated() {
            SpotSums.subtract(
              candidate.seen, times: mean, from: candidate.values[p], into: row + k * near.count,
              count: near.count)
          }
        }
        made = candidates.count * near.count
      }
      let weights = Self.weights(
        of: differences, count: candidates.count, wanted: (0..<known).map { around[$0] - mean[$0] },
        closeness: (0..<known).map { precision[$0] > 0 ? box.closeness[$0] : 0 })
      differences.withUnsafeBufferPointer { rows in
        guard let row = rows.baseAddress else { return }
        for k in candidates.indices {
          SpotSums.add(Float(weights[k]), row + k * near.count, to: &shown, count: near.count)
        }
      }
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
  ///   - differences: rows of as many samples each, one for each candidate: what it differs by.
  ///   - wanted: what the piece's own frame differs by.
  ///   - closeness: weights of the samples, which are the first of each row's.
  private static func weights(
    of differences: [Float], count: Int, wanted: [Float], closeness: [Float]
  ) -> [Double] {
    let (n, samples, pitch) = (count + 1, closeness.count, differences.count / count)
    var moments = [Double](repeating: 0, count: n * n)
    var right = [Double](repeating: 0, count: n)
    // The rows, the last of which are ones, and the rows weighted.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * n * samples) { scratch in
      guard let rows = scratch.baseAddress else { return }
      let weighted = rows + n * samples
      for k in 0..<n {
        for i in 0..<samples {
          let value = k < count ? differences[k * pitch + i] : 1
          (rows + k * samples + i).initialize(to: value)
          (weighted + k * samples + i).initialize(to: closeness[i] * value)
        }
      }
      for a in 0..<n {
        let row = weighted + a * samples
        for b in 0...a {
          moments[a * n + b] = Double(SpotSums.product(row, rows + b * samples, count: samples))
        }
        right[a] = Double(SpotSums.product(row, wanted, count: samples))
      }
    }
    let total = Double(closeness.reduce(0, +))
    for k in 0..<count { moments[k * n + k] += ridge * total }
    moments[n * n - 1] += 0.05 * total + 1
    return solved(moments, right)
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
