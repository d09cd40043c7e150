import CVectorMath
import Kernels
import Testing

@testable import Reconstruction

private let levels = [VM_BASELINE, VM_AVX2, VM_AVX512].filter { vm_kernels_at($0) != nil }

@Suite struct MultilevelPreconditionerTests {
  private struct Grids {
    var fine: (frames: Int, height: Int, width: Int)
    var isDeep: Bool

    var coarse: (frames: Int, height: Int, width: Int) {
      (isDeep ? (fine.frames + 1) / 2 : fine.frames, (fine.height + 1) / 2, (fine.width + 1) / 2)
    }
    var fineCount: Int { fine.frames * fine.height * fine.width }
    var coarseCount: Int { coarse.frames * coarse.height * coarse.width }
    var grids: surface_grids {
      surface_grids(
        frames: fine.frames, height: fine.height, width: fine.width, coarse_frames: coarse.frames,
        coarse_height: coarse.height, coarse_width: coarse.width)
    }
    /// The weight of a coarse sample's B-spline at a fine one.
    func weight(_ c: Int, _ f: Int) -> Double {
      func along(_ c: Int, _ f: Int) -> Double {
        let d = abs(f - 2 * c)
        return d > 2 ? 0 : [0.75, 0.5, 0.125][d]
      }
      let (ct, cy, cx) = (
        c / (coarse.height * coarse.width), c / coarse.width % coarse.height, c % coarse.width
      )
      let (ft, fy, fx) = (f / (fine.height * fine.width), f / fine.width % fine.height, f % fine.width)
      let inTime: Double = isDeep ? along(ct, ft) : (ct == ft ? 1 : 0)
      return inTime * along(cy, fy) * along(cx, fx)
    }
  }

  private func values(_ count: Int, _ seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.uniform() - 0.5 }
  }

  @Test func coarseningAndRefiningAreSumsOfSplines() {
    let all = [
      Grids(fine: (5, 7, 9), isDeep: true), Grids(fine: (2, 6, 150), isDeep: false),
      Grids(fine: (4, 5, 131), isDeep: true), Grids(fine: (1, 3, 2), isDeep: false),
    ]
    for (level, plain) in levels.flatMap({ level in all.map { (level, $0) } }) {
      let kernels = surface_kernels_at(level).pointee
      let (fine, coarse) = (values(plain.fineCount, 1), values(plain.coarseCount, 2))
      var grids = plain.grids
      let sums = Matrix(rows: 1, columns: plain.coarseCount)
      let mask = [Float](repeating: 1, count: plain.coarseCount)
      for row in 0..<plain.coarse.frames * plain.coarse.height {
        let middle = plain.coarse.width / 3
        kernels.coarsen(&grids, fine, mask, row, 0, middle, sums.base)
        kernels.coarsen(&grids, fine, mask, row, middle, plain.coarse.width, sums.base)
      }
      for c in 0..<plain.coarseCount {
        let expected = (0..<plain.fineCount).reduce(0.0) { $0 + plain.weight(c, $1) * Double(fine[$1]) }
        #expect(abs(Double(sums.base[c]) - expected) < 1e-5)
      }
      let refined = Matrix(rows: 1, columns: plain.fineCount, values: fine)
      for row in 0..<plain.fine.frames * plain.fine.height {
        // Spans may begin at odd samples.
        let middle = plain.fine.width / 2
        kernels.refine(&grids, coarse, 0.5, row, 0, middle, refined.base)
        kernels.refine(&grids, coarse, 0.5, row, middle, plain.fine.width, refined.base)
      }
      for f in 0..<plain.fineCount {
        let expected = (0..<plain.coarseCount).reduce(0.5 * Double(fine[f])) {
          $0 + plain.weight($1, f) * Double(coarse[$1])
        }
        #expect(abs(Double(refined.base[f]) - expected) < 1e-5)
      }
    }
  }

  /// A preconditioner has to be symmetric and positive, or conjugate gradients go astray; and leave what is known.
  @Test func isSymmetricPositiveAndLeavesKnownSamples() {
    let shape = (frames: 2, height: 40, width: 44)
    let count = shape.frames * shape.height * shape.width
    var missing = [Bool](repeating: false, count: count)
    for i in missing.indices {
      missing[i] = (6..<30).contains(i / shape.width % shape.height) && (5..<38).contains(i % shape.width)
    }
    let spans = RowSpans(missing, width: shape.width)
    let preconditioner = MultilevelPreconditioner(
      missing: missing, spans: spans, shape: shape, isDeep: false, threads: 2,
      kernels: surface_kernels_at(vm_kernels_best().pointee.level).pointee)
    func residual(_ seed: UInt64) -> Matrix {
      let all = values(count, seed)
      return Matrix(rows: 1, columns: count, values: all.indices.map { missing[$0] ? all[$0] : 0 })
    }
    func applied(_ m: Matrix) -> Matrix {
      let result = Matrix(rows: 1, columns: count)
      preconditioner.apply(m, to: result)
      return result
    }
    let (a, b) = (residual(1), residual(2))
    let (ma, mb) = (applied(a), applied(b))
    let (left, right, own) = (VectorMath.dot(ma, b), VectorMath.dot(a, mb), VectorMath.dot(a, ma))
    #expect(abs(left - right) < 1e-3 * own)
    #expect(own > VectorMath.dot(a, a))
    for i in 0..<count where !missing[i] { #expect(ma.base[i] == 0) }
  }
}

@Suite struct RowSpansTests {
  @Test func spansCoverWhatIsChosenAndNeverOverlap() {
    var random = RandomSource(seed: 3)
    for (width, share) in [(1, 0.5), (7, 0.4), (33, 0.05), (200, 0.01), (200, 0.6), (64, 1)] as [(Int, Float)]
    {
      let chosen = (0..<5 * width).map { _ in random.uniform() < share }
      let spans = RowSpans(chosen, width: width)
      var seen = [Int](repeating: 0, count: chosen.count)
      spans.each(threads: 1) { row, from, to in
        #expect(from < to && to <= width)
        for x in from..<to { seen[row * width + x] += 1 }
      }
      #expect(seen.allSatisfy { $0 <= 1 })
      #expect(zip(chosen, seen).allSatisfy { !$0 || $1 == 1 })
      #expect(spans.sum(threads: 3) { _, count in Double(count) } == Double(seen.reduce(0, +)))
    }
  }
}
