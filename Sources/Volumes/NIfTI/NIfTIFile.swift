import Foundation

/// Reads NIfTI files. All bytes of a file are kept, so that writing keeps everything beside the voxels: header,
/// orientations, extensions, and what follows the voxels.
enum NIfTIFile {
  private static let largestHead = 1 << 30

  /// - Throws: `VolumeError`.
  static func read(_ path: String) throws -> Volume {
    let reader = try ByteReader(path: path)
    let buffer = VoxelBuffer()
    guard try reader.read(4, into: buffer) == 4, let layout = NIfTIHeader.layout(buffer.bytes(0..<4)) else {
      throw VolumeError(.cannotRead, "\(path) is no NIfTI file: it does not begin like one")
    }
    guard try reader.read(layout.size - 4, into: buffer) == layout.size - 4 else {
      throw VolumeError(.cannotRead, "\(path) is cut short: its header ends early")
    }
    let header = try NIfTIHeader(buffer.bytes(0..<layout.size), path: path)
    let (shape, type) = (header.shape, header.type)
    let voxels = shape.voxels * shape.volumes * type.size
    guard header.voxelOffset <= largestHead, header.voxelOffset + voxels <= reader.mostBytes else {
      throw VolumeError(
        .cannotRead,
        "\(path) is cut short or damaged: its header announces \(shape.text) of \(type.rawValue), "
          + "which its \(reader.fileSize) bytes can't hold")
    }
    try MemoryBound.check(shape, type, path: path)
    let whole = header.voxelOffset + voxels
    let all = try reader.contents(after: buffer, count: whole)
    guard all.count >= whole else {
      throw VolumeError(
        .cannotRead,
        "\(path) is cut short: \(whole) bytes were announced (\(shape.text) of \(type.rawValue)), \(all.count) are there"
      )
    }
    var volume = Volume(shape: shape, type: type, buffer: all, offset: header.voxelOffset)
    volume.isBigEndian = header.isBigEndian
    volume.spacing = header.spacing
    volume.affine = header.affine
    (volume.slope, volume.intercept) = (header.slope, header.intercept)
    return volume
  }
}
