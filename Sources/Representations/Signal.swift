import Kernels

/// The samples of a signal on a lattice of its grid. Copies refer to the same memory, as those of a `Matrix` do.
public struct Signal: Sendable {
  public let grid: SignalGrid
  public let lattice: Lattice
  /// For each plane (frames, rows x columns), of the lattice.
  public let planes: [Matrix]

  /// Zeros on `lattice`; nil for all samples of the grid.
  public init(grid: SignalGrid, lattice: Lattice? = nil) {
    let lattice = lattice ?? Lattice(of: grid)
    self.grid = grid
    self.lattice = lattice
    planes = grid.groupOfPlane.map { group in
      Matrix(
        rows: lattice.frames.count,
        columns: lattice.groups[group].rows.count * lattice.groups[group].columns.count)
    }
  }

  public func rowCount(ofPlane plane: Int) -> Int { lattice.groups[grid.groupOfPlane[plane]].rows.count }
  public func columnCount(ofPlane plane: Int) -> Int {
    lattice.groups[grid.groupOfPlane[plane]].columns.count
  }

  /// One frame of a plane, (rows, columns): the lattice's frame number `frame`, not the grid's.
  public func frame(_ frame: Int, ofPlane plane: Int) -> Matrix {
    planes[plane].rows(frame..<frame + 1).reshaped(
      rows: rowCount(ofPlane: plane), columns: columnCount(ofPlane: plane))
  }

  public func fill(_ value: Float) { for plane in planes { plane.fill(value) } }

  /// Number of samples of all planes on the lattice.
  public var count: Int { planes.reduce(0) { $0 + $1.count } }
}
