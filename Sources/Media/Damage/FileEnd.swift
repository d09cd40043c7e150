/// Whether a file ends where its own structure says: then nothing was cut off, whatever its header announces.
enum FileEnd {
  /// nil where the container does not tell.
  static func isWhole(_ demuxer: Demuxer) -> Bool? {
    guard let file = FileBytes(demuxer.source) else { return nil }
    if demuxer.isQuickTime { return MovieBoxes.forEach(in: file) { _, _, _ in true } }
    if demuxer.formatName == "avi" { return endsWithChunk(file) }
    if demuxer.isMatroska { return endsWithSegment(file) }
    return demuxer.formatName == "flv" ? endsWithTag(file) : nil
  }

  /// AVI is one RIFF chunk or, beyond a gigabyte, several.
  private static func endsWithChunk(_ file: FileBytes) -> Bool? {
    var place = 0
    for _ in 0..<1_000_000 {
      guard let head = file.bytes(8, at: place), head.prefix(4).elementsEqual("RIFF".utf8) else {
        return place > 0
      }
      let length = head.suffix(4).reversed().number
      if length < 12 || length > file.size - place - 8 { return false }
      place += 8 + length + length % 2
      if place >= file.size { return true }
    }
    return nil
  }

  /// Matroska is a header and a segment; the segment's length may be left open.
  private static func endsWithSegment(_ file: FileBytes) -> Bool? {
    guard let head = element(in: file, at: 0), let length = head.length,
      let segment = element(in: file, at: head.start + length), let rest = segment.length
    else { return nil }
    return rest <= file.size - segment.start
  }

  /// Where an element of Matroska with an identifier of four bytes begins and how long it is; no length where it is
  /// left open.
  private static func element(in file: FileBytes, at place: Int) -> (start: Int, length: Int?)? {
    guard let first = file.bytes(1, at: place + 4)?.first else { return nil }
    let extra = first.leadingZeroBitCount
    guard extra < 8, let rest = file.bytes(extra, at: place + 5) else { return nil }
    let low = UInt8(truncatingIfNeeded: 0x7f >> extra)
    let isOpen = first & low == low && rest.allSatisfy { $0 == 0xff }
    return (place + 5 + extra, isOpen ? nil : min(([first & low] + rest).number, file.size))
  }

  /// Flash video repeats each tag's length behind it.
  private static func endsWithTag(_ file: FileBytes) -> Bool? {
    guard let length = file.bytes(4, at: file.size - 4)?.number else { return nil }
    guard length >= 11, let tag = file.bytes(4, at: file.size - 4 - length) else { return false }
    return [8, 9, 18].contains(tag[0] & 31) && tag.suffix(3).number + 11 == length
  }
}
