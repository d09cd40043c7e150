/// Factors by which the grid of a volume becomes finer along x, y and z. They are whole numbers, so that every voxel
/// keeps its place; `factor - 1` new voxels lie between two neighbours.
///
/// An axis of n voxels becomes one of (n - 1) x factor + 1: nothing is added beyond the first and the last voxel.
public struct GridRefinement: Sendable, Equatable {
  /// Along x, y and z, at least 1.
  public let factors: [Int]

  public static let largestFactor = 64

  /// Nil where a factor lies outside 1 ... `largestFactor`.
  public init?(x: Int, y: Int, z: Int) {
    guard [x, y, z].allSatisfy({ (1...Self.largestFactor).contains($0) }) else { return nil }
    factors = [x, y, z]
  }

  /// The whole factors that bring all distances as close as possible to the least one. Axes of a single voxel have 1.
  public init(isotropic spacing: VoxelSpacing, shape: VolumeShape) {
    let lengths = spacing.usable
    let axes = VolumeAxis.allCases.filter { shape[$0] > 1 }
    let least = axes.map { lengths[$0] }.min() ?? 1
    factors = VolumeAxis.allCases.map { axis in
      guard axes.contains(axis) else { return 1 }
      let ratio = lengths[axis] / least
      // Of the two whole factors around the ratio, the one that is nearer in proportion.
      let below = max(1, Int(ratio))
      let isBelow = ratio / Double(below) <= Double(below + 1) / ratio
      return min(isBelow ? below : below + 1, Self.largestFactor)
    }
  }

  /// The factors that make `finer` of `shape`; nil where there are none.
  public init?(from shape: VolumeShape, to finer: VolumeShape) {
    let factors = VolumeAxis.allCases.map { shape[$0] == 1 ? 1 : (finer[$0] - 1) / (shape[$0] - 1) }
    self.init(x: factors[0], y: factors[1], z: factors[2])
    if refined(shape) != finer { return nil }
  }

  /// One refinement for each axis that becomes finer, z first. Missing whole slices are restored far better than
  /// scattered voxels of which seven out of eight are missing, so the axes are refined one after the other.
  public var steps: [GridRefinement] {
    VolumeAxis.allCases.reversed().filter { self[$0] > 1 }.compactMap { axis in
      GridRefinement(
        x: axis == .x ? self[.x] : 1, y: axis == .y ? self[.y] : 1, z: axis == .z ? self[.z] : 1)
    }
  }

  /// The refinement by both, one after the other; nil where a factor becomes too large.
  func followed(by other: GridRefinement) -> GridRefinement? {
    GridRefinement(
      x: self[.x] * other[.x], y: self[.y] * other[.y], z: self[.z] * other[.z])
  }

  /// Whether nothing changes.
  public var isIdentity: Bool { factors == [1, 1, 1] }

  public subscript(axis: VolumeAxis) -> Int { factors[axis.rawValue] }

  /// Voxels along x, y and z of the finer grid. Shapes are below 2^31 and factors are small: the products fit.
  func sizes(_ shape: VolumeShape) -> [Int] {
    VolumeAxis.allCases.map { (shape[$0] - 1) * self[$0] + 1 }
  }

  /// The finer grid; nil where it has more voxels than a volume may have.
  public func refined(_ shape: VolumeShape) -> VolumeShape? {
    let sizes = sizes(shape)
    return VolumeShape(x: sizes[0], y: sizes[1], z: sizes[2], volumes: shape.volumes)
  }

  public func refined(_ spacing: VoxelSpacing) -> VoxelSpacing {
    var result = spacing
    for axis in VolumeAxis.allCases { result[axis] /= Double(self[axis]) }
    return result
  }

  /// The first voxel stays where it is.
  public func refined(_ affine: VolumeAffine) -> VolumeAffine {
    var result = affine
    for row in 0..<3 {
      for axis in VolumeAxis.allCases { result.rows[row * 4 + axis.rawValue] /= Double(self[axis]) }
    }
    return result
  }

  /// The mask on the finer grid: voxels that were missing, and all new ones.
  ///
  /// - Parameters:
  ///   - missing: of one volume, x fastest, 1 where missing.
  ///   - shape: the volume's own.
  public func spread(_ missing: [UInt8], from shape: VolumeShape, to finer: VolumeShape) -> [UInt8] {
    precondition(missing.count == shape.voxels, "a mask has the volume's voxels")
    if isIdentity { return missing }
    var result = [UInt8](repeating: 1, count: finer.voxels)
    var from = 0
    for z in 0..<shape.z {
      for y in 0..<shape.y {
        let row = (z * factors[2] * finer.y + y * factors[1]) * finer.x
        for x in 0..<shape.x {
          result[row + x * factors[0]] = missing[from]
          from += 1
        }
      }
    }
    return result
  }

  public var text: String { factors.map(String.init).joined(separator: " x ") }
}

extension Volume {
  /// Copies all voxels, bit for bit, to their places in a volume on a finer grid.
  func copyVoxels(to finer: Volume, refinement: GridRefinement) {
    precondition(
      refinement.refined(shape) == finer.shape && type == finer.type && isBigEndian == finer.isBigEndian,
      "the finer grid of this volume")
    let size = type.size
    let (step, finerStep) = (strides[0] * size, finer.strides[0] * size * refinement.factors[0])
    buffer.withUnsafeBytes { from in
      finer.buffer.withUnsafeMutableBytes { to in
        for volume in 0..<shape.volumes {
          for z in 0..<shape.z {
            for y in 0..<shape.y {
              var source = offset + (volume * strides[3] + z * strides[2] + y * strides[1]) * size
              let (fy, fz) = (y * refinement.factors[1], z * refinement.factors[2])
              var target =
                finer.offset
                + (volume * finer.strides[3] + fz * finer.strides[2] + fy * finer.strides[1]) * size
              for _ in 0..<shape.x {
                for k in 0..<size { to[target + k] = from[source + k] }
                source += step
                target += finerStep
              }
            }
          }
        }
      }
    }
  }
}
