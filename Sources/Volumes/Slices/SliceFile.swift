import Foundation

/// A file of volumes whose slices across z lie at known places, so that some are read without the others: NIfTI and NumPy files
/// that are not compressed, with x fastest.
public struct SliceFile: Sendable {
  public let path: String
  public let shape: VolumeShape
  public let spacing: VoxelSpacing
  private let type: VoxelType
  private let isBigEndian: Bool
  /// See `Volume.slope`.
  private let (slope, intercept): (Double, Double)
  /// The place of the first voxel in the file.
  private let offset: Int

  /// Reads the header alone.
  ///
  /// - Returns: nil for all other files, and for those that are cut short.
  /// - Throws: `VolumeError`.
  public init?(path: String) throws {
    let lower = path.lowercased()
    let isNIfTI = lower.hasSuffix(".nii")
    guard isNIfTI || lower.hasSuffix(".npy") else { return nil }
    let reader = try ByteReader(path: path)
    if reader.isCompressed { return nil }
    let head = VoxelBuffer()
    _ = try reader.read(Self.shortestHead, into: head)
    if isNIfTI {
      let header = try NIfTIHeader(head.bytes(0..<head.count), path: path)
      (shape, type, isBigEndian, offset) = (header.shape, header.type, header.isBigEndian, header.voxelOffset)
      spacing = header.spacing
      (slope, intercept) = (header.slope, header.intercept)
    } else {
      let text = try NumPyHeader.textRange(head.bytes(0..<min(12, head.count)), path: path)
      _ = try reader.read(max(0, text.upperBound - head.count), into: head)
      let header = try NumPyHeader(head.bytes(0..<head.count), path: path)
      if header.isFortran { return nil }
      shape = try header.volumeShape(path: path)
      (type, isBigEndian, offset) = (header.type, header.isBigEndian, text.upperBound)
      spacing = VoxelSpacing()
      (slope, intercept) = (1, 0)
    }
    self.path = path
    // A shape's bytes are counted without overflow, and no header is that long.
    let whole = offset.addingReportingOverflow(shape.voxels * shape.volumes * type.size)
    if whole.overflow || whole.partialValue > reader.fileSize { return nil }
  }

  /// The longest header of NIfTI; those of NumPy may be longer.
  private static let shortestHead = 540

  /// Some slices of one volume, as a volume that has no others.
  ///
  /// - Returns: nil where the file has no such slices.
  /// - Throws: `VolumeError`.
  public func volume(ofSlices slices: Range<Int>, ofVolume number: Int = 0) throws -> Volume? {
    guard (0..<shape.volumes).contains(number), slices.lowerBound >= 0, slices.upperBound <= shape.z,
      let part = VolumeShape(x: shape.x, y: shape.y, z: slices.count)
    else { return nil }
    guard let file = fopen(path, "rb") else { throw VolumeError.cannotOpen(path, errno) }
    defer { fclose(file) }
    let area = shape.x * shape.y * type.size
    let start = offset + (number * shape.z + slices.lowerBound) * area
    guard fseeko(file, off_t(start), SEEK_SET) == 0 else { throw VolumeError.cannotOpen(path, errno) }
    let buffer = VoxelBuffer(capacity: slices.count * area)
    buffer.append(room: slices.count * area) { fread($0.baseAddress, 1, $0.count, file) }
    guard buffer.count == slices.count * area else {
      let isFailed = ferror(file) != 0
      throw VolumeError(
        isFailed ? .readFailed : .cannotRead,
        "\(path) can't be read: \(isFailed ? "check the disk it is on" : "it became shorter")")
    }
    var volume = Volume(shape: part, type: type, buffer: buffer, offset: 0)
    volume.isBigEndian = isBigEndian
    (volume.slope, volume.intercept) = (slope, intercept)
    return volume
  }
}
