/// What a followed shape looks like, place by place, and how much each place is to be trusted.
///
/// Places that no longer look like it, such as those that something covers, lose their weight: what covers a shape slowly does
/// not become the shape.
struct DrawnAppearance: Sendable {
  /// Places of the shape where it was drawn.
  let places: [SIMD2<Float>]
  private let centre: SIMD2<Float>
  private var values: [Float]
  private(set) var weights: [Float]
  /// The weights that places have at first.
  private let first: [Float]

  /// The least difference that counts as one, in steps of 8 bits, and the same over the contrast of the shape.
  private static let (least, ofContrast): (Float, Float) = (4, 0.3)
  /// Places that agree less are not the shape.
  private static let agreeing: Float = 0.3

  init(places: [SIMD2<Float>], weights: [Float], patch: PicturePatch) {
    (self.places, self.weights, first) = (places, weights, weights)
    values = places.map { patch.value(at: $0) }
    centre = places.reduce(SIMD2<Float>()) { $0 + $1 } / Float(max(1, places.count))
  }

  /// How well a picture shows the shape at a place.
  struct Match {
    /// Mean agreement of what is seen, 0 ... 1.
    var agreement: Float
    /// The share of the shape as it was drawn, as far as it lies in the picture, that is still seen, 0 ... 1.
    var share: Float
    /// Correlation of what is seen with the shape, -1 ... 1, in which what covers it does not count for more than other
    /// differences. Agreement alone may come by chance.
    var correlation: Float
    /// Of each place; 0 for those outside the picture.
    fileprivate var agreements: [Float]
    fileprivate var isSeen: [Bool]
    fileprivate var values: [Float]
    fileprivate var residuals: [Float]
    fileprivate var weights: [Float]
  }

  /// The match with a picture; brightness and contrast may have changed. Nil where too little lies in the picture.
  func match(_ pose: Similarity, _ patch: PicturePatch) -> Match? {
    let count = places.count
    var seen = [Float](repeating: 0, count: count)
    var inside = [Float](repeating: 0, count: count)
    var isSeen = [Bool](repeating: false, count: count)
    var (number, drawn): (Int, Float) = (0, 0)
    for i in 0..<count {
      let place = pose(places[i])
      guard patch.isInPicture(place) else { continue }
      seen[i] = patch.value(at: place)
      isSeen[i] = true
      inside[i] = weights[i]
      number += 1
      drawn += first[i]
    }
    let all = inside.reduce(0, +)
    if number < 8 || all <= 0 { return nil }
    var robust = inside
    var residuals = [Float](repeating: 0, count: count)
    var limit: Float = 1
    for _ in 0..<3 {
      let sum = robust.reduce(1e-9, +)
      var (mean, seenMean): (Float, Float) = (0, 0)
      for i in 0..<count {
        mean += robust[i] * values[i]
        seenMean += robust[i] * seen[i]
      }
      (mean, seenMean) = (mean / sum, seenMean / sum)
      var (variance, product): (Float, Float) = (0, 0)
      for i in 0..<count {
        let d = values[i] - mean
        variance += robust[i] * d * d
        product += robust[i] * d * (seen[i] - seenMean)
      }
      variance /= sum
      let gain = max(0.6, min(1.6, product / sum / (variance + 1)))
      limit = 2 * max(Self.least, Self.ofContrast * variance.squareRoot())
      for i in 0..<count {
        residuals[i] = seen[i] - seenMean - gain * (values[i] - mean)
        let kept = Self.kept(residuals[i], limit)
        robust[i] = inside[i] * kept * kept
      }
    }
    var agreements = residuals.map { Self.kept($0, limit) }
    var sum: Float = 0
    for i in 0..<count {
      if inside[i] == 0 { agreements[i] = 0 }
      sum += inside[i] * agreements[i]
    }
    let correlation = correlation(of: seen, residuals, weights: inside, limit: 2 * limit)
    return Match(
      agreement: sum / all, share: sum / max(drawn, 1e-6), correlation: correlation, agreements: agreements,
      isSeen: isSeen,
      values: seen, residuals: residuals, weights: robust)
  }

  /// 1 for a shape without texture, of which it says nothing.
  private func correlation(of seen: [Float], _ residuals: [Float], weights: [Float], limit: Float) -> Float {
    let sum = weights.reduce(1e-9, +)
    var means = SIMD2<Float>()
    func pair(_ i: Int) -> SIMD2<Float> {
      SIMD2(values[i], seen[i] - residuals[i] + max(-limit, min(limit, residuals[i])))
    }
    for i in weights.indices where weights[i] > 0 { means += pair(i) * (weights[i] / sum) }
    var (variances, product) = (SIMD2<Float>(), Float(0))
    for i in weights.indices where weights[i] > 0 {
      let d = pair(i) - means
      variances += d * d * (weights[i] / sum)
      product += d.x * d.y * (weights[i] / sum)
    }
    if variances.x < Self.least * Self.least { return 1 }
    return product / (variances.x * max(variances.y, 1e-3)).squareRoot()
  }

