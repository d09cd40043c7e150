/// A motion that turns, scales and shifts, so that shapes stay alike: x' = a x - b y + shift.x, y' = b x + a y + shift.y.
struct Similarity: Sendable, Equatable {
  var a: Float = 1
  var b: Float = 0
  var shift = SIMD2<Float>()

  /// How many times larger things become.
  var scale: Float { (a * a + b * b).squareRoot() }

  @inline(__always)
  func callAsFunction(_ p: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(a * p.x - b * p.y, b * p.x + a * p.y) + shift
  }

  /// This one after another one.
  func after(_ first: Similarity) -> Similarity {
    Similarity(a: a * first.a - b * first.b, b: a * first.b + b * first.a, shift: self(first.shift))
  }

  /// The way back; nil where everything shrinks to a point.
  var inverse: Similarity? {
    let square = a * a + b * b
    if square < 1e-6 || !square.isFinite { return nil }
    var back = Similarity(a: a / square, b: -b / square)
    back.shift = -back(shift)
    return back
  }

  /// The same motion in samples that are `size` times smaller; the centres of samples have whole numbers in both.
  func inSamples(_ size: Int) -> Similarity {
    let (size, half) = (Float(size), SIMD2<Float>(repeating: 0.5))
    var finer = Similarity(a: a, b: b)
    finer.shift = (self((half / size) - half) + half) * size - half
    return finer
  }
}

/// Where a place of one picture is seen in another one.
struct PlacePair {
  var from: SIMD2<Float>
  var to: SIMD2<Float>
  var weight: Float
}

extension Similarity {
  /// Pairs are in line with a motion up to this distance, in samples.
  private static let tolerance: Float = 1

  /// The motion that most pairs are in line with: beginning with the median shift, the least squares over those that are near.
  ///
  /// - Returns: the motion, and the share of all weights that is in line with it, 0 ... 1; nil for too few pairs.
  static func most(of pairs: [PlacePair]) -> (motion: Similarity, share: Float)? {
    let all = pairs.reduce(0) { $0 + $1.weight }
    if pairs.count < 8 || all <= 0 { return nil }
    var motion = Similarity()
    motion.shift = SIMD2(
      weightedMedian(pairs.map { ($0.to.x - $0.from.x, $0.weight) }),
      weightedMedian(pairs.map { ($0.to.y - $0.from.y, $0.weight) }))
    var reach: Float = 4
    for _ in 0..<6 {
      let near = pairs.filter { motion.distance($0) < reach }
      let weight = near.reduce(0) { $0 + $1.weight }
      if near.count < 8 || weight < 0.05 * all { break }
      motion = near.count < 12 ? meanShift(near, weight) : leastSquares(near, weight)
      reach = max(tolerance, 0.6 * reach)
    }
    let share = pairs.reduce(0) { $0 + (motion.distance($1) < tolerance ? $1.weight : 0) } / all
    return (motion, share)
  }

  private func distance(_ pair: PlacePair) -> Float {
    let difference = self(pair.from) - pair.to
    return (difference * difference).sum().squareRoot()
  }

  private static func meanShift(_ pairs: [PlacePair], _ weight: Float) -> Similarity {
    var motion = Similarity()
    for pair in pairs { motion.shift += (pair.to - pair.from) * (pair.weight / weight) }
    return motion
  }

  private static func leastSquares(_ pairs: [PlacePair], _ weight: Float) -> Similarity {
    var (from, to) = (SIMD2<Float>(), SIMD2<Float>())
    for pair in pairs {
      from += pair.from * (pair.weight / weight)
      to += pair.to * (pair.weight / weight)
    }
    var (spread, a, b): (Float, Float, Float) = (1e-6, 0, 0)
    for pair in pairs {
      let (p, q) = (pair.from - from, pair.to - to)
      spread += pair.weight * (p * p).sum()
      a += pair.weight * (p * q).sum()
      b += pair.weight * (p.x * q.y - p.y * q.x)
    }
    var motion = Similarity(a: a / spread, b: b / spread)
    motion.shift = to - motion(from)
    return motion
  }

  private static func weightedMedian(_ values: [(value: Float, weight: Float)]) -> Float {
    let sorted = values.sorted { $0.value < $1.value }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var sum: Float = 0
    for entry in sorted {
      sum += entry.weight
      if sum >= half { return entry.value }
    }
    return sorted.last?.value ?? 0
  }
}
