import Foundation

/// Reads and writes .npy files. All bytes of a file that is read are kept.
public enum NumPyFile {
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
    let tail = reader.isCompressed ? ByteReader.largestTail : reader.fileSize
    let buffer = try reader.contents(after: head, count: whole, tail: tail)
    return try parse(buffer, path: path)
  }

  private static func cutShort(_ announced: Int, _ there: Int, path: String) -> VolumeError {
    VolumeError(
      .cannotRead,
      "\(path) is cut short: its header announces \(announced) bytes in all, \(there) are there")
  }

  /// The array of a file's bytes.
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

  /// An array of float32 in C order, little-endian on any machine, in NumPy's file format 1.0 (NEP 1).
  public static func data(shape: [Int], values: some Collection<Float>) -> Data {
    precondition(shape.reduce(1, *) == values.count, "an array holds the product of its sides")
    var data = Data(NumPyHeader.bytes(element: "<f4", isFortran: false, shape: shape))
    data.reserveCapacity(data.count + values.count * 4)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }
}
