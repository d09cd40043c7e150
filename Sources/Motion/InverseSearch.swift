import CVectorMath
import Kernels

/// Dense optical flow by inverse search of patches, from coarse to fine (Kroeger, Timofte, Dai, Van Gool: "Fast Optical Flow using
/// Dense Inverse Search", ECCV 2016, arXiv:1603.03590), without refinement.
///
/// Each patch T of the first picture is moved towards where the second one, I, looks like it, by Newton's steps
/// H^-1 sum g r, with r = I(x + u) - T(x) less its mean, g the slopes of T less theirs, and H = sum g g', which is computed once.
/// Patches begin from what was found at half the resolution or, if that fits better, from what their neighbours found. A sample's
/// motion is the mean of that of the patches that it is in, those that fit it counting more.
enum InverseSearch {
  /// Samples between patches, which overlap by half.
  private static let spacing = 4
  /// Steps for each patch after each start, and the share of Newton's step that each goes: in full ones patches run after grain.
  private static let (steps, stepShare): (Int, Float) = (5, 0.25)
  /// One of Newton's steps shorter than this is the last, and starts as near as this to each other are tried once; squared, in samples.
  private static let (shortest, same): (Float, Float) = (0.02 * 0.02, 0.25 * 0.25)
  /// Added to the squares of slopes: where there is nothing to see, patches stay where they begin.
  private static let damping: Float = 32
  /// No level has a side below this.
  private static let smallestSide = 12

  /// The flow from `a` to `b`, which are of the same size, full scale = 255.
  static func flow(from a: Matrix, to b: Matrix) -> FlowField {
    let finest = SearchPicture(a)
    guard finest.holdsPatches else { return FlowField(still: a.rows, a.columns) }
    var levels = [(finest, SearchTarget(b))]
    while let (finer, target) = levels.last, min(finer.height, finer.width) >= 2 * smallestSide {
      levels.append((SearchPicture(finer.values.halved), SearchTarget(target.values.halved)))
    }
    var flow: FlowField?
    for (from, to) in levels.reversed() {
      let level = LevelSearch(from: from, to: to, start: flow)
      var found: [Match] = []
      level.pass(isForward: true, &found)
      level.pass(isForward: false, &found)
      flow = level.dense(found)
    }
    return flow ?? FlowField(still: a.rows, a.columns)
  }

  /// A patch's motion, and what its samples differ by there.
  private struct Match {
    var motion: SIMD2<Float>
    var difference: patch_difference
    /// Sum of squared differences from their mean.
    var error: Float { difference.squares - difference.sum * difference.sum * share }
  }

  private static let share = 1 / Float(PATCH_SIDE * PATCH_SIDE)

  /// What Newton's steps need to know about a patch.
  private struct Slopes {
    var mean: SIMD2<Float>
    /// The inverse of H: of rows, of both, of columns.
    var inverse: SIMD3<Float>

    init(_ sums: patch_slopes) {
      mean = SIMD2(sums.down, sums.right) * share
      let rows = sums.down_down - sums.down * mean.x + damping
      let both = sums.down_right - sums.down * mean.y
      let columns = sums.right_right - sums.right * mean.y + damping
      inverse = SIMD3(columns, -both, rows) / max(rows * columns - both * both, damping * damping / 2)
    }

    func step(_ difference: patch_difference) -> SIMD2<Float> {
      let slope = SIMD2(difference.with_down, difference.with_right) - mean * difference.sum
      return SIMD2(
        inverse.x * slope.x + inverse.y * slope.y, inverse.y * slope.x + inverse.z * slope.y)
    }
  }

  /// The search at one level of resolution. A class, so that no patch counts the owners of its pictures.
  private final class LevelSearch {
    let from: SearchPicture
    let to: SearchTarget
    /// Where patches begin.
    let tops: [Int]
    let lefts: [Int]
    private let slopes: [Slopes]
    private let start: [SIMD2<Float>]
    private let kernels = vm_kernels_best().pointee.patches

    init(from: SearchPicture, to: SearchTarget, start coarse: FlowField?) {
      func places(_ count: Int) -> [Int] {
        let last = count - Int(PATCH_SIDE)
        return Array(stride(from: 0, to: last, by: spacing)) + [last]
      }
      (self.from, self.to) = (from, to)
      (tops, lefts) = (places(from.height), places(from.width))
      var (slopes, start): ([Slopes], [SIMD2<Float>]) = ([], [])
      slopes.reserveCapacity(tops.count * lefts.count)
      let middle = Int(PATCH_SIDE) / 2
      for top in tops {
        for left in lefts {
          var pair = Self.pair(from, to, top, left)
          var sums = patch_slopes()
          kernels.slopes(&pair, &sums)
          slopes.append(Slopes(sums))
          guard let coarse else { continue }
          let (y, x) = (
            min(coarse.height - 1, (top + middle) / 2), min(coarse.width - 1, (left + middle) / 2)
          )
          start.append(2 * SIMD2(coarse.dy[y, x], coarse.dx[y, x]))
        }
      }
      self.slopes = slopes
      self.start = coarse == nil ? [SIMD2<Float>](repeating: .zero, count: slopes.count) : start
    }

