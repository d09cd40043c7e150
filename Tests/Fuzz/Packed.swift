import CZlib

/// Files around a content: compressed, in an archive, under checksums.
enum Packed {
  /// A .gz file.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: 31) }

  /// With the header that TIFF and PNG have.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: 15) }

  /// Compressed without a header.
  static func deflate(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: -15) }

  private static func deflated(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, 1, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { return [] }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))) + 64)
    let written = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        (stream.next_in, stream.avail_in) = (input.baseAddress, uInt(input.count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, uInt(output.count))
        _ = CZlib.deflate(&stream, Z_FINISH)
        return output.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<written])
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let bytes = Array(bytes)
    return UInt32(truncatingIfNeeded: crc32(0, bytes, uInt(bytes.count)))
  }

  static func little(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A zip archive of one member, as numpy.savez and numpy.savez_compressed write it.
  static func zip(_ content: [UInt8], name: String, compressed: Bool) -> [UInt8] {
    let stored = compressed ? deflate(content) : content
    // Flags, method, time and date; checksum; sizes; lengths of name and of what follows it.
    let common =
      little(0, 2) + little(compressed ? 8 : 0, 2) + little(0, 4) + little(Int(checksum(content)), 4)
      + little(stored.count, 4) + little(content.count, 4) + little(name.utf8.count, 2) + little(0, 2)
    let member = little(0x0403_4b50, 4) + little(20, 2) + common + Array(name.utf8) + stored
    let directory =
      little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + common + little(0, 6) + little(0, 4)
      + little(0, 4)
      + Array(name.utf8)
    return member + directory + little(0x0605_4b50, 4) + little(0, 4) + little(1, 2) + little(1, 2)
      + little(directory.count, 4) + little(member.count, 4) + little(0, 2)
  }

  /// A PNG file with the checksums of its chunks made right, as far as its bytes are chunks.
  static func png(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { return bytes }
      let sum = checksum(bytes[at + 4..<at + 8 + length])
      for i in 0..<4 { bytes[at + 8 + length + i] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * i)) }
      at += 12 + length
    }
    return bytes
  }
}
