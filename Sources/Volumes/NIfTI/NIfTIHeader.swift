import Foundation

/// The fields of a NIfTI header that say where voxels are and what their numbers mean. The others are not read; they
/// stay as they are.
///
/// NIfTI-1 (348 bytes, https://nifti.nimh.nih.gov/nifti-1) and NIfTI-2 (540 bytes), of either byte order.
struct NIfTIHeader {
  let isVersion2: Bool
  let isBigEndian: Bool
  let shape: VolumeShape
  let type: VoxelType
  /// First byte of the voxels.
  let voxelOffset: Int
  let slope: Double
  let intercept: Double
  let spacing: VoxelSpacing
  let affine: VolumeAffine?

  /// Length and byte order of the header, by its first four bytes; nil for other files.
  static func layout(_ start: [UInt8]) -> (size: Int, isBigEndian: Bool)? {
    switch start.prefix(4) {
    case [0x5c, 1, 0, 0]: (348, false)
    case [0, 0, 1, 0x5c]: (348, true)
    case [0x1c, 2, 0, 0]: (540, false)
    case [0, 0, 2, 0x1c]: (540, true)
    default: nil
    }
  }

  /// - Parameter bytes: the whole header.
  /// - Throws: `VolumeError`.
  init(_ bytes: [UInt8], path: String) throws {
    guard let layout = Self.layout(bytes), bytes.count >= layout.size else {
      throw VolumeError(.cannotRead, "\(path) is no NIfTI file, or is cut short")
    }
    let fields = Fields(bytes: bytes, isBigEndian: layout.isBigEndian)
    isBigEndian = layout.isBigEndian
    isVersion2 = layout.size == 540
    let magic = String(decoding: bytes[isVersion2 ? 4..<7 : 344..<347], as: UTF8.self)
    guard magic == (isVersion2 ? "n+2" : "n+1") else {
      let isPair = magic == (isVersion2 ? "ni2" : "ni1")
      throw VolumeError(
        isPair ? .unsupported : .cannotRead,
        isPair
          ? "\(path) is the header of a pair of files (.hdr, .img): name it so, make one .nii file of both with nibabel "
            + "or fslchfiletype, and give that"
          : "\(path) is no NIfTI file: its magic bytes are missing")
    }
    shape = try Self.shape(fields, isVersion2: isVersion2, path: path)
    type = try Self.type(fields.int16(isVersion2 ? 12 : 70), path: path)
    let offset = isVersion2 ? Double(fields.int64(168)) : Double(fields.float(108))
    guard offset >= Double(layout.size), offset < 1e12, offset == offset.rounded() else {
      throw VolumeError(.cannotRead, "\(path) is damaged: its voxels can't begin at byte \(offset)")
    }
    voxelOffset = Int(offset)
    let slope = isVersion2 ? fields.double(176) : Double(fields.float(112))
    let intercept = isVersion2 ? fields.double(184) : Double(fields.float(116))
    // A slope of 0 means that numbers are not scaled.
    let isScaled = slope.isFinite && slope != 0 && intercept.isFinite
    (self.slope, self.intercept) = isScaled ? (slope, intercept) : (1, 0)
    let place = NIfTIPlace(fields, isVersion2: isVersion2)
    spacing = VoxelSpacing(x: place.voxel[0], y: place.voxel[1], z: place.voxel[2])
    affine = place.affine
  }

  private static func shape(_ fields: Fields, isVersion2: Bool, path: String) throws -> VolumeShape {
    func dimension(_ i: Int) -> Int {
      isVersion2 ? Int(fields.int64(16 + 8 * i)) : Int(fields.int16(40 + 2 * i))
    }
    let rank = dimension(0)
    guard (1...7).contains(rank) else {
      throw VolumeError(.cannotRead, "\(path) is damaged: \(rank) dimensions are none")
    }
    let sizes = (1...7).map { $0 <= rank ? dimension($0) : 1 }
    guard let volumes = sizes[3...].product,
      let shape = VolumeShape(x: sizes[0], y: sizes[1], z: sizes[2], volumes: volumes)
    else {
      let text = sizes[..<rank].map(String.init).joined(separator: " x ")
      throw VolumeError(.cannotRead, "\(path) is damaged or too large: \(text) voxels")
    }
    return shape
  }