    /// One way over all patches, each beginning from those before it, too.
    func pass(isForward: Bool, _ found: inout [Match]) {
      let (rows, columns) = (tops.count, lefts.count)
      let back = isForward ? -1 : 1
      if isForward { found.reserveCapacity(rows * columns) }
      for i in 0..<rows {
        let r = isForward ? i : rows - 1 - i
        for j in 0..<columns {
          let c = isForward ? j : columns - 1 - j
          let k = r * columns + c
          var pair = pair(tops[r], lefts[c])
          let known = isForward ? nil : found[k]
          var best = known ?? match(&pair, r, c, start[k])
          var isNew = isForward
          func consider(_ neighbour: Int) {
            let motion = found[neighbour].motion
            let apart = motion - best.motion
            if (apart * apart).sum() < same { return }
            let other = match(&pair, r, c, motion)
            if other.error < best.error { (best, isNew) = (other, true) }
          }
          if (isForward ? c > 0 : c + 1 < columns) { consider(k + back) }
          if (isForward ? r > 0 : r + 1 < rows) { consider(k + back * columns) }
          if isNew { best = descended(best, &pair, r, c, slopes[k]) }
          if isForward { found.append(best) } else { found[k] = best }
        }
      }
    }

    private func descended(
      _ begin: Match, _ pair: inout patch_pair, _ r: Int, _ c: Int, _ slopes: Slopes
    ) -> Match {
      var best = begin
      for _ in 0..<steps {
        let step = slopes.step(best.difference)
        let next = match(&pair, r, c, best.motion - stepShare * step)
        if next.error >= best.error { break }
        best = next
        if (step * step).sum() < shortest { break }
      }
      // Farther than a patch is wide is another place.
      let way = best.motion - start[r * lefts.count + c]
      return (way * way).sum() > Float(PATCH_SIDE * PATCH_SIDE) ? begin : best
    }

    private func pair(_ top: Int, _ left: Int) -> patch_pair { Self.pair(from, to, top, left) }

    private static func pair(_ from: SearchPicture, _ to: SearchTarget, _ top: Int, _ left: Int) -> patch_pair
    {
      let i = top * from.width + left
      return patch_pair(
        from: from.values.base + i, down_slope: from.downSlopes.base + i,
        right_slope: from.rightSlopes.base + i,
        to: to.base, from_stride: from.width, to_stride: to.stride, down: 0, right: 0)
    }

    private func place(_ pair: inout patch_pair, _ r: Int, _ c: Int, _ motion: SIMD2<Float>) {
      let place = to.clamped(SIMD2(Float(tops[r]), Float(lefts[c])) + motion)
      let whole = place.rounded(.down)
      pair.to = UnsafePointer(to.base) + Int(whole.x) * to.stride + Int(whole.y)
      (pair.down, pair.right) = (place.x - whole.x, place.y - whole.y)
    }

    private func match(_ pair: inout patch_pair, _ r: Int, _ c: Int, _ motion: SIMD2<Float>) -> Match {
      place(&pair, r, c, motion)
      var difference = patch_difference()
      kernels.compare(&pair, &difference)
      return Match(motion: motion, difference: difference)
    }

    /// The motion of each sample.
    func dense(_ found: [Match]) -> FlowField {
      let (height, width) = (from.height, from.width)
      let plane = height * width
      // Weights, motion down and to the right.
      let sums = Matrix(rows: 3 * height, columns: width)
      for (r, top) in tops.enumerated() {
        for (c, left) in lefts.enumerated() {
          let match = found[r * lefts.count + c]
          var pair = pair(top, left)
          place(&pair, r, c, match.motion)
          kernels.spread(
            &pair, match.difference.sum * share, match.motion.x, match.motion.y,
            sums.base + top * width + left, width, plane)
        }
      }
      let flow = FlowField(still: height, width)
      let (weights, dy, dx) = (sums.base, flow.dy.base, flow.dx.base)
      for i in 0..<plane {
        dy[i] = weights[plane + i] / weights[i]
        dx[i] = weights[2 * plane + i] / weights[i]
      }
      return flow
    }
  }
}
