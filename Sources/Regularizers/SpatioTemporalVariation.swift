import Kernels
import Representations

/// Total variation of the differences of successive frames: sum |dt dy X| + |dt dx X| over neighbours along rows and
/// columns, with subgradient 0 at 0. Frames that differ by a constant cost nothing. After the spatio-spectral total
/// variation of Aggarwal, Majumdar, IEEE Geoscience and Remote Sensing Letters 13(3), 2016, with time for the spectrum.
///
/// On a lattice only neighbours that are both there, in frames that are both there, count. Frames and rows are drawn
/// independently: of m_t of n_t frames and m_y of n_y rows, a pair of each is there with the probability
/// m_t (m_t - 1) / (n_t (n_t - 1)) m_y (m_y - 1) / (n_y (n_y - 1)), times m_x / n_x for the column. The inverse of that
/// is the product of the scales of pairs on either axis, divided by that of samples, which both contain.
public final class SpatioTemporalVariation: SignalRegularizer {
  public init() {}

  public func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double {
    let (grid, lattice) = (signal.grid, signal.lattice)
    let successive = Set(Variation.neighbours(lattice.frames))
    var value = 0.0
    for (plane, group) in grid.groupOfPlane.enumerated() where !successive.isEmpty {
      let sampleScale = lattice.sampleScale(group: group, in: grid)
      if sampleScale == 0 { continue }
      let unit =
        Double(weight) / Double(grid.sampleCount) * lattice.pairScale(along: .time, group: group, in: grid)
        / sampleScale
      let variation = Variation(
        rows: Variation.neighbours(lattice.groups[group].rows),
        columns: Variation.neighbours(lattice.groups[group].columns),
        rowScale: unit * lattice.pairScale(along: .row, group: group, in: grid),
        columnScale: unit * lattice.pairScale(along: .column, group: group, in: grid))
      // Each frame does its differences to both sides, so that no two frames write to the same place.
      value += orderedSum(lattice.frames.count, threads: threads) { frame in
        let before = successive.contains(frame - 1) ? frame - 1 : nil
        let after = successive.contains(frame) ? frame : nil
        let target = gradient.frame(frame, ofPlane: plane)
        if let before {
          _ = Self.add(variation, of: signal, plane: plane, after: before, times: 1, to: target)
        }
        return after.map {
          Self.add(variation, of: signal, plane: plane, after: $0, times: -1, to: target)
        } ?? 0
      }
    }
    return value
  }

  /// Adds `sign` times the gradient of the variation of the difference between a frame and the next.
  private static func add(
    _ variation: Variation, of signal: Signal, plane: Int, after frame: Int, times sign: Float,
    to gradient: Matrix
  ) -> Double {
    let x = signal.frame(frame, ofPlane: plane)
    let difference = Matrix(rows: x.rows, columns: x.columns)
    let change = Matrix(rows: x.rows, columns: x.columns)
    VectorMath.add(signal.frame(frame + 1, ofPlane: plane), to: difference)
    VectorMath.add(x, times: -1, to: difference)
    let value = variation.addGradient(of: difference, to: change)
    VectorMath.add(change, times: sign, to: gradient)
    return value
  }
}
