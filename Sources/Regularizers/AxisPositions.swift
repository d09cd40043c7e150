import Kernels
import Representations

/// Where the slices of a signal along one axis sit: positions of their own for each group of planes, but frames are
/// shared by all.
struct AxisPositions {
  let axis: Axis
  /// In [-1, 1], of all groups one after the other.
  let coordinates: [Float]
  /// For each group, its stretch of `coordinates`.
  let ranges: [Range<Int>]
  /// The group with the most positions, the first of these.
  let finest: Int

  init(of grid: SignalGrid, along axis: Axis) {
    self.axis = axis
    func places(_ positions: [Float], _ extent: Int) -> [Float] {
      positions.map { SignalGrid.coordinate($0, extent: extent) }
    }
    var (coordinates, ranges): ([Float], [Range<Int>]) = ([], [])
    if axis == .time {
      coordinates = places((0..<grid.frames).map(Float.init), grid.frames)
      ranges = grid.groups.map { _ in 0..<grid.frames }
    } else {
      for group in grid.groups {
        let start = coordinates.count
        coordinates +=
          axis == .row ? places(group.rows, grid.height) : places(group.columns, grid.width)
        ranges.append(start..<coordinates.count)
      }
    }
    self.coordinates = coordinates
    self.ranges = ranges
    let most = grid.groupOfPlane.map { ranges[$0].count }.max() ?? 0
    finest = ranges.indices.first { grid.groupOfPlane.contains($0) && ranges[$0].count == most } ?? 0
  }

  /// Positions of the finest group.
  var count: Int { ranges.isEmpty ? 0 : ranges[finest].count }

  /// Which of a group's positions are on a lattice.
  func indices(group: Int, in lattice: Lattice) -> [Int] {
    switch axis {
    case .row: lattice.groups[group].rows
    case .column: lattice.groups[group].columns
    case .time: lattice.frames
    }
  }

  /// For each position of a group the nearest one of the finest group, the first where two are as near.
  func nearest(group: Int) -> [Int] {
    if ranges[group] == ranges[finest] { return Array(0..<count) }
    let places = coordinates[ranges[finest]]
    return coordinates[ranges[group]].map { place in
      places.indices.min { abs(places[$0] - place) < abs(places[$1] - place) }.map { $0 - places.startIndex }
        ?? 0
    }
  }
}

extension Signal {
  /// Groups of planes with at least two positions along an axis, and the factor that makes sums over their pairs, divided
  /// by the grid's samples, unbiased.
  func pairGroups(along axis: Axis) -> [(group: Int, scale: Double)] {
    grid.groups.indices.compactMap { group in
      let scale = lattice.pairScale(along: axis, group: group, in: grid) / Double(grid.sampleCount)
      return grid.groupOfPlane.contains(group) && scale > 0 ? (group, scale) : nil
    }
  }
}