  @inline(__always) private static func kept(_ residual: Float, _ limit: Float) -> Float {
    max(0, 1 - (residual / limit) * (residual / limit))
  }

  /// How far a shape is turned and scaled at most to look better: more would make anything look like a shape of little texture.
  private static let mostTurned: Float = 0.06

  /// Moves, turns and scales a pose by small steps for as long as the match becomes better.
  func refined(_ pose: Similarity, _ patch: PicturePatch) -> (pose: Similarity, match: Match)? {
    guard var match = match(pose, patch) else { return nil }
    let first = pose
    var pose = pose
    for _ in 0..<6 {
      var equations = NormalEquations()
      for i in places.indices where match.weights[i] > 0 {
        let slope = patch.slope(at: pose(places[i]))
        let p = places[i] - centre
        equations.add(
          SIMD4(slope.x * p.x + slope.y * p.y, slope.y * p.x - slope.x * p.y, slope.x, slope.y),
          match.residuals[i], weight: match.weights[i])
      }
      guard let step = equations.solution else { break }
      var next = pose
      next.a -= step[0]
      next.b -= step[1]
      let turned = SIMD2(step[0] * centre.x - step[1] * centre.y, step[1] * centre.x + step[0] * centre.y)
      next.shift += turned - SIMD2(step[2], step[3])
      guard max(abs(next.a - first.a), abs(next.b - first.b)) <= Self.mostTurned,
        let better = self.match(next, patch), better.agreement > match.agreement + 1e-4
      else { break }
      (pose, match) = (next, better)
    }
    return (pose, match)
  }

  /// Looks for the shape around a pose where its motion is not known: the shift with the least difference of what it looks like.
  ///
  /// - Parameter reach: columns and rows that it may have moved.
  func sought(around pose: Similarity, reach: Int, in patch: PicturePatch) -> Similarity? {
    let trusted = places.indices.filter { weights[$0] > 0.5 * first[$0] && first[$0] == 1 }
    if trusted.count < 8 { return nil }
    let step = max(1, trusted.count / 150)
    let chosen = stride(from: 0, to: trusted.count, by: step).map { trusted[$0] }
    let mean = chosen.reduce(0) { $0 + values[$1] } / Float(chosen.count)
    let wanted = chosen.map { values[$0] - mean }
    let posed = chosen.map { pose(places[$0]) }
    var best: (difference: Float, shift: SIMD2<Float>)?
    var seen = [Float](repeating: 0, count: chosen.count)
    for dy in stride(from: -reach, through: reach, by: 2) {
      for dx in stride(from: -reach, through: reach, by: 2) {
        let shift = SIMD2(Float(dx), Float(dy))
        guard patch.isInPicture(posed[0] + shift), patch.isInPicture(posed[posed.count - 1] + shift) else {
          continue
        }
        var sum: Float = 0
        for i in posed.indices {
          seen[i] = patch.value(at: posed[i] + shift)
          sum += seen[i]
        }
        let level = sum / Float(chosen.count)
        var difference: Float = 0
        for i in posed.indices { difference += abs(seen[i] - level - wanted[i]) }
        if difference < best?.difference ?? .infinity { best = (difference, shift) }
      }
    }
    guard let best else { return nil }
    var found = pose
    found.shift += best.shift
    return found
  }

  /// Takes over what a picture shows where it agrees, so that slow changes are followed.
  mutating func renew(_ match: Match) {
    for i in values.indices where match.isSeen[i] {
      if match.agreements[i] > Self.agreeing {
        values[i] = match.values[i]
        weights[i] = min(first[i], weights[i] + 0.1 * first[i])
      } else {
        weights[i] *= 0.6
      }
    }
  }
}

/// Least squares for four unknowns.
struct NormalEquations {
  private var rows = [SIMD4<Float>](repeating: SIMD4(), count: 4)
  private var right = SIMD4<Float>()

  mutating func add(_ slopes: SIMD4<Float>, _ value: Float, weight: Float) {
    for i in 0..<4 { rows[i] += slopes * (weight * slopes[i]) }
    right += slopes * (weight * value)
  }

  /// Nil where they say too little.
  var solution: SIMD4<Float>? {
    var (rows, right) = (rows, right)
    for i in 0..<4 { rows[i][i] = rows[i][i] * 1.001 + 1e-3 }
    for i in 0..<4 {
      guard rows[i][i] > 1e-6 else { return nil }
      for j in stride(from: i + 1, to: 4, by: 1) {
        let factor = rows[j][i] / rows[i][i]
        rows[j] -= rows[i] * factor
        right[j] -= right[i] * factor
      }
    }
    for i in (0..<4).reversed() {
      for j in stride(from: i + 1, to: 4, by: 1) { right[i] -= rows[i][j] * right[j] }
      right[i] /= rows[i][i]
    }
    return right.x.isFinite && right.y.isFinite && right.z.isFinite && right.w.isFinite ? right : nil
  }
}
