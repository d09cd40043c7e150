import Foundation

/// Alike patches written out in double precision: the search place by place, and the normal distribution by its covariance.
struct PlainAlike: Sendable {
  let values: [Float]
  let states: [UInt8]
  /// (places, 16).
  let features: [[Float]]
  let channels: Int
  let frames = 4
  let height = 20
  let width = 29
  let depth: Int
  let noise = 1e-3

  var area: Int { height * width }
  var rows: Int { height - 6 }
  var columns: Int { width - 6 }
  /// Places of one frame.
  var places: Int { rows * columns }

  /// The 48 nearest places, as samples of the signal, and squared distances, of those in the given columns.
  func match(_ place: Int, columns range: Range<Int>) -> (places: [Int], distances: [Double]) {
    let found = features.indices.filter { range.contains($0 % columns) }.map { other in
      let distance = zip(features[place], features[other]).reduce(0.0) {
        $0 + pow(Double($1.0) - Double($1.1), 2)
      }
      return (
        distance: distance, at: other / places * area + other % places / columns * width + other % columns
      )
    }.sorted { $0.distance < $1.distance }.prefix(48)
    return (found.map(\.at), found.map(\.distance))
  }

  /// The mean of each sample of a patch under the condition of its known ones, in the first 24 patches of a group.
  func estimate(_ group: [Int], _ distances: [Double]) -> [Double] {
    var offsets: [Int] = []
    for c in 0..<channels {
      for z in 0..<depth {
        for i in 0..<49 { offsets.append(c * frames * area + z * area + i / 7 * width + i % 7) }
      }
    }
    var weights = distances.map { exp(-$0 / (distances[24] + 1e-8)) }
    let total = weights.reduce(0, +)
    weights = weights.map { $0 / total }
    let patches = group.map { place in offsets.map { Double(values[place + $0]) } }
    let mean = offsets.indices.map { j in zip(weights, patches).reduce(0) { $0 + $1.0 * $1.1[j] } }
    func covariance(_ i: Int, _ j: Int) -> Double {
      zip(weights, patches).reduce(0) { $0 + $1.0 * ($1.1[i] - mean[i]) * ($1.1[j] - mean[j]) }
    }
    let all = offsets.indices.map { i in offsets.indices.map { covariance(i, $0) } }
    return (0..<24).flatMap { g in
      let known = offsets.indices.filter { states[group[g] + offsets[$0]] == 1 }
      var matrix = known.map { i in known.map { all[i][$0] + (i == $0 ? noise : 0) } }
      let right = known.map { patches[g][$0] - mean[$0] }
      let solution = Self.solve(&matrix, right)
      return offsets.indices.map { j in
        mean[j] + zip(known, solution).reduce(0) { $0 + all[j][$1.0] * $1.1 }
      }
    }
  }

  /// Gauss-Jordan elimination.
  private static func solve(_ a: inout [[Double]], _ right: [Double]) -> [Double] {
    var b = right
    for c in b.indices {
      for r in b.indices where r != c {
        let factor = a[r][c] / a[c][c]
        for k in c..<b.count { a[r][k] -= factor * a[c][k] }
        b[r] -= factor * b[c]
      }
    }
    return b.indices.map { b[$0] / a[$0][$0] }
  }
}
