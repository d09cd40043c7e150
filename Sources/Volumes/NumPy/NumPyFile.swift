import Foundation

/// A .npy file: all of its bytes, and which of them are the array's.
public enum NumPyFile {
  /// More than this behind a compressed array is no file that a person made.
  private static let largestTail = 1 << 26

  /// - Throws: `VolumeError`.
  static func read(_ path: String) throws -> Volume {
    let reader = try ByteReader(path: path)
    let head = VoxelBuffer()
    _ = try reader.read(12, into: head)
    let text = try NumPyHeader.textRange(head.bytes(0..<head.count), path: path)
    if head.count < text.upperBound { _ = try reader.read(text.upperBound - head.count, into: head) }
    let header = try NumPyHeader(head.bytes(0..<head.count), path: path)
    let shape = try header.volumeShape(path: path)
    let whole = text.upperBound + shape.voxels * shape.volumes * header.type.size
    try MemoryBound.check(shape, header.type, path: path)
    guard whole <= reader.mostBytes else { throw cutShort(whole, reader.fileSize, path: path) }
    try reader.checkLength(whole, tail: largestTail)
    let buffer = VoxelBuffer(capacity: reader.isCompressed ? whole : reader.fileSize)
    buffer.append(head)
    _ = try reader.read(max(whole - buffer.count, 0), into: buffer)
    if try reader.readTail(reader.isCompressed ? largestTail : reader.fileSize, into: buffer) {
      throw VolumeError(.cannotRead, "\(path) is damaged: more than 64 MiB follow its voxels")
    }
    return try parse(buffer, path: path)
  }

  private static func cutShort(_ announced: Int, _ there: Int, path: String) -> VolumeError {
    VolumeError(
      .cannotRead,
      "\(path) is cut short: its header announces \(announced) bytes in all, \(there) are there")
  }

  /// The array that a whole file holds.
  static func parse(_ buffer: VoxelBuffer, path: String) throws -> Volume {
    let text = try NumPyHeader.textRange(buffer.bytes(0..<min(12, buffer.count)), path: path)
    let header = try NumPyHeader(buffer.bytes(0..<min(text.upperBound, buffer.count)), path: path)
    let shape = try header.volumeShape(path: path)
    let whole = text.upperBound + shape.voxels * shape.volumes * header.type.size
    guard whole <= buffer.count else { throw cutShort(whole, buffer.count, path: path) }
    var volume = Volume(
      shape: shape, type: header.type, buffer: buffer, offset: text.upperBound, strides: header.strides(shape)
    )
    volume.isBigEndian = header.isBigEndian
    return volume
  }
}
