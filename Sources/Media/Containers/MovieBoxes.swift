/// The boxes of an MP4 or QuickTime file that FFmpeg does not read: those that cameras write for their makers' programs.
enum MovieBoxes {
  struct Box {
    var type: [UInt8]
    /// Where its contents are.
    var contents: Range<Int>

    /// The type as text, with question marks for what can't be printed.
    var name: String {
      String(decoding: type.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
  }

  /// No description of a file is larger; a larger size is damaged.
  private static let largest = 1 << 28

  private static let onTop: Set<String> = [
    "ftyp", "moov", "mdat", "free", "skip", "wide", "moof", "sidx", "mfra", "styp", "pnot", "pdin", "emsg",
    "prft", "PICT", "ssix", "junk", "pict",
  ]
  private static let inMovie: Set<String> = [
    "mvhd", "trak", "udta", "meta", "iods", "mvex", "cmov", "clip", "ctab", "free", "skip", "rmra", "uuid",
    "rdrf", "mdra", "wide", "LOOP", "SelO", "AllF",
  ]
  /// Boxes that FFmpeg reads as tags, names or chapters.
  private static let inUserData: Set<String> = [
    "meta", "name", "FIRM", "titl", "auth", "perf", "cprt", "gnre", "dscp", "albm", "yrrc", "loci", "chpl",
    "kind", "hnti", "hinf", "manu", "modl", "@PRM", "@PRQ", "free", "skip", "LOOP", "SelO", "AllF", "WLOC",
    "tagc",
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

  /// A box with its header.
  static func made(_ type: [UInt8], _ contents: [UInt8]) -> [UInt8] {
    .number(contents.count + 8, bytes: 4) + type + contents
  }

  /// The box that describes the file, and where it is.
  static func description(of path: String) -> (bytes: [UInt8], place: Int)? {
    guard let file = FileBytes(path) else { return nil }
    var found: (bytes: [UInt8], place: Int)?
    _ = forEach(in: file) { name, place, size in
      if name == "moov" { found = description(in: file, at: place, size).map { ($0, place) } }
      return found == nil
    }
    return found
  }

  private static func description(in file: FileBytes, at place: Int, _ size: Int) -> [UInt8]? {
    size > 8 && size <= min(largest, file.size - place) ? file.bytes(size, at: place) : nil
  }

  /// Passes over the boxes that a file consists of, until `body` returns false for one's name, place and size.
  ///
  /// - Returns: whether the last box ends where the file ends; nil where `body` ended it or there is no end in sight.
  static func forEach(
    in file: FileBytes, _ body: (_ name: String, _ place: Int, _ size: Int) -> Bool
  ) -> Bool? {
    var place = 0
    for _ in 0..<1_000_000 {
      if place == file.size { return true }
      let head = file.bytes(atMost: 16, at: place)
      guard head.count >= 8 else { return false }
      var size = head[0..<4].number
      if size == 1 && head.count == 16 { size = head[8..<16].number }
      if !body(Box(type: Array(head[4..<8]), contents: 0..<0).name, place, size) { return nil }
      // The last box may reach to the end of the file, whatever that is.
      if size == 0 { return true }
      if size < 8 || size > file.size - place { return false }
      place += size
    }
    return nil
  }

  private static func isUnknown(inUserData box: Box) -> Bool {
    box.type.first != 0xa9 && !inUserData.contains(box.name) && box.type != [0, 0, 0, 0]
  }

  /// Names of the boxes that FFmpeg passes over, with those of the boxes that they are in.
  static func unknown(in path: String) -> [String] {
    guard let file = FileBytes(path) else { return [] }
    var found: [String] = []
    _ = forEach(in: file) { name, place, size in
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
      var size = bytes[place..<place + 4].number
      var head = 8
      if size == 1 && place + 16 <= part.upperBound {
        size = bytes[place + 8..<place + 16].number
        head = 16
      }
      if size == 0 { size = part.upperBound - place }
      guard size >= head, size <= part.upperBound - place else { break }
      found.append(Box(type: Array(bytes[place + 4..<place + 8]), contents: place + head..<place + size))
      place += size
    }
    return found
  }
}
