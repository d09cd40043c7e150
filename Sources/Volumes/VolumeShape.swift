/// An axis of a volume in the order of the file's own coordinates.
public enum VolumeAxis: Int, Sendable, CaseIterable {
  case x, y, z

  public init?(name: String) {
    guard let axis = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = axis
  }

  public var name: String { ["x", "y", "z"][rawValue] }
}

/// The numbers of voxels along x, y and z, and of volumes in a series.
public struct VolumeShape: Sendable, Equatable {
  public let x: Int
  public let y: Int
  public let z: Int
  /// The number of volumes: time points or channels.
  public let volumes: Int
  /// Voxels of one volume.
  public let voxels: Int

  /// Nil where a size is not positive, or a number of voxels overflows.
  public init?(x: Int, y: Int, z: Int, volumes: Int = 1) {
    guard x > 0, y > 0, z > 0, volumes > 0 else { return nil }
    // The bounds keep numbers of bytes from overflowing, and indices into a volume within 32 bits.
    guard let voxels = [x, y, z].product, let all = [voxels, volumes].product, voxels < 1 << 31,
      all < 1 << 48
    else { return nil }
    (self.x, self.y, self.z, self.volumes, self.voxels) = (x, y, z, volumes, voxels)
  }

  /// Voxels along an axis.
  public subscript(axis: VolumeAxis) -> Int {
    switch axis {
    case .x: x
    case .y: y
    case .z: z
    }
  }

  /// Whether one volume of each has the same size.
  public func hasSize(of other: VolumeShape) -> Bool { x == other.x && y == other.y && z == other.z }

  public var text: String { "\(x) x \(y) x \(z)" + (volumes > 1 ? ", \(volumes) volumes" : "") }
}

/// Distances between neighbouring voxels along the axes, all in the same unit.
public struct VoxelSpacing: Sendable, Equatable {
  public var x: Double
  public var y: Double
  public var z: Double

  public init(x: Double = 1, y: Double = 1, z: Double = 1) { (self.x, self.y, self.z) = (x, y, z) }

  public subscript(axis: VolumeAxis) -> Double {
    get { [x, y, z][axis.rawValue] }
    set {
      switch axis {
      case .x: x = newValue
      case .y: y = newValue
      case .z: z = newValue
      }
    }
  }

  /// The distances with 1 in place of what is no length. All are 1 where the largest is more than a hundred times the
  /// least.
  public var usable: VoxelSpacing {
    func length(_ value: Double) -> Double {
      value.isFinite && (1e-9...1e9).contains(abs(value)) ? abs(value) : 1
    }
    let result = VoxelSpacing(x: length(x), y: length(y), z: length(z))
    let lengths = [result.x, result.y, result.z]
    guard let least = lengths.min(), let most = lengths.max(), most <= 100 * least else {
      return VoxelSpacing()
    }
    return result
  }
}

/// The map from voxel indices to places in space: three rows of a 4 x 4 matrix.
public struct VolumeAffine: Sendable, Equatable {
  /// (3, 4), row by row.
  public var rows: [Double]

  public init(rows: [Double]) {
    precondition(rows.count == 12, "an affine map has three rows of four")
    self.rows = rows
  }

  /// Whether both maps put every voxel of a volume to the same place, up to a share of the voxels' size.
  public func agrees(with other: VolumeAffine, shape: VolumeShape, within share: Double = 0.01) -> Bool {
    for row in 0..<3 {
      var (distance, size) = (abs(rows[row * 4 + 3] - other.rows[row * 4 + 3]), 0.0)
      for axis in VolumeAxis.allCases {
        let i = row * 4 + axis.rawValue
        distance += abs(rows[i] - other.rows[i]) * Double(max(shape[axis] - 1, 1))
        size += abs(rows[i])
      }
      if !(distance <= share * max(size, 1e-9)) { return false }
    }
    return true
  }
}

extension Sequence<Int> {
  /// The product of all numbers; nil where it overflows.
  var product: Int? {
    reduce(1) { product, factor in
      guard let (result, overflow) = product?.multipliedReportingOverflow(by: factor) else { return nil }
      return overflow ? nil : result
    }
  }
}
