/// Bytes that go to a place of a file, or behind its end.
struct TIFFPatch {
  var offset: Int
  var bytes: [UInt8]

  func apply(to file: inout [UInt8]) {
    if file.count < offset + bytes.count {
      file += [UInt8](repeating: 0, count: offset + bytes.count - file.count)
    }
    file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }
}

extension TIFFDirectories {
  /// Bytes of an offset.
  var offsetSize: Int { isBig ? 8 : 4 }

  /// Whether the file can say where something lies.
  func canReach(_ offset: Int) -> Bool { isBig || offset <= Int(UInt32.max) }

  /// What gives a tag another text: in place where it fits, else behind the file's end; nil where that is too far.
  func replacing(_ entry: TIFFDirectory.Entry, byText text: String) -> [TIFFPatch]? {
    var value = Array(text.utf8) + [0]
    let count = TIFFPatch(offset: entry.position + 4, bytes: bytes(of: value.count, size: offsetSize))
    if value.count <= offsetSize {
      value += [UInt8](repeating: 0, count: offsetSize - value.count)
      return [count, TIFFPatch(offset: entry.position + 4 + offsetSize, bytes: value)]
    }
    if value.count <= entry.count && entry.count > offsetSize {
      return [count, TIFFPatch(offset: entry.valueOffset, bytes: value)]
    }
    let end = bytes.count + bytes.count % 2
    guard canReach(end + value.count) else { return nil }
    return [
      TIFFPatch(offset: end, bytes: value), count,
      TIFFPatch(offset: entry.position + 4 + offsetSize, bytes: bytes(of: end, size: offsetSize)),
    ]
  }
}