  private static func type(_ code: Int16, path: String) throws -> VoxelType {
    let types: [Int16: VoxelType] = [
      2: .uint8, 4: .int16, 8: .int32, 16: .float32, 64: .float64, 256: .int8, 512: .uint16, 768: .uint32,
      1024: .int64, 1280: .uint64,
    ]
    if let type = types[code] { return type }
    let names: [Int16: String] = [
      1: "bits", 32: "complex numbers", 128: "colours (RGB)", 1536: "floats of 128 bits",
      1792: "complex numbers",
      2048: "complex numbers", 2304: "colours (RGBA)",
    ]
    throw VolumeError(
      .unsupported,
      "\(path) holds \(names[code] ?? "voxels of an unknown type (\(code))"): convert it to integers or floats"
    )
  }
}

extension NIfTIHeader {
  /// Numbers of a header in its byte order; the caller keeps within the header's size.
  struct Fields {
    private(set) var bytes: [UInt8]
    let isBigEndian: Bool

    private func bits<T: FixedWidthInteger & UnsignedInteger>(_ at: Int, _: T.Type) -> T {
      let value = bytes[at..<at + T.bitWidth / 8].reduce(0) { $0 << 8 | T($1) }
      return isBigEndian ? value : value.byteSwapped
    }

    func int16(_ at: Int) -> Int16 { Int16(bitPattern: bits(at, UInt16.self)) }
    func int32(_ at: Int) -> Int32 { Int32(bitPattern: bits(at, UInt32.self)) }
    func int64(_ at: Int) -> Int64 { Int64(bitPattern: bits(at, UInt64.self)) }
    func float(_ at: Int) -> Float { Float(bitPattern: bits(at, UInt32.self)) }
    func double(_ at: Int) -> Double { Double(bitPattern: bits(at, UInt64.self)) }

    mutating func put<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at: Int) {
      let ordered = isBigEndian ? value.bigEndian : value.littleEndian
      withUnsafeBytes(of: ordered) { bytes.replaceSubrange(at..<at + $0.count, with: $0) }
    }

    mutating func clear(_ range: Range<Int>) { for i in range { bytes[i] = 0 } }
  }
}

/// Where voxels lie: by the sform where there is one, else by the qform.
struct NIfTIPlace {
  /// Lengths of a voxel's sides.
  let voxel: [Double]
  let affine: VolumeAffine?

  init(_ fields: NIfTIHeader.Fields, isVersion2: Bool) {
    func number(_ first: Int, _ second: Int, _ i: Int) -> Double {
      isVersion2 ? fields.double(second + 8 * i) : Double(fields.float(first + 4 * i))
    }
    let voxel = (1...3).map { abs(number(76, 104, $0)) }
    self.voxel = voxel
    let qform = isVersion2 ? fields.int32(344) : Int32(fields.int16(252))
    let sform = isVersion2 ? fields.int32(348) : Int32(fields.int16(254))
    if sform > 0 {
      affine = VolumeAffine(rows: (0..<12).map { number(280, 400, $0) })
    } else if qform > 0 {
      let (b, c, d) = (number(256, 352, 0), number(256, 352, 1), number(256, 352, 2))
      let origin = (0..<3).map { number(268, 376, $0) }
      let flip = number(76, 104, 0) < 0 ? -1.0 : 1.0
      affine = Self.affine(b, c, d, size: [voxel[0], voxel[1], voxel[2] * flip], origin: origin)
    } else {
      affine = nil
    }
  }

  /// The affine map of a qform: the quaternion (a, b, c, d) has length 1, so a >= 0 follows from the others.
  private static func affine(_ b: Double, _ c: Double, _ d: Double, size: [Double], origin: [Double])
    -> VolumeAffine
  {
    let a = max(0, 1 - b * b - c * c - d * d).squareRoot()
    let rotation = [
      a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
      2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b),
      2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c,
    ]
    return VolumeAffine(
      rows: (0..<3).flatMap { row in (0..<3).map { rotation[row * 3 + $0] * size[$0] } + [origin[row]] })
  }
}
