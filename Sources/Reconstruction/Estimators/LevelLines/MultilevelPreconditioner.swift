import Frames
import CVectorMath
import Kernels

/// The multilevel preconditioner of Bramble, Pasciak and Xu ("Parallel multilevel preconditioners", 1990), with B-splines.
///
/// The inverse of an energy of order 2 m is approximately the sum over levels of h^(2 m - d) P P^T, P the B-splines of width h
/// of a level and d the number of dimensions. A B-spline takes part if all samples under it are missing, as others would
/// change known samples.
struct MultilevelPreconditioner {
  private struct Level {
    var grids: spline_grids
    /// 1 for the B-splines that take part.
    var mask: Matrix
    var spans: RowSpans
    /// Sums of the residual under the B-splines, then their coefficients.
    var values: Matrix
    var scale: Float
  }

  private var levels: [Level] = []
  private let missing: RowSpans
  private let threads: Int
  private let kernels: level_line_kernels

  /// - Parameters:
  ///   - missing: (frames, height, width), true at missing samples.
  ///   - isDeep: true to halve the number of frames from level to level too, false for each frame by itself.
  init(
    missing: [Bool], spans: RowSpans, shape: (frames: Int, height: Int, width: Int), isDeep: Bool,
    threads: Int,
    kernels: level_line_kernels
  ) {
    (self.missing, self.threads, self.kernels) = (spans, threads, kernels)
    var fine = missing
    var size = shape
    var scale: Float = 1
    while min(size.height, size.width) > 4 && levels.count < 8 {
      let deep = isDeep && size.frames > 1
      let coarse = (
        frames: deep ? (size.frames + 1) / 2 : size.frames, height: (size.height + 1) / 2,
        width: (size.width + 1) / 2
      )
      let chosen = Self.inside(fine, size, coarse)
      if !chosen.contains(true) { break }
      // h^(2 m - d) for h = 2, m = 3.
      scale *= deep ? 8 : 16
      let mask = Matrix(rows: 1, columns: chosen.count)
      for i in chosen.indices where chosen[i] { mask[i] = 1 }
      levels.append(
        Level(
          grids: spline_grids(
            frames: size.frames, height: size.height, width: size.width, coarse_frames: coarse.frames,
            coarse_height: coarse.height, coarse_width: coarse.width),
          mask: mask, spans: RowSpans(chosen, width: coarse.width),
          values: Matrix(rows: 1, columns: chosen.count), scale: scale))
      (fine, size) = (chosen, coarse)
    }
  }

  /// The coarse B-splines under which all samples are `fine`.
  private static func inside(
    _ fine: [Bool], _ size: (frames: Int, height: Int, width: Int),
    _ coarse: (frames: Int, height: Int, width: Int)
  ) -> [Bool] {
    let others = widened(
      fine.map { !$0 }, frames: size.frames, height: size.height, width: size.width,
      reach: (coarse.frames < size.frames ? 2 : 0, 2, 2))
    let step = coarse.frames < size.frames ? 2 : 1
    var result: [Bool] = []
    result.reserveCapacity(coarse.frames * coarse.height * coarse.width)
    for t in 0..<coarse.frames {
      for y in 0..<coarse.height {
        for x in 0..<coarse.width {
          result.append(!others[(t * step * size.height + 2 * y) * size.width + 2 * x])
        }
      }
    }
    return result
  }

  /// Writes the preconditioned residual to the missing samples of `direction`.
  func apply(_ residual: Matrix, to direction: Matrix) {
    _ = missing.sum(threads: threads) { i, count in
      (direction.base + i).update(from: residual.base + i, count: count)
      return 0
    }
    var fine = residual
    for level in levels {
      level.spans.each(threads: threads) { [fine] row, from, to in
        withUnsafePointer(to: level.grids) {
          kernels.coarsen($0, fine.base, level.mask.base, row, from, to, level.values.base)
        }
      }
      fine = level.values
    }
    for k in levels.indices.reversed() {
      let level = levels[k]
      // A level's coefficients: its own sums by its scale, and what the coarser levels have there.
      let (target, spans, share) =
        k > 0 ? (levels[k - 1].values, levels[k - 1].spans, levels[k - 1].scale) : (direction, missing, 1)
      if k + 1 == levels.count {
        for i in 0..<level.values.count { level.values[i] *= level.scale }
      }
      spans.each(threads: threads) { row, from, to in
        withUnsafePointer(to: level.grids) {
          kernels.refine($0, level.values.base, share, row, from, to, target.base)
        }
      }
    }
  }
}
