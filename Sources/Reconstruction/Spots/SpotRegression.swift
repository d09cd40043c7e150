import Foundation
import Frames
import Kernels

/// A piece of a spot as other frames show it, weighted and corrected by what is known around it.
struct SpotRegression {
  /// Of all samples of the box.
  let plain: [Float]
  /// With what it lacks around the piece interpolated into it.
  let joined: [Float]
  /// The error to expect of each sample, as the samples around the piece show it; infinite where nothing is seen.
  let error: [Float]

  func isSeen(_ i: Int) -> Bool { error[i] < .infinity }

  /// Nil where nothing is seen.
  func value(_ i: Int, in values: KeyPath<SpotRegression, [Float]>) -> Float? {
    isSeen(i) ? self[keyPath: values][i] : nil
  }

  /// Squares of errors, full scale = 1: noise (2 steps of 8 bits squared), and the ridge of the weights.
  private static let noise: Float = 2 / 65025
  private static let ridge = 9.0 / 65025
  /// Samples around the piece by which a candidate is judged, at least, and those that a regression takes.
  private static let (fewest, enough) = (9, 12)

  /// - Parameters:
  ///   - own: the samples of the piece's own frame.
  ///   - candidates: what other frames show of the same places.
  /// - Returns: nil where nothing is seen of the piece, or nothing known around it.
  init?(of own: [Float], on candidates: [SpotCandidate], plane p: Int, in box: SpotBox) {
    // In the order of `box.near`.
    let near = box.near
    let around = near.indices.filter { box.isKnown[near[$0]] == SampleState.known }
    if candidates.isEmpty || around.isEmpty { return nil }
    // Each candidate counts by the inverse of its squared error around the piece.
    var mean = [Float](repeating: 0, count: near.count)
    var precision = mean
    for candidate in candidates {
      let (values, isThere) = (candidate.values[p], candidate.isThere)
      var (sum, count): (Float, Int) = (0, 0)
      for j in around where isThere[j] {
        let difference = values[j] - own[near[j]]
        sum += difference * difference
        count += 1
      }
      let weight = 1 / ((count >= Self.fewest ? sum / Float(count) : 4) + Self.noise)
      for j in near.indices where isThere[j] {
        mean[j] += weight * values[j]
        precision[j] += weight
      }
    }
    for j in near.indices where precision[j] > 0 { mean[j] /= precision[j] }
    let used = around.filter { precision[$0] > 0 }
    if used.isEmpty || !near.indices.contains(where: { precision[$0] > 0 && box.isOwn[near[$0]] }) {
      return nil
    }

    var shown = mean
    if used.count >= Self.enough {
      let weights = Self.weights(own, candidates, plane: p, mean, used, box)
      for (k, candidate) in candidates.enumerated() {
        let (values, isThere, weight) = (candidate.values[p], candidate.isThere, Float(weights[k]))
        for j in near.indices where isThere[j] { shown[j] += weight * (values[j] - mean[j]) }
      }
      let shift = Float(weights[candidates.count])
      for j in near.indices { shown[j] += shift }
    }
    var left = [Float](repeating: 0, count: box.count)
    var states = [UInt8](repeating: SampleState.missing, count: box.count)
    var (square, spread): (Float, Float) = (0, 0)
    for j in used {
      let difference = own[near[j]] - shown[j]
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
    var plain = [Float](repeating: 0, count: box.count)
    var (joined, error) = (plain, [Float](repeating: .infinity, count: box.count))
    for j in near.indices where precision[j] > 0 {
      plain[near[j]] = shown[j]
      joined[near[j]] = shown[j] + left[near[j]]
      // Where fewer candidates are than around the piece, the error is larger.
      error[near[j]] = (square / precision[j] / spread).squareRoot()
    }
    (self.plain, self.joined, self.error) = (plain, joined, error)
  }

  /// Weights of the candidates' differences from their mean, and of a constant: least squares on the samples around the
  /// piece, near ones first, with a ridge.
  private static func weights(
    _ own: [Float], _ candidates: [SpotCandidate], plane p: Int, _ mean: [Float], _ used: [Int],
    _ box: SpotBox
  ) -> [Double] {
    let count = candidates.count + 1
    let reach = max(1, used.reduce(0) { max($0, box.fromPiece[box.near[$1]]) }) / 1.5
    let weights = used.map { j -> Float in
      let distance = box.fromPiece[box.near[j]] / reach
      return exp(-distance * distance)
    }
    // rows[k]: what candidate k differs by, of the samples used; the constant last.
    var rows = candidates.map { candidate in
      let (values, isThere) = (candidate.values[p], candidate.isThere)
      return used.map { isThere[$0] ? values[$0] - mean[$0] : 0 }
    }
    rows.append(used.map { _ in 1 })
    let wanted = used.map { own[box.near[$0]] - mean[$0] }
    func product(_ a: [Float], _ b: [Float]) -> Double {
      var sum: Float = 0
      for i in weights.indices { sum += weights[i] * a[i] * b[i] }
      return Double(sum)
    }
    var moments = [Double](repeating: 0, count: count * count)
    for a in 0..<count {
      for b in 0...a { moments[a * count + b] = product(rows[a], rows[b]) }
    }
    let total = Double(weights.reduce(0, +))
    for k in 0..<count - 1 { moments[k * count + k] += ridge * total }
    moments[count * count - 1] += 0.05 * total + 1
    return solved(moments, rows.map { product($0, wanted) })
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
