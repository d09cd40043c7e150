internal import CFFmpeg

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether a file ends where its own structure says: then nothing was cut off, whatever its header announces.
enum FileEnd {
  /// nil where the container does not tell.
  static func isWhole(_ demuxer: Demuxer) -> Bool? {
    guard let file = fopen(Demuxer.file(demuxer.source), "rb") else { return nil }
    defer { fclose(file) }
    guard fseeko(file, 0, SEEK_END) == 0 else { return nil }
    let size = Int64(ftello(file))
    let reader = Reader(file: file, size: size)
    let name = demuxer.formatName
    if name.hasPrefix("mov") { return reader.endsWithBox() }
    if name == "avi" { return reader.endsWithChunk() }
    if name.hasPrefix("matroska") { return reader.endsWithSegment() }
    if name == "flv" { return reader.endsWithTag() }
    return nil
  }

  private struct Reader {
    let file: UnsafeMutablePointer<FILE>
    let size: Int64

    func bytes(_ count: Int, at place: Int64) -> [UInt8]? {
      guard place >= 0, place <= size - Int64(count), fseeko(file, off_t(place), SEEK_SET) == 0 else {
        return nil
      }
      var bytes = [UInt8](repeating: 0, count: count)
      return fread(&bytes, 1, count, file) == count ? bytes : nil
    }

    func number(_ bytes: some Sequence<UInt8>) -> Int64 {
      Int64(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// MP4 and QuickTime are rows of boxes.
    func endsWithBox() -> Bool? {
      var place: Int64 = 0
      for _ in 0..<1_000_000 {
        if place == size { return true }
        guard let head = bytes(8, at: place) else { return false }
        var length = number(head.prefix(4))
        if length == 0 { return true }
        if length == 1 {
          guard let long = bytes(8, at: place + 8) else { return false }
          length = number(long)
        }
        if length < 8 || length > size - place { return false }
        place += length
      }
      return nil
    }

    /// AVI is one RIFF chunk or, beyond a gigabyte, several.
    func endsWithChunk() -> Bool? {
      var place: Int64 = 0
      for _ in 0..<1_000_000 {
        guard let head = bytes(8, at: place), head.prefix(4).elementsEqual("RIFF".utf8) else {
          return place > 0
        }
        let length = number(head.suffix(4).reversed())
        if length < 12 || length > size - place - 8 { return false }
        place += 8 + length + length % 2
        if place >= size { return true }
      }
      return nil
    }

    /// Matroska is a header and a segment; the segment's length may be left open.
    func endsWithSegment() -> Bool? {
      guard let head = element(at: 0, idLength: 4), let length = head.length,
        let segment = element(at: head.start + length, idLength: 4), let rest = segment.length
      else { return nil }
      return rest <= size - segment.start
    }

    /// Where an element's content begins and how long it is; nil for a length that is left open.
    private func element(at place: Int64, idLength: Int64) -> (start: Int64, length: Int64?)? {
      guard place >= 0, place < size, let first = bytes(1, at: place + idLength)?.first else { return nil }
      let extra = first.leadingZeroBitCount
      guard extra < 8, let rest = bytes(extra, at: place + idLength + 1) else { return nil }
      let low = UInt8(truncatingIfNeeded: 0x7f >> extra)
      let isOpen = first & low == low && rest.allSatisfy { $0 == 0xff }
      let start = place + idLength + 1 + Int64(extra)
      return (start, isOpen ? nil : min(number([first & low] + rest), size))
    }

    /// Flash video repeats each tag's length behind it.
    func endsWithTag() -> Bool? {
      guard let last = bytes(4, at: size - 4) else { return nil }
      let length = number(last)
      guard length >= 11, let tag = bytes(4, at: size - 4 - length) else { return false }
      return [8, 9, 18].contains(tag[0] & 31) && number(tag.suffix(3)) + 11 == length
    }
  }
}
