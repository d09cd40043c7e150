/// The axis of a volume along which its slices are the frames; their columns and rows lie along the other two axes.
public struct SliceOrder: Sendable, Equatable {
  public let frame: VolumeAxis
  public let row: VolumeAxis
  public let column: VolumeAxis

  public init(along frame: VolumeAxis) {
    self.frame = frame
    let axes = Volume.Slice.axes(across: frame)
    (row, column) = (axes.row, axes.column)
  }

  /// The order that suits what is missing: along the axis with the largest share of slices that are missing as a whole;
  /// without such slices, along the axis on which voxels are farthest apart. Of equal axes, z is preferred.
  ///
  /// - Parameter missing: of one volume, x fastest, 1 where missing.
  public init(for volume: Volume, missing: [UInt8]) {
    let spacing = volume.spacing.usable
    let counts = Self.emptySlices(missing, shape: volume.shape)
    // An axis of one voxel has no other slices to restore its slice from.
    let whole = VolumeAxis.allCases.filter { counts[$0.rawValue] > 0 && volume.shape[$0] > 1 }
    let most = whole.map { Double(counts[$0.rawValue]) / Double(volume.shape[$0]) }.max()
    if let most {
      self.init(
        along: whole.last { Double(counts[$0.rawValue]) / Double(volume.shape[$0]) == most } ?? .z)
      return
    }
    let thick = VolumeAxis.allCases.filter { volume.shape[$0] > 1 }
    let widest = thick.map { spacing[$0] }.max() ?? 1
    self.init(along: thick.last { spacing[$0] > widest * 0.99 } ?? .z)
  }

  /// The number of slices across x, y and z in which everything is missing.
  private static func emptySlices(_ missing: [UInt8], shape: VolumeShape) -> [Int] {
    var known = VolumeAxis.allCases.map { [Bool](repeating: false, count: shape[$0]) }
    missing.withUnsafeBufferPointer { missing in
      for z in 0..<shape.z {
        for y in 0..<shape.y {
          let row = (z * shape.y + y) * shape.x
          for x in 0..<shape.x where missing[row + x] == 0 {
            known[0][x] = true
            known[1][y] = true
            known[2][z] = true
          }
        }
      }
    }
    return known.map { $0.reduce(0) { $0 + ($1 ? 0 : 1) } }
  }

  /// The mask of a slice, (rows, columns), from that of a volume, x fastest.
  public func slice(_ index: Int, of mask: [UInt8], shape: VolumeShape) -> [UInt8] {
    let strides = [1, shape.x, shape.x * shape.y]
    let (width, height) = (shape[column], shape[row])
    var result = [UInt8](repeating: 0, count: width * height)
    mask.withUnsafeBufferPointer { mask in
      for y in 0..<height {
        let start = index * strides[frame.rawValue] + y * strides[row.rawValue]
        for x in 0..<width { result[y * width + x] = mask[start + x * strides[column.rawValue]] }
      }
    }
    return result
  }
}
