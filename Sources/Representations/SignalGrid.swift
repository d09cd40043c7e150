/// Where the samples of a signal sit: frames at 0, 1, 2, ..., and planes of rows and columns.
///
/// Planes that share their positions form a group; subsampled planes sit at positions of their own in the same
/// coordinates.
public struct SignalGrid: Sendable, Equatable {
  /// Positions that one or more planes share, in samples of the frame.
  public struct Group: Sendable, Equatable {
    public var rows: [Float]
    public var columns: [Float]

    public init(rows: [Float], columns: [Float]) {
      self.rows = rows
      self.columns = columns
    }
  }

  public var frames: Int
  /// Extent in samples of the frame; positions lie in 0 ... extent - 1.
  public var height: Int
  public var width: Int
  public var groups: [Group]
  /// For each plane, the index of its group.
  public var groupOfPlane: [Int]

  public init(frames: Int, height: Int, width: Int, groups: [Group], groupOfPlane: [Int]) {
    precondition(groupOfPlane.allSatisfy { groups.indices.contains($0) }, "a plane needs a group")
    self.frames = frames
    self.height = height
    self.width = width
    self.groups = groups
    self.groupOfPlane = groupOfPlane
  }

  /// `planes` planes at the frame's own resolution.
  public init(frames: Int, height: Int, width: Int, planes: Int) {
    self.init(
      frames: frames, height: height, width: width,
      groups: [Group(rows: (0..<height).map(Float.init), columns: (0..<width).map(Float.init))],
      groupOfPlane: Array(repeating: 0, count: planes))
  }

  public var planes: Range<Int> { groupOfPlane.indices }

  /// A position in 0 ... extent - 1 as a coordinate in [-1, 1].
  public static func coordinate(_ position: Float, extent: Int) -> Float {
    extent > 1 ? 2 * position / Float(extent - 1) - 1 : 0
  }

  public func rowCount(ofPlane plane: Int) -> Int { groups[groupOfPlane[plane]].rows.count }
  public func columnCount(ofPlane plane: Int) -> Int { groups[groupOfPlane[plane]].columns.count }

  /// Number of samples of all planes.
  public var sampleCount: Int {
    groupOfPlane.reduce(0) { $0 + groups[$1].rows.count * groups[$1].columns.count * frames }
  }
}
