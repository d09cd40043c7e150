/// A NIfTI file made byte by byte.
public struct NIfTIFixture {
  public var isVersion2 = false
  public var isBigEndian = false
  public var sizes: [Int] = [5, 4, 3]
  /// int16.
  public var code: Int16 = 4
  public var bits: Int16 = 16
  public var slope: Float = 0
  public var intercept: Float = 0
  /// Extension bytes between the header and the voxels: a multiple of 16.
  public var extensions: [UInt8] = []
  public var tail: [UInt8] = []
  public var spacing: [Float] = [1, 1, 3]
  public var origin: Float = 0
  public var voxels: [UInt8] = []

  public init(
    isVersion2: Bool = false, isBigEndian: Bool = false, sizes: [Int] = [5, 4, 3], code: Int16 = 4,
    bits: Int16 = 16,
    slope: Float = 0, intercept: Float = 0, extensions: [UInt8] = []
  ) {
    (self.isVersion2, self.isBigEndian, self.sizes) = (isVersion2, isBigEndian, sizes)
    (self.code, self.bits, self.slope, self.intercept) = (code, bits, slope, intercept)
    self.extensions = extensions
  }

  public var headerSize: Int { isVersion2 ? 540 : 348 }
  public var voxelOffset: Int { headerSize + 4 + extensions.count }

  public static func bytes<T: FixedWidthInteger>(_ value: T, _ isBigEndian: Bool) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
  }

  public func file() -> [UInt8] {
    var header = [UInt8](repeating: 0, count: headerSize)
    func put<T: FixedWidthInteger>(_ value: T, _ at: Int) {
      header.replaceSubrange(at..<at + T.bitWidth / 8, with: Self.bytes(value, isBigEndian))
    }
    let rows: [[Float]] = [
      [spacing[0], 0, 0, origin], [0, spacing[1], 0, -20], [0, 0, spacing[2], 30],
    ]
    if isVersion2 {
      put(Int32(540), 0)
      header.replaceSubrange(4..<12, with: Array("n+2".utf8) + [0, 0x0d, 0x0a, 0x1a, 0x0a])
      put(code, 12)
      put(bits, 14)
      for (i, size) in ([sizes.count] + sizes).enumerated() { put(Int64(size), 16 + 8 * i) }
      for (i, length) in ([1] + spacing).enumerated() { put(Double(length).bitPattern, 104 + 8 * i) }
      put(Int64(voxelOffset), 168)
      put(Double(slope).bitPattern, 176)
      put(Double(intercept).bitPattern, 184)
      put(Int32(1), 348)
      for (i, value) in rows.joined().enumerated() { put(Double(value).bitPattern, 400 + 8 * i) }
    } else {
      put(Int32(348), 0)
      for (i, size) in ([sizes.count] + sizes).enumerated() { put(Int16(size), 40 + 2 * i) }
      put(code, 70)
      put(bits, 72)
      for (i, length) in ([1] + spacing).enumerated() { put(length.bitPattern, 76 + 4 * i) }
      put(Float(voxelOffset).bitPattern, 108)
      put(slope.bitPattern, 112)
      put(intercept.bitPattern, 116)
      put(Int16(1), 254)
      for (i, value) in rows.joined().enumerated() { put(value.bitPattern, 280 + 4 * i) }
      header.replaceSubrange(344..<348, with: Array("n+1".utf8) + [0])
      header.replaceSubrange(148..<155, with: Array("a brain".utf8))
    }
    let mark: [UInt8] = [extensions.isEmpty ? 0 : 1, 0, 0, 0]
    return header + mark + extensions + voxels + tail
  }

  /// Voxels of int16 that count up.
  public mutating func countUp() {
    let count = sizes.reduce(1, *)
    voxels = (0..<count).flatMap { Self.bytes(Int16($0 - 20), isBigEndian) }
  }
}
