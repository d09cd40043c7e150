import Foundation

/// A straight line or edge that goes on behind a hole: a ray in whose direction the picture runs on both sides of the hole,
/// with the same profile.
struct StraightLine: Sendable {
  /// Of the hole's rays.
  var direction: Int
  var offset: Int
  /// Energy of the common profile over that of what speaks against it.
  var evidence: Float
  /// Mean square of the common profile, full scale = 1.
  var signal: Float
}

/// Looks for straight lines that enter a hole on one side and leave it on the other.
///
/// Around a ray, a_j and b_j are the mean samples beyond the two ends of the ray j beside it, each less their mean over the
/// neighbourhood, weighted by a Hann window w. With c = (a + b) / 2 less its linear trend, what both ends have in common, the
/// evidence is
///
///     E = sum w c^2 / (sum w ((a - b) / 2)^2 + sum w v + n^2 sum w),
///
/// v the variance along the rays of what is not common to all of them, mean of both ends, n a noise of 1.4 steps of 8 bits: large
/// where the picture changes across the rays, alike at both ends, and does not change along them.
struct LineSearch: Sendable {
  /// Rays to each side that make up a profile.
  static let halfWidth = 4
  /// Evidence that is enough by itself, and that is looked at.
  static let (sure, least): (Float, Float) = (6, 3)
  private static let noise: Float = 2 / 65025

  let rays: HoleRays
  private let window: [Float]

  init(_ rays: HoleRays) {
    self.rays = rays
    let half = Self.halfWidth
    let hann = (-half...half).map { pow(cos(Float.pi * Float($0) / Float(2 * half + 2)), 2) }
    let sum = hann.reduce(0, +)
    window = hann.map { $0 / sum }
  }

  /// All rays with evidence, the best first.
  ///
  /// - Parameter plane: of one frame, `width` samples in a row.
  func candidates(in plane: UnsafePointer<Float>, width: Int) -> [StraightLine] {
    var found: [StraightLine] = []
    for k in rays.directions.indices {
      let sides = RaySides(rays, direction: k, in: plane, width: width)
      var evidence = [(value: Float, signal: Float)](repeating: (0, 0), count: 2 * rays.radius + 1)
      for r in Self.halfWidth..<evidence.count - Self.halfWidth {
        evidence[r] = self.evidence(around: r, of: sides)
      }
      // Of neighbouring rays with evidence, the one in the middle of the profile has the most signal.
      for r in evidence.indices where evidence[r].value >= Self.least {
        let near = max(0, r - Self.halfWidth + 1)...min(evidence.count - 1, r + Self.halfWidth - 1)
        let isMiddle = near.allSatisfy {
          evidence[$0].value < Self.least || evidence[$0].signal < evidence[r].signal
            || (evidence[$0].signal == evidence[r].signal && $0 >= r)
        }
        guard isMiddle else { continue }
        let most = near.reduce(0) { max($0, evidence[$1].value) }
        found.append(
          StraightLine(direction: k, offset: r - rays.radius, evidence: most, signal: evidence[r].signal))
      }
    }
    return found.sorted { ($0.evidence, $1.direction, $1.offset) > ($1.evidence, $0.direction, $0.offset) }
  }

  private func evidence(around r: Int, of sides: RaySides) -> (value: Float, signal: Float) {
    let nothing: (Float, Float) = (0, 0)
    let (half, first) = (Self.halfWidth, r - Self.halfWidth)
    guard sides.usable[r] > 2 * half else { return nothing }
    var (meanA, meanB): (Float, Float) = (0, 0)
    for j in window.indices {
      meanA += window[j] * sides.a[first + j]
      meanB += window[j] * sides.b[first + j]
    }
    var (squares, product, difference, slope, width): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
    for j in window.indices {
      let (a, b, x) = (sides.a[first + j] - meanA, sides.b[first + j] - meanB, Float(j - half))
      let common = 0.5 * (a + b)
      squares += window[j] * common * common
      product += window[j] * a * b
      difference += window[j] * 0.25 * (a - b) * (a - b)
      slope += window[j] * common * x
      width += window[j] * x * x
    }
    let signal = squares - slope * slope / width
    // Most places end here.
    guard product > 0, signal > Self.least * (difference + Self.noise) else { return nothing }
    var variance: Float = 0
    for d in 0..<HoleRays.depth {
      var (commonA, commonB): (Float, Float) = (0, 0)
      for j in window.indices {
        commonA += window[j] * sides.left(first + j, d)
        commonB += window[j] * sides.right(first + j, d)
      }
      for j in window.indices {
        let (a, b) = (sides.left(first + j, d) - commonA, sides.right(first + j, d) - commonB)
        variance += window[j] * (a * a + b * b)
      }
    }
    variance /= Float(2 * HoleRays.depth)
    return (signal / (difference + variance + Self.noise), signal)
  }
}

/// What lies beyond both ends of the rays of a direction.
private struct RaySides {
  /// Means of each ray's samples.
  private(set) var a: [Float]
  private(set) var b: [Float]
  /// How many rays in a row can be used, this one in their middle.
  private(set) var usable: [Int]
  /// (rays, depth): less the mean of the ray.
  private var leftSamples: [Float]
  private var rightSamples: [Float]

  func left(_ r: Int, _ d: Int) -> Float { leftSamples[r * HoleRays.depth + d] }
  func right(_ r: Int, _ d: Int) -> Float { rightSamples[r * HoleRays.depth + d] }

  init(_ rays: HoleRays, direction k: Int, in plane: UnsafePointer<Float>, width: Int) {
    let (count, depth) = (2 * rays.radius + 1, HoleRays.depth)
    a = Array(repeating: 0, count: count)
    b = a
    leftSamples = Array(repeating: 0, count: count * depth)
    rightSamples = leftSamples
    var isUsed = [Bool](repeating: false, count: count)
    let along = rays.directions[k]
    for r in 0..<count {
      guard let ends = rays.ends(direction: k, offset: r - rays.radius) else { continue }
      isUsed[r] = true
      let side = Float(r - rays.radius)
      func samples(from end: Float, _ step: Float, into samples: inout [Float]) -> Float {
        let start = rays.point(along: end + step * HoleRays.gap, offset: side, direction: k)
        let (dy, dx) = (step * HoleRays.pace * along.y, step * HoleRays.pace * along.x)
        var sum: Float = 0
        for d in 0..<depth {
          let value = interpolated(
            plane, width: width, y: start.y + Float(d) * dy, x: start.x + Float(d) * dx)
          samples[r * depth + d] = value
          sum += value
        }
        let mean = sum / Float(depth)
        for d in 0..<depth { samples[r * depth + d] -= mean }
        return mean
      }
      a[r] = samples(from: ends.first, -1, into: &leftSamples)
      b[r] = samples(from: ends.last, 1, into: &rightSamples)
    }
    let half = LineSearch.halfWidth
    usable = (0..<count).map { r in
      r >= half && r + half < count && isUsed[r - half...r + half].allSatisfy { $0 } ? 2 * half + 1 : 0
    }
  }
}
