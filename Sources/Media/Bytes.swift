import Foundation

extension Collection<UInt8> {
  /// Two hexadecimal digits for each byte.
  public var hexadecimal: String {
    func digit(_ number: UInt8) -> UInt8 {
      number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + (number - 10)
    }
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in self {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The number that the bytes are, the highest byte first; `Int.max` for larger numbers.
  var number: Int { Int(clamping: reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
}

extension [UInt8] {
  /// The lowest `bytes` bytes of a number, the highest first or, `littleEndian`, the lowest first.
  static func number(_ value: Int, bytes: Int, littleEndian: Bool = false) -> [UInt8] {
    let big = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    return littleEndian ? big.reversed() : big
  }
}

extension Data {
  /// The number at an offset from the start; nil beyond the end.
  func number(at offset: Int, bytes: Int, littleEndian: Bool = false) -> Int? {
    piece(offset, bytes).map { littleEndian ? $0.reversed().number : $0.number }
  }

  /// Bytes at an offset from the start; nil beyond the end.
  func piece(_ offset: Int, _ length: Int) -> [UInt8]? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return Array(self[startIndex + offset..<startIndex + offset + length])
  }
}

/// A file that is read in pieces, at any place.
final class FileBytes {
  let size: Int
  private let file: UnsafeMutablePointer<FILE>

  /// Nil where the file can't be opened or has no places, as a pipe.
  init?(_ path: String) {
    guard let file = fopen(Demuxer.file(path), "rb") else { return nil }
    self.file = file
    size = fseeko(file, 0, SEEK_END) == 0 ? Int(ftello(file)) : -1
    if size < 0 { return nil }
  }

  deinit { fclose(file) }

  /// The bytes from a place on: fewer than `count` where the file ends before.
  func bytes(atMost count: Int, at place: Int) -> [UInt8] {
    guard place >= 0, fseeko(file, off_t(place), SEEK_SET) == 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let found = fread(&bytes, 1, count, file)
    return Array(bytes.prefix(found))
  }

  /// Whether the system can't read a file's beginning, whatever the file holds.
  static func isUnreadable(_ path: String) -> Bool {
    guard let file = fopen(Demuxer.file(path), "rb") else { return errno == EIO }
    defer { fclose(file) }
    return fgetc(file) == EOF && ferror(file) != 0
  }

  /// Exactly `count` bytes; nil where there are fewer.
  func bytes(_ count: Int, at place: Int) -> [UInt8]? {
    let found = bytes(atMost: count, at: place)
    return found.count == count ? found : nil
  }
}
