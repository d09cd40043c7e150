import Foundation

/// Groups of patches written out in double precision: the search place by place, and the DCT by its definition.
struct PlainGroups: Sendable {
  let values: [Float]
  let channels: Int
  let frames = 7
  let height = 22
  let width = 27
  let near = 6
  let reach = 2
  let far = 2
  let threshold = 0.2

  var area: Int { height * width }

  func distance(_ a: Int, _ b: Int) -> Double {
    (0..<64).reduce(0) { sum, i in
      let offset = i / 8 * width + i % 8
      let d = Double(values[a + offset]) - Double(values[b + offset])
      return sum + d * d
    }
  }

  /// The reference and the fifteen nearest patches, the nearest first.
  func match(_ reference: Int) -> [Int] {
    let (t, y, x) = (reference / area, reference % area / width, reference % width)
    var found: [(distance: Double, place: Int)] = []
    func search(_ frame: Int, _ y: Int, _ x: Int, _ radius: Int) -> (Int, Int) {
      var best = (distance: Double.infinity, y: y, x: x)
      for v in max(0, y - radius)...min(height - 8, y + radius) {
        for u in max(0, x - radius)...min(width - 8, x + radius) {
          let place = (frame * height + v) * width + u
          if place == reference { continue }
          let d = distance(reference, place)
          found.append((d, place))
          if d < best.distance { best = (d, v, u) }
        }
      }
      return (best.y, best.x)
    }
    _ = search(t, y, x, near)
    for direction in [-1, 1] {
      var place = (y, x)
      for k in 1...reach where (0..<frames).contains(t + direction * k) {
        place = search(t + direction * k, place.0, place.1, far)
      }
    }
    return [reference] + found.sorted { $0.distance < $1.distance }.prefix(15).map(\.place)
  }

  /// (channels, 8, 8, 16), and the number of coefficients that are left.
  func thresholded(_ matches: [UInt32]) -> (patches: [Double], kept: Int) {
    let axes = [(8, 128), (8, 16), (16, 1)]
    var result: [Double] = []
    var kept = 0
    for c in 0..<channels {
      var x = (0..<1024).map { i -> Double in
        let (row, column, patch) = (i / 128, i / 16 % 8, i % 16)
        return Double(values[c * frames * area + Int(matches[patch]) + row * width + column])
      }
      for (n, stride) in axes { PlainBlocks.transform(&x, count: n, stride: stride, inverse: false) }
      for i in x.indices {
        let isLarge = abs(x[i]) > threshold
        kept += isLarge ? 1 : 0
        if i > 0 && !isLarge { x[i] = 0 }
      }
      for (n, stride) in axes { PlainBlocks.transform(&x, count: n, stride: stride, inverse: true) }
      result += x
    }
    return (result, kept)
  }
}
