import Frames

internal import CFFmpeg

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The boxes of an MP4 or QuickTime file that FFmpeg does not read: what cameras leave for their makers' programs.
enum MovieBoxes {
  struct Box {
    var type: [UInt8]
    /// Where its contents are.
    var contents: Range<Int>

    /// As a person reads it.
    var name: String {
      String(decoding: type.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
  }

  /// A file's description is no larger; damaged sizes are.
  private static let largest = 1 << 28

  private static let onTop: Set<String> = [
    "ftyp", "moov", "mdat", "free", "skip", "wide", "moof", "sidx", "mfra", "styp", "pnot", "pdin", "emsg",
    "prft", "PICT", "ssix", "junk", "pict",
  ]
  private static let inMovie: Set<String> = [
    "mvhd", "trak", "udta", "meta", "iods", "mvex", "cmov", "clip", "ctab", "free", "skip", "rmra", "uuid",
    "rdrf", "mdra", "wide", "LOOP", "SelO", "AllF",
  ]
  /// What FFmpeg makes tags, names or chapters of.
  private static let inUserData: Set<String> = [
    "meta", "name", "FIRM", "titl", "auth", "perf", "cprt", "gnre", "dscp", "albm", "yrrc", "loci", "chpl",
    "kind",
    "hnti", "hinf", "manu", "modl", "@PRM", "@PRQ", "free", "skip", "LOOP", "SelO", "AllF", "WLOC", "tagc",
    "date", "????",
  ]

  /// The boxes of the file's user data that FFmpeg does not read, as they are.
  static func userData(of path: String) -> [UInt8] {
    guard let movie = description(of: path)?.bytes, let moov = children(of: movie, in: 0..<movie.count).first
    else { return [] }
    var found: [UInt8] = []
    for data in children(of: movie, in: moov.contents) where data.name == "udta" {
      for box in children(of: movie, in: data.contents) where isUnknown(inUserData: box) {
        found += made(box.type, Array(movie[box.contents]))
      }
    }
    return found
  }

  /// A box of some contents.
  static func made(_ type: [UInt8], _ contents: [UInt8]) -> [UInt8] {
    number(contents.count + 8) + type + contents
  }

  /// Four bytes of a number.
  static func number(_ value: Int) -> [UInt8] {
    let bits = UInt32(truncatingIfNeeded: value)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
  }

  /// The box that describes the file, and where it is.
  static func description(of path: String) -> (bytes: [UInt8], place: Int)? {
    guard let file = fopen(Demuxer.file(path), "rb") else { return nil }
    defer { fclose(file) }
    var found: (bytes: [UInt8], place: Int)?
    forEach(in: file) { name, place, size in
      if name != "moov" { return true }
      found = description(in: file, at: place, size).map { ($0, place) }
      return found == nil
    }
    return found
  }

  private static func description(in file: UnsafeMutablePointer<FILE>, at place: Int, _ size: Int) -> [UInt8]?
  {
    guard size > 8, size <= largest, fseeko(file, 0, SEEK_END) == 0, size <= Int(ftello(file)) - place else {
      return nil
    }
    return read(file, at: place, size)
  }

  /// Passes over the boxes that a file consists of, until `body` returns false for one's name, place and size.
  private static func forEach(
    in file: UnsafeMutablePointer<FILE>, _ body: (_ name: String, _ place: Int, _ size: Int) -> Bool
  ) {
    var place = 0
    while let head = read(file, at: place, 16), head.count >= 8 {
      var size = number(head[0..<4])
      if size == 1 && head.count == 16 { size = number(head[8..<16]) }
      if !body(Box(type: Array(head[4..<8]), contents: 0..<0).name, place, size) { return }
      // The last box may reach to the end of the file, whatever that is.
      let (next, overflow) = place.addingReportingOverflow(size)
      if size < 8 || overflow { return }
      place = next
    }
  }

  private static func isUnknown(inUserData box: Box) -> Bool {
    box.type.first != 0xa9 && !inUserData.contains(box.name) && box.type != [0, 0, 0, 0]
  }

  /// Names of the boxes that FFmpeg passes over, with those of the boxes that they are in.
  static func unknown(in path: String) -> [String] {
    guard let file = fopen(Demuxer.file(path), "rb") else { return [] }
    defer { fclose(file) }
    var found: [String] = []
    forEach(in: file) { name, place, size in
      if name == "moov", let bytes = description(in: file, at: place, size) {
        found += unknown(inMovie: bytes)
      } else if !onTop.contains(name) && !(name == "meta" || name == "uuid" && size < 8) && place > 0 {
        found.append(name)
      }
      return true
    }
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  private static func unknown(inMovie bytes: [UInt8]) -> [String] {
    guard let movie = children(of: bytes, in: 0..<bytes.count).first else { return [] }
    var found: [String] = []
    for box in children(of: bytes, in: movie.contents) {
      if !inMovie.contains(box.name) { found.append("moov/\(box.name)") }
      if box.name == "udta" { found += unknown(inUserData: box, of: bytes, "moov/udta") }
      if box.name != "trak" { continue }
      for part in children(of: bytes, in: box.contents) where part.name == "udta" {
        found += unknown(inUserData: part, of: bytes, "trak/udta")
      }
    }
    return found
  }

  private static func unknown(inUserData data: Box, of bytes: [UInt8], _ place: String) -> [String] {
    children(of: bytes, in: data.contents).filter(isUnknown(inUserData:)).map { "\(place)/\($0.name)" }
  }

  /// The boxes that follow each other in a part of the bytes.
  static func children(of bytes: [UInt8], in part: Range<Int>) -> [Box] {
    var found: [Box] = []
    var place = part.lowerBound
    while place + 8 <= part.upperBound {
      var size = number(bytes[place..<place + 4])
      var head = 8
      if size == 1 && place + 16 <= part.upperBound {
        size = number(bytes[place + 8..<place + 16])
        head = 16
      }
      if size == 0 { size = part.upperBound - place }
      guard size >= head, size <= part.upperBound - place else { break }
      found.append(
        Box(type: Array(bytes[place + 4..<place + 8]), contents: place + head..<place + size))
      place += size
    }
    return found
  }

  /// A number of several bytes; those that no size can be are cut to the largest.
  static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private static func read(_ file: UnsafeMutablePointer<FILE>, at place: Int, _ count: Int) -> [UInt8]? {
    guard fseeko(file, off_t(place), SEEK_SET) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let found = fread(&bytes, 1, count, file)
    return found > 0 ? Array(bytes.prefix(found)) : nil
  }
}
