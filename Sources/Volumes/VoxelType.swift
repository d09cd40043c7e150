/// The type of stored voxels.
public enum VoxelType: String, Sendable, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

  /// Bytes of a voxel.
  public var size: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  public var isFloat: Bool { self == .float32 || self == .float64 }

  /// Whether numbers may be negative.
  var isSigned: Bool { isFloat || [.int8, .int16, .int32, .int64].contains(self) }
}

/// A type of voxels: its bits as an integer, whose byte order can be swapped, and its number.
protocol VoxelScalar {
  associatedtype Bits: FixedWidthInteger & UnsignedInteger
  init(voxelBits: Bits)
  var voxelBits: Bits { get }
  /// The number, rounded where a double can't hold it.
  var voxelValue: Double { get }
  /// The nearest value of the type; numbers outside of its range are clipped.
  init(nearestTo value: Double)
}

extension VoxelScalar where Self: FixedWidthInteger, Bits == Magnitude {
  init(voxelBits: Bits) { self.init(truncatingIfNeeded: voxelBits) }
  var voxelBits: Bits { Bits(truncatingIfNeeded: self) }
  var voxelValue: Double { Double(self) }
  init(nearestTo value: Double) {
    self = Self(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
  }
}

extension UInt8: VoxelScalar { typealias Bits = UInt8 }
extension Int8: VoxelScalar { typealias Bits = UInt8 }
extension UInt16: VoxelScalar { typealias Bits = UInt16 }
extension Int16: VoxelScalar { typealias Bits = UInt16 }
extension UInt32: VoxelScalar { typealias Bits = UInt32 }
extension Int32: VoxelScalar { typealias Bits = UInt32 }
extension UInt64: VoxelScalar { typealias Bits = UInt64 }
extension Int64: VoxelScalar { typealias Bits = UInt64 }

extension Float: VoxelScalar {
  init(voxelBits: UInt32) { self.init(bitPattern: voxelBits) }
  var voxelBits: UInt32 { bitPattern }
  var voxelValue: Double { Double(self) }
  init(nearestTo value: Double) { self.init(value) }
}

extension Double: VoxelScalar {
  init(voxelBits: UInt64) { self.init(bitPattern: voxelBits) }
  var voxelBits: UInt64 { bitPattern }
  var voxelValue: Double { self }
  init(nearestTo value: Double) { self = value }
}
