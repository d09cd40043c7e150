import Kernels

/// Some frames of a grid, and for each group of planes some rows and some columns: a sub-grid of all samples.
public struct Lattice: Sendable, Equatable {
  /// Chosen indices of a group's rows and columns, rising.
  public struct Group: Sendable, Equatable {
    public var rows: [Int]
    public var columns: [Int]

    public init(rows: [Int], columns: [Int]) {
      self.rows = rows
      self.columns = columns
    }
  }

  public var frames: [Int]
  public var groups: [Group]

  public init(frames: [Int], groups: [Group]) {
    self.frames = frames
    self.groups = groups
  }

  /// All samples of a grid.
  public init(of grid: SignalGrid) {
    frames = Array(0..<grid.frames)
    groups = grid.groups.map { Group(rows: Array($0.rows.indices), columns: Array($0.columns.indices)) }
  }

  /// Draws frames, rows and columns uniformly, without repetition and independently of each other.
  ///
  /// A group that has fewer rows or columns than the largest gets its share, at least two where it has two.
  public init(
    randomIn grid: SignalGrid, frames: Int, rows: Int, columns: Int, from random: inout RandomSource
  ) {
    func draw(_ wanted: Int, of count: Int) -> [Int] {
      let size = min(count, max(wanted, min(2, count)))
      // The first elements of a shuffle (Durstenfeld, doi:10.1145/364520.364540).
      var indices = Array(0..<count)
      for i in 0..<size { indices.swapAt(i, i + random.below(count - i)) }
      return indices[..<size].sorted()
    }
    self.frames = draw(frames, of: grid.frames)
    let mostRows = grid.groups.map(\.rows.count).max() ?? 1
    let mostColumns = grid.groups.map(\.columns.count).max() ?? 1
    groups = grid.groups.map { group in
      Group(
        rows: draw(rows * group.rows.count / max(mostRows, 1), of: group.rows.count),
        columns: draw(columns * group.columns.count / max(mostColumns, 1), of: group.columns.count))
    }
  }

  /// Factor from a sum over the lattice's samples of a group to one over all samples, in expectation.
  public func sampleScale(group: Int, in grid: SignalGrid) -> Double {
    share(grid.frames, frames.count) * share(grid.groups[group].rows.count, groups[group].rows.count)
      * share(grid.groups[group].columns.count, groups[group].columns.count)
  }

  /// Factor from a sum over pairs of different positions on an axis, within the lattice, to one over all pairs, in
  /// expectation: of n positions m are there, so of n (n - 1) pairs m (m - 1) are; other axes as in `sampleScale`.
  ///
  /// Zero where the lattice has no pair.
  public func pairScale(along axis: Axis, group: Int, in grid: SignalGrid) -> Double {
    let (all, some) = counts(along: axis, group: group, in: grid)
    if some < 2 { return 0 }
    return sampleScale(group: group, in: grid) * Double(all - 1) / Double(some - 1)
  }

  private func counts(along axis: Axis, group: Int, in grid: SignalGrid) -> (Int, Int) {
    switch axis {
    case .row: (grid.groups[group].rows.count, groups[group].rows.count)
    case .column: (grid.groups[group].columns.count, groups[group].columns.count)
    case .time: (grid.frames, frames.count)
    }
  }

  private func share(_ all: Int, _ some: Int) -> Double { some > 0 ? Double(all) / Double(some) : 0 }
}
