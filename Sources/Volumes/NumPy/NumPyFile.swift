import Foundation

/// A .npy file: all of its bytes, and which of them are the array's.
enum NumPyFile {
  /// - Throws: `VolumeError`.
  static func read(_ path: String) throws -> Volume {
    let reader = try ByteReader(path: path)
    let buffer = VoxelBuffer(capacity: reader.isCompressed ? 0 : reader.fileSize)
    var left = reader.mostBytes
    while left > 0 {
      let piece = min(left, 1 << 24)
      if try reader.read(piece, into: buffer) < piece { break }
      left -= piece
    }
    return try parse(buffer, path: path)
  }

  /// The array that a whole file holds.
  static func parse(_ buffer: VoxelBuffer, path: String) throws -> Volume {
    let text = try NumPyHeader.textRange(buffer.bytes(0..<min(12, buffer.count)), path: path)
    guard text.upperBound <= buffer.count else {
      throw VolumeError(.cannotRead, "\(path) is cut short: its header ends early")
    }
    let header = try NumPyHeader(text: String(decoding: buffer.bytes(text), as: UTF8.self), path: path)
    let shape = try header.volumeShape(path: path)
    let size = shape.voxels * shape.volumes * header.type.size
    guard text.upperBound + size <= buffer.count else {
      throw VolumeError(
        .cannotRead,
        "\(path) is cut short: its header announces \(size) bytes of voxels, \(buffer.count - text.upperBound) are there"
      )
    }
    var volume = Volume(
      shape: shape, type: header.type, buffer: buffer, offset: text.upperBound, strides: header.strides(shape)
    )
    volume.isBigEndian = header.isBigEndian
    return volume
  }
}
