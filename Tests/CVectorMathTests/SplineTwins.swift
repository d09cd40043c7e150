import CVectorMath
import Kernels

/// A fine and a coarse grid, and the weights that join them.
private struct Grids: Sendable {
  var fine: (frames: Int, height: Int, width: Int)
  var isDeep: Bool

  var coarse: (frames: Int, height: Int, width: Int) {
    (isDeep ? (fine.frames + 1) / 2 : fine.frames, (fine.height + 1) / 2, (fine.width + 1) / 2)
  }
  var text: String { "\(fine.frames) x \(fine.height) x \(fine.width)" + (isDeep ? ", deep" : "") }
  var fineCount: Int { fine.frames * fine.height * fine.width }
  var coarseCount: Int { coarse.frames * coarse.height * coarse.width }
  var grids: spline_grids {
    spline_grids(
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

extension KernelTwin {
  static let spline: [KernelTwin] = [
    Grids(fine: (5, 7, 9), isDeep: true), Grids(fine: (2, 6, 150), isDeep: false),
    Grids(fine: (4, 5, 131), isDeep: true), Grids(fine: (1, 3, 2), isDeep: false),
  ].flatMap { [coarsen($0), refine($0)] }

  private static func coarsen(_ plain: Grids) -> KernelTwin {
    let fine = numbers(plain.fineCount)
    let mask = (0..<plain.coarseCount).map { Float($0 % 5 == 0 ? 0 : 1) }
    return KernelTwin("level_lines.coarsen", input: plain.text, tolerance: 1e-5) { kernels, times in
      var grids = plain.grids
      var sums = [Float](repeating: 0, count: plain.coarseCount)
      for _ in 0..<times {
        for row in 0..<plain.coarse.frames * plain.coarse.height {
          // In two pieces, as spans begin and end anywhere.
          let middle = plain.coarse.width / 3
          kernels.level_lines.coarsen(&grids, fine, mask, row, 0, middle, &sums)
          kernels.level_lines.coarsen(&grids, fine, mask, row, middle, plain.coarse.width, &sums)
        }
      }
      return sums.doubles
    } plain: {
      (0..<plain.coarseCount).map { c in
        Double(mask[c]) * (0..<plain.fineCount).reduce(0.0) { $0 + plain.weight(c, $1) * Double(fine[$1]) }
      }
    }
  }

  private static func refine(_ plain: Grids) -> KernelTwin {
    let (fine, coarse) = (numbers(plain.fineCount), numbers(plain.coarseCount, seed: 2))
    return KernelTwin("level_lines.refine", input: plain.text, tolerance: 1e-5) { kernels, times in
      var grids = plain.grids
      var refined = fine
      for _ in 0..<times {
        for row in 0..<plain.fine.frames * plain.fine.height {
          // Spans may begin at odd samples.
          let middle = plain.fine.width / 2
          kernels.level_lines.refine(&grids, coarse, 0.5, row, 0, middle, &refined)
          kernels.level_lines.refine(&grids, coarse, 0.5, row, middle, plain.fine.width, &refined)
        }
      }
      return refined.doubles
    } plain: {
      (0..<plain.fineCount).map { f in
        (0..<plain.coarseCount).reduce(0.5 * Double(fine[f])) {
          $0 + plain.weight($1, f) * Double(coarse[$1])
        }
      }
    }
  }
}
