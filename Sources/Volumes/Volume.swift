/// A volume, or a series of volumes of one size, from a file of any format: shape, type, spacing and voxels.
///
/// Copies share their voxels.
public struct Volume: Sendable {
  public let shape: VolumeShape
  public let type: VoxelType
  public var isBigEndian = false
  public var spacing = VoxelSpacing()
  /// Where voxels lie in space; nil where the file does not say.
  public var affine: VolumeAffine?
  /// A voxel's number is slope x its stored number + intercept.
  public var slope = 1.0
  public var intercept = 0.0
  /// The bytes of the file, or of the voxels only.
  public let buffer: VoxelBuffer
  /// The offset of the first voxel in `buffer`.
  let offset: Int
  /// Distances, in voxels, of neighbours along x, y, z and in the series.
  let strides: [Int]

  /// - Parameter strides: along x, y, z and the series; nil for x fastest.
  init(shape: VolumeShape, type: VoxelType, buffer: VoxelBuffer, offset: Int, strides: [Int]? = nil) {
    let strides = strides ?? [1, shape.x, shape.x * shape.y, shape.voxels]
    let last = zip(strides, [shape.x, shape.y, shape.z, shape.volumes]).reduce(0) { $0 + $1.0 * ($1.1 - 1) }
    precondition(
      offset >= 0 && offset + (last + 1) * type.size <= buffer.count, "voxels lie within their buffer")
    (self.shape, self.type, self.buffer, self.offset, self.strides) = (shape, type, buffer, offset, strides)
  }

  /// A volume of zeros with voxels of its own, x fastest.
  public init(shape: VolumeShape, type: VoxelType) {
    self.init(
      shape: shape, type: type, buffer: VoxelBuffer(zeros: shape.voxels * shape.volumes * type.size),
      offset: 0)
  }

  /// A slice of one volume: `columns` along the first of the slice's axes, `rows` along the second.
  public struct Slice: Sendable, Equatable {
    public var axis: VolumeAxis
    public var index: Int
    public var volume: Int

    public init(_ axis: VolumeAxis, _ index: Int, ofVolume volume: Int = 0) {
      (self.axis, self.index, self.volume) = (axis, index, volume)
    }

    /// The axis along columns, and the one along rows of a slice across an axis.
    public static func axes(across axis: VolumeAxis) -> (column: VolumeAxis, row: VolumeAxis) {
      switch axis {
      case .x: (.y, .z)
      case .y: (.x, .z)
      case .z: (.x, .y)
      }
    }
  }

  /// Columns and rows of slices across an axis.
  public func size(across axis: VolumeAxis) -> (width: Int, height: Int) {
    let axes = Slice.axes(across: axis)
    return (shape[axes.column], shape[axes.row])
  }

  /// The stored numbers of a slice, (rows, columns).
  public func read(_ slice: Slice, into values: inout [Double]) {
    let (width, height) = size(across: slice.axis)
    if values.count != width * height { values = Array(repeating: 0, count: width * height) }
    values.withUnsafeMutableBufferPointer { values in
      switch type {
      case .uint8: read(slice, UInt8.self, into: values)
      case .int8: read(slice, Int8.self, into: values)
      case .uint16: read(slice, UInt16.self, into: values)
      case .int16: read(slice, Int16.self, into: values)
      case .uint32: read(slice, UInt32.self, into: values)
      case .int32: read(slice, Int32.self, into: values)
      case .uint64: read(slice, UInt64.self, into: values)
      case .int64: read(slice, Int64.self, into: values)
      case .float32: read(slice, Float.self, into: values)
      case .float64: read(slice, Double.self, into: values)
      }
    }
  }

  /// Stores numbers, rounded to the type, where `chosen` is not 0. All other voxels stay bit for bit as they are.
  ///
  /// - Parameters: `values` and `chosen`, (rows, columns) of the slice.
  public func write(_ slice: Slice, _ values: [Double], where chosen: [UInt8]) {
    precondition(values.count == chosen.count, "one choice for each voxel")
    switch type {
    case .uint8: write(slice, UInt8.self, values, chosen)
    case .int8: write(slice, Int8.self, values, chosen)
    case .uint16: write(slice, UInt16.self, values, chosen)
    case .int16: write(slice, Int16.self, values, chosen)
    case .uint32: write(slice, UInt32.self, values, chosen)
    case .int32: write(slice, Int32.self, values, chosen)
    case .uint64: write(slice, UInt64.self, values, chosen)
    case .int64: write(slice, Int64.self, values, chosen)
    case .float32: write(slice, Float.self, values, chosen)
    case .float64: write(slice, Double.self, values, chosen)
    }
  }

