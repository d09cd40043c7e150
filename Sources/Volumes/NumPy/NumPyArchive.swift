internal import CZlib
import Foundation

/// A .npz file: a zip archive of arrays, one of which may be asked for by name.
struct NumPyArchive {
  private struct Member {
    var name: String
    var method: Int
    var compressed: Int
    var size: Int
    var header: Int
  }

  let path: String
  private let bytes: VoxelBuffer
  private let members: [Member]

  /// Names of the arrays, as `numpy.load` gives them.
  var names: [String] { members.map(\.name) }

  /// - Throws: `VolumeError`.
  init(_ path: String) throws {
    let reader = try ByteReader(path: path)
    let buffer = VoxelBuffer(capacity: reader.fileSize)
    guard try reader.read(reader.fileSize, into: buffer) == reader.fileSize else {
      throw VolumeError(.cannotRead, "\(path) is cut short")
    }
    self.path = path
    bytes = buffer
    members = try Self.directory(buffer, path: path)
  }

  /// The array of a name.
  ///
  /// - Throws: `VolumeError`.
  func volume(named name: String) throws -> Volume {
    guard let member = members.first(where: { $0.name == name }) else {
      throw VolumeError(
        .mismatch, "\(path) has no array \(name): it holds \(names.joined(separator: ", "))")
    }
    let damaged = VolumeError(.cannotRead, "\(path) is damaged: the array \(name) can't be taken out")
    let (nameLength, extra) = (
      Self.number(bytes, member.header + 26, 2), Self.number(bytes, member.header + 28, 2)
    )
    guard let nameLength, let extra, Self.number(bytes, member.header, 4) == 0x0403_4b50 else {
      throw damaged
    }
    let start = member.header + 30 + nameLength + extra
    guard start <= bytes.count, member.compressed <= bytes.count - start,
      member.size / 1032 <= member.compressed + 1
    else { throw damaged }
    let array = VoxelBuffer(capacity: member.size)
    switch member.method {
    case 0:
      guard member.size == member.compressed else { throw damaged }
      array.append(room: member.size) { target in
        bytes.withUnsafeBytes {
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + member.size]))
        }
        return member.size
      }
    case 8:
      guard inflate(start..<start + member.compressed, to: array, size: member.size) else { throw damaged }
    default:
      throw VolumeError(
        .unsupported,
        "\(path) is compressed in an unusual way: save it with numpy.savez or numpy.savez_compressed")
    }
    return try NumPyFile.parse(array, path: "\(path):\(name)")
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
    return code == Z_STREAM_END && array.count == size
  }

  /// The little-endian number at a place; nil beyond the end.
  private static func number(_ bytes: VoxelBuffer, _ at: Int, _ size: Int) -> Int? {
    guard at >= 0, at <= bytes.count - size else { return nil }
    let value = bytes.bytes(at..<at + size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }

  /// Reads the central directory (APPNOTE.TXT of PKWARE), with 64-bit sizes where there are some.
  private static func directory(_ bytes: VoxelBuffer, path: String) throws -> [Member] {
    let damaged = VolumeError(.cannotRead, "\(path) is no NumPy archive, or is cut short")
    // Its end is found from behind: a comment of any length may follow.
    let lowest = max(0, bytes.count - 22 - 65535)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: lowest, by: -1).first(where: {
        number(bytes, $0, 4) == 0x0605_4b50
      }), var at = number(bytes, end + 16, 4), let count = number(bytes, end + 10, 2)
    else { throw damaged }
    var members: [Member] = []
    for _ in 0..<count {
      guard number(bytes, at, 4) == 0x0201_4b50, let method = number(bytes, at + 10, 2),
        var compressed = number(bytes, at + 20, 4), var size = number(bytes, at + 24, 4),
        let nameLength = number(bytes, at + 28, 2), let extraLength = number(bytes, at + 30, 2),
        let comment = number(bytes, at + 32, 2), var header = number(bytes, at + 42, 4),
        at + 46 + nameLength + extraLength <= bytes.count
      else { throw damaged }
      let name = String(decoding: bytes.bytes(at + 46..<at + 46 + nameLength), as: UTF8.self)
      var extra = at + 46 + nameLength
      let last = extra + extraLength
      while extra + 4 <= last, let id = number(bytes, extra, 2), let length = number(bytes, extra + 2, 2) {
        if id == 1 {
          var field = extra + 4
          func wide(_ value: inout Int) {
            guard value == 0xffff_ffff, field + 8 <= last, let large = number(bytes, field, 8) else { return }
            value = large
            field += 8
          }
          wide(&size)
          wide(&compressed)
          wide(&header)
        }
        extra += 4 + length
      }
      // Names of files in the archive are those of the arrays with a suffix.
      if name.hasSuffix(".npy") {
        members.append(
          Member(
            name: String(name.dropLast(4)), method: method, compressed: compressed, size: size, header: header
          ))
      }
      at += 46 + nameLength + extraLength + comment
    }
    return members
  }
}
