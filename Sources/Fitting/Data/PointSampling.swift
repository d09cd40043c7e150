import Foundation
import Kernels
import Representations

/// The points that a step of a fit evaluates, where all would be too many: random known points for the data term, and a
/// random lattice for the penalties.
struct PointSampling {
  /// Points of a step; half of them are for the penalties, if there are any.
  let samples: Int
  var random: RandomSource
  private let grid: SignalGrid
  private let frames, rows, columns: Int

  /// The lattice has the same share of rows, of columns and of frames, but at least four frames, lest there be too few pairs
  /// of them.
  init(grid: SignalGrid, samples: Int, seed: UInt64) {
    self.grid = grid
    self.samples = samples
    random = RandomSource(seed: seed)
    let all = Double(max(grid.frames * grid.height * grid.width, 1))
    let share = min(1, Double(max(samples / 2, 1)) / all)
    let side = pow(share, grid.frames > 1 ? 1 / 3 : 1 / 2)
    frames = min(grid.frames, max(4, Int((Double(grid.frames) * side).rounded())))
    let rest = min(1, (share * Double(grid.frames) / Double(max(frames, 1))).squareRoot())
    rows = max(2, Int((Double(grid.height) * rest).rounded()))
    columns = max(2, Int((Double(grid.width) * rest).rounded()))
  }

  mutating func nextLattice() -> Lattice {
    Lattice(randomIn: grid, frames: frames, rows: rows, columns: columns, from: &random)
  }
}
