import Kernels

/// The mean flow over squares of a plane, sampled at every fourth row and column: it is smooth enough to be interpolated between
/// them.
public struct MeanFlow: Sendable {
  private static let spacing = 4
  /// The mean is that over 3 x 3 places so many samples of the plane apart.
  private static let reach: Float = 5

  /// Rows and columns of the plane, (rows, columns).
  private let dy: Matrix
  private let dx: Matrix

  public init(of flow: FlowField, lattice: SampleLattice) {
    let rows = (lattice.height - 1) / Self.spacing + 2
    let columns = (lattice.width - 1) / Self.spacing + 2
    dy = Matrix(rows: rows, columns: columns)
    dx = Matrix(rows: rows, columns: columns)
    for i in 0..<rows {
      for j in 0..<columns {
        var (y, x) = (Float(0), Float(0))
        for a in [-Self.reach, 0, Self.reach] {
          for b in [-Self.reach, 0, Self.reach] {
            let d = flow.displacement(
              y: lattice.rowOrigin + (Float(i * Self.spacing) + a) * lattice.rowStep,
              x: lattice.columnOrigin + (Float(j * Self.spacing) + b) * lattice.columnStep)
            y += d.dy
            x += d.dx
          }
        }
        dy[i, j] = y / (9 * lattice.rowStep)
        dx[i, j] = x / (9 * lattice.columnStep)
      }
    }
  }

  /// The mean flow over the square around a place of the plane, in its samples.
  public func displacement(row: Float, column: Float) -> (dy: Float, dx: Float) {
    let cell = BilinearCell(
      y: row / Float(Self.spacing), x: column / Float(Self.spacing), height: dy.rows, width: dy.columns)
    return (cell.value(in: dy.base), cell.value(in: dx.base))
  }
}
