/// The directory of a zip archive (APPNOTE.TXT of PKWARE), with 64-bit sizes.
///
/// All numbers come from the file, so each is checked against the file's length before it is used.
enum ZipDirectory {
  struct Member {
    var name: String
    var isEncrypted: Bool
    var method: Int
    var checksum: UInt32
    var compressed: Int
    var size: Int
    /// The offset of the member's own header.
    var header: Int
  }

  /// - Returns: nil where the file is no archive, or is cut short.
  static func members(_ bytes: VoxelBuffer) -> [Member]? {
    guard let (start, count) = place(bytes) else { return nil }
    var (members, at): ([Member], Int) = ([], start)
    for _ in 0..<count {
      guard number(bytes, at, 4) == 0x0201_4b50, let flags = number(bytes, at + 8, 2),
        let method = number(bytes, at + 10, 2), let checksum = number(bytes, at + 16, 4),
        let compressed = number(bytes, at + 20, 4), let size = number(bytes, at + 24, 4),
        let nameLength = number(bytes, at + 28, 2), let extraLength = number(bytes, at + 30, 2),
        let comment = number(bytes, at + 32, 2), let header = number(bytes, at + 42, 4),
        at + 46 + nameLength + extraLength <= bytes.count
      else { return nil }
      let extra = at + 46 + nameLength
      var member = Member(
        name: String(decoding: bytes.bytes(at + 46..<extra), as: UTF8.self), isEncrypted: flags & 1 != 0,
        method: method, checksum: UInt32(truncatingIfNeeded: checksum), compressed: compressed, size: size,
        header: header)
      widen(&member, bytes, extra..<extra + extraLength)
      members.append(member)
      at = extra + extraLength + comment
    }
    return members
  }

  /// The bytes of a member as they are stored; nil where they don't lie within the file.
  static func content(_ member: Member, of bytes: VoxelBuffer) -> Range<Int>? {
    guard number(bytes, member.header, 4) == 0x0403_4b50,
      let nameLength = number(bytes, member.header + 26, 2),
      let extraLength = number(bytes, member.header + 28, 2)
    else { return nil }
    let start = member.header + 30 + nameLength + extraLength
    guard start <= bytes.count, member.compressed <= bytes.count - start else { return nil }
    return start..<start + member.compressed
  }

  /// Where the directory begins, and how many members it has.
  private static func place(_ bytes: VoxelBuffer) -> (start: Int, count: Int)? {
    // The end record is searched from the end of the file, because a comment of any length may follow it.
    let lowest = max(0, bytes.count - 22 - 65535)
    guard bytes.count >= 22,
      let end = stride(from: bytes.count - 22, through: lowest, by: -1).first(where: {
        number(bytes, $0, 4) == 0x0605_4b50
      }), let start = number(bytes, end + 16, 4), let count = number(bytes, end + 10, 2)
    else { return nil }
    guard start == 0xffff_ffff || count == 0xffff else { return (start, count) }
    // Archives of more than 4 GiB or of many members have a second record with 64-bit numbers.
    guard number(bytes, end - 20, 4) == 0x0706_4b50, let wide = number(bytes, end - 12, 8),
      number(bytes, wide, 4) == 0x0606_4b50, let wideStart = number(bytes, wide + 48, 8),
      let wideCount = number(bytes, wide + 32, 8)
    else { return (start, count) }
    // Each member takes at least 46 bytes of the directory.
    return wideCount <= bytes.count / 46 ? (wideStart, wideCount) : nil
  }

  /// Takes sizes and offsets that do not fit into 32 bits from the field that holds them in 64.
  private static func widen(_ member: inout Member, _ bytes: VoxelBuffer, _ extra: Range<Int>) {
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound, let id = number(bytes, at, 2), let length = number(bytes, at + 2, 2) {
      if id == 1 {
        var field = at + 4
        func wide(_ value: inout Int) {
          guard value == 0xffff_ffff, field + 8 <= extra.upperBound else { return }
          // A number of more than 63 bits is beyond the end of any file.
          value = number(bytes, field, 8) ?? .max
          field += 8
        }
        wide(&member.size)
        wide(&member.compressed)
        wide(&member.header)
      }
      at += 4 + length
    }
  }

  /// The little-endian number at an offset; nil beyond the end of the file, or for more than 63 bits.
  private static func number(_ bytes: VoxelBuffer, _ at: Int, _ size: Int) -> Int? {
    guard at >= 0, at <= bytes.count - size else { return nil }
    let value = bytes.bytes(at..<at + size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }
}
