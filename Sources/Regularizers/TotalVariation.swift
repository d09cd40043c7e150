import Kernels
import Representations

/// Anisotropic total variation of each frame: sum |dy X| + |dx X| over neighbours along rows and columns, with
/// subgradient 0 at 0 (after Rudin, Osher, Fatemi, doi:10.1016/0167-2789(92)90242-F).
///
/// On a lattice only neighbours that are both there count. Of the n - 1 pairs of neighbours among n positions, a pair is
/// there as often as any other pair of different positions, so the scale is that of pairs.
public final class TotalVariation: SignalRegularizer {
  public init() {}

  public func addGradient(of signal: Signal, weight: Float, to gradient: Signal, threads: Int) -> Double {
    let (grid, lattice) = (signal.grid, signal.lattice)
    let unit = Double(weight) / Double(grid.sampleCount)
    var value = 0.0
    for (plane, group) in grid.groupOfPlane.enumerated() {
      let variation = Variation(
        rows: Variation.neighbours(lattice.groups[group].rows),
        columns: Variation.neighbours(lattice.groups[group].columns),
        rowScale: unit * lattice.pairScale(along: .row, group: group, in: grid),
        columnScale: unit * lattice.pairScale(along: .column, group: group, in: grid))
      value += orderedSum(lattice.frames.count, threads: threads) { frame in
        variation.addGradient(
          of: signal.frame(frame, ofPlane: plane), to: gradient.frame(frame, ofPlane: plane))
      }
    }
    return value
  }
}

/// Sum over body(0), body(1), ... in this order, whatever the number of threads.
func orderedSum(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Double) -> Double {
  parallelMap(count, threads: threads, body).reduce(0, +)
}
