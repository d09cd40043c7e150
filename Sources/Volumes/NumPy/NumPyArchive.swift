internal import CZlib
import Foundation

/// A .npz file: a zip archive of arrays with names.
struct NumPyArchive {
  let path: String
  private let bytes: VoxelBuffer
  private let members: [ZipDirectory.Member]

  /// Names of the arrays, as `numpy.load` gives them.
  var names: [String] { members.map { String($0.name.dropLast(4)) } }

  /// Bytes that contain an array's header: twelve, and the longest text.
  private static let start = 12 + 10000

  /// - Throws: `VolumeError`.
  init(_ path: String) throws {
    let reader = try ByteReader(path: path)
    guard reader.fileSize <= MemoryBound.most else {
      throw VolumeError(
        .unsupported,
        "\(path) has \(MemoryBound.text(reader.fileSize)), and there are \(MemoryBound.text(MemoryBound.most)) of memory: "
          + "save the array by itself with numpy.save")
    }
    let buffer = VoxelBuffer(capacity: reader.fileSize)
    guard try reader.read(reader.fileSize, into: buffer) == reader.fileSize else {
      throw VolumeError(.cannotRead, "\(path) is cut short")
    }
    self.path = path
    bytes = buffer
    guard let members = ZipDirectory.members(buffer) else {
      throw VolumeError(.cannotRead, "\(path) is no NumPy archive, or is cut short")
    }
    // Other files in the archive are no arrays.
    self.members = members.filter { $0.name.hasSuffix(".npy") }
  }

  /// The array of a name.
  ///
  /// - Throws: `VolumeError`.
  func volume(named name: String) throws -> Volume {
    // Of several members with the same name NumPy takes the last one.
    guard let member = members.last(where: { $0.name == name + ".npy" }) else {
      throw VolumeError(
        .mismatch, "\(path) has no array \(name): it holds \(names.joined(separator: ", "))")
    }
    let damaged = VolumeError(.cannotRead, "\(path) is damaged: the array \(name) can't be taken out")
    if member.isEncrypted {
      throw VolumeError(
        .unsupported, "\(path) is encrypted: save it with numpy.savez or numpy.savez_compressed")
    }
    guard [0, 8].contains(member.method) else {
      throw VolumeError(
        .unsupported,
        "\(path) is compressed in an unusual way: save it with numpy.savez or numpy.savez_compressed")
    }
    guard let content = ZipDirectory.content(member, of: bytes),
      member.method == 0
        ? member.size == content.count : member.size / ByteReader.largestRatio <= content.count
    else { throw damaged }
    try checkSize(member, content, name: name)
    let array = VoxelBuffer(capacity: member.size)
    guard extract(member, content, to: array, size: member.size), array.count == member.size else {
      throw damaged
    }
    guard Self.checksum(array) == member.checksum else {
      throw VolumeError(
        .cannotRead, "\(path) is damaged: the array \(name) is not what was saved, by its checksum")
    }
    return try NumPyFile.parse(array, path: "\(path):\(name)")
  }

  /// Checks the sizes in the array's own header before memory is taken for all of it.
  private func checkSize(_ member: ZipDirectory.Member, _ content: Range<Int>, name: String) throws {
    let start = VoxelBuffer()
    let path = "\(self.path):\(name)"
    _ = extract(member, content, to: start, size: min(member.size, Self.start))
    let header = try NumPyHeader(start.bytes(0..<start.count), path: path)
    let shape = try header.volumeShape(path: path)
    try MemoryBound.check(shape, header.type, path: path)
    // A member may hold more bytes than the array has, but not more than fit into memory.
    guard member.size <= MemoryBound.most else {
      throw VolumeError(.cannotRead, "\(path) is damaged: it announces \(MemoryBound.text(member.size))")
    }
  }

  /// Extracts the first `size` bytes of a member; false where they can't be inflated.
  private func extract(
    _ member: ZipDirectory.Member, _ content: Range<Int>, to array: VoxelBuffer, size: Int
  ) -> Bool {
    if member.method == 8 { return inflate(content, to: array, size: size) }
    array.append(room: size) { target in
      bytes.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[content.prefix(size)]))
      }
      return size
    }
    return true
  }

  private func inflate(_ range: Range<Int>, to array: VoxelBuffer, size: Int) -> Bool {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard inrr_inflate_raw_begin(stream) == Z_OK else { return false }
    defer { inflateEnd(stream) }
    var code = Z_OK
    array.append(room: size) { target in
      bytes.withUnsafeBytes { source in
        var (read, written) = (range.lowerBound, 0)
        while code == Z_OK {
          let (input, room) = (min(range.upperBound - read, 1 << 30), min(size - written, 1 << 30))
          stream.pointee.next_in = source.baseAddress.map {
            UnsafeMutablePointer(mutating: ($0 + read).assumingMemoryBound(to: UInt8.self))
          }
          stream.pointee.avail_in = UInt32(input)
          stream.pointee.next_out = target.baseAddress.map {
            ($0 + written).assumingMemoryBound(to: UInt8.self)
          }
          stream.pointee.avail_out = UInt32(room)
          code = CZlib.inflate(stream, Z_NO_FLUSH)
          read += input - Int(stream.pointee.avail_in)
          written += room - Int(stream.pointee.avail_out)
        }
        return written
      }
    }
    return code == Z_STREAM_END
  }

  private static func checksum(_ array: VoxelBuffer) -> UInt32 {
    array.withUnsafeBytes { bytes in
      var sum = crc32(0, nil, 0)
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
        sum = crc32(sum, piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count))
      }
      return UInt32(truncatingIfNeeded: sum)
    }
  }
}