  /// Whether the voxels of a slice where `chosen` is 0 have the same bits in another volume of the same type and shape.
  public func isIdentical(to other: Volume, _ slice: Slice, except chosen: [UInt8]) -> Bool {
    precondition(type == other.type && shape == other.shape, "volumes of one kind")
    let (width, height) = size(across: slice.axis)
    return buffer.withUnsafeBytes { mine in
      other.buffer.withUnsafeBytes { theirs in
        for i in 0..<width * height where chosen.isEmpty || chosen[i] == 0 {
          let a = byteOffset(slice, row: i / width, column: i % width)
          let b = other.byteOffset(slice, row: i / width, column: i % width)
          for k in 0..<type.size {
            let j = isBigEndian == other.isBigEndian ? k : type.size - 1 - k
            if mine[a + k] != theirs[b + j] { return false }
          }
        }
        return true
      }
    }
  }

  /// The stored bytes of some voxels of one volume, one voxel after the other.
  ///
  /// - Parameter chosen: x fastest, not 0 where chosen; empty for none.
  public func voxelBytes(ofVolume number: Int, where chosen: [UInt8]) -> [UInt8] {
    buffer.withUnsafeBytes { bytes in
      byteOffsets(ofVolume: number, where: chosen).flatMap { bytes[$0..<$0 + type.size] }
    }
  }

  /// Writes the bytes that `voxelBytes` returned back.
  public func putVoxelBytes(_ saved: [UInt8], ofVolume number: Int, where chosen: [UInt8]) {
    let offsets = byteOffsets(ofVolume: number, where: chosen)
    precondition(saved.count == offsets.count * type.size, "the bytes of these voxels")
    buffer.withUnsafeMutableBytes { bytes in
      for (i, offset) in offsets.enumerated() {
        for k in 0..<type.size { bytes[offset + k] = saved[i * type.size + k] }
      }
    }
  }

  private func byteOffsets(ofVolume number: Int, where chosen: [UInt8]) -> [Int] {
    precondition(chosen.isEmpty || chosen.count == shape.voxels, "a mask has the volume's voxels")
    return chosen.indices.filter { chosen[$0] != 0 }.map { i in
      byteOffset(
        .init(.z, i / (shape.x * shape.y), ofVolume: number), row: i / shape.x % shape.y, column: i % shape.x)
    }
  }

  private func byteOffset(_ slice: Slice, row: Int, column: Int) -> Int {
    let axes = Slice.axes(across: slice.axis)
    let voxel =
      slice.volume * strides[3] + slice.index * strides[slice.axis.rawValue] + row
      * strides[axes.row.rawValue]
      + column * strides[axes.column.rawValue]
    return offset + voxel * type.size
  }

  private func read<T: VoxelScalar>(
    _ slice: Slice, _: T.Type, into values: UnsafeMutableBufferPointer<Double>
  ) {
    let (width, height) = size(across: slice.axis)
    let step = strides[Slice.axes(across: slice.axis).column.rawValue] * type.size
    buffer.withUnsafeBytes { bytes in
      for y in 0..<height {
        let start = byteOffset(slice, row: y, column: 0)
        for x in 0..<width {
          let bits = bytes.loadUnaligned(fromByteOffset: start + x * step, as: T.Bits.self)
          values[y * width + x] = T(voxelBits: isBigEndian ? bits.bigEndian : bits.littleEndian).voxelValue
        }
      }
    }
  }

  private func write<T: VoxelScalar>(_ slice: Slice, _: T.Type, _ values: [Double], _ chosen: [UInt8]) {
    let (width, height) = size(across: slice.axis)
    let step = strides[Slice.axes(across: slice.axis).column.rawValue] * type.size
    buffer.withUnsafeMutableBytes { bytes in
      for y in 0..<height {
        let start = byteOffset(slice, row: y, column: 0)
        for x in 0..<width where chosen[y * width + x] != 0 {
          let bits = T(nearestTo: values[y * width + x]).voxelBits
          bytes.storeBytes(
            of: isBigEndian ? bits.bigEndian : bits.littleEndian, toByteOffset: start + x * step,
            as: T.Bits.self)
        }
      }
    }
  }
}
