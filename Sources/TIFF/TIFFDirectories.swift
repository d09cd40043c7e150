/// The table (image file directory) of a page: its tags, and the offset of the next page's table.
public struct TIFFDirectory: Sendable {
  public struct Entry: Sendable {
    public var tag: Int
    public var type: Int
    public var count: Int
    /// Offsets of the entry and of its value in the file.
    public var position: Int
    public var valueOffset: Int
  }

  public var offset: Int
  public var entries: [Entry]
  /// Offset of the next table; 0 for the last page.
  public var next: Int

  public func entry(_ tag: Int) -> Entry? { entries.first { $0.tag == tag } }
}

/// The tables of a TIFF file. They are read here because libtiff does not tell where tags and their values lie: texts are
/// changed in place, and tables are written anew with all their tags, even unknown ones.
public struct TIFFDirectories: Sendable {
  public let bytes: TIFFBytes
  public let isBigEndian: Bool
  /// Whether this is a BigTIFF file, with offsets of 64 bits.
  public let isBig: Bool
  private let name: String
  /// A file with more pages is taken for damaged.
  private static let mostPages = 1 << 22
  private static let sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

  /// - Parameter name: of the file, for messages.
  /// - Throws: `TIFFError`.
  public init(_ bytes: TIFFBytes, name: String) throws {
    (self.bytes, self.name) = (bytes, name)
    guard let start = bytes.read(0, 4), start[0] == start[1], start[0] == 0x49 || start[0] == 0x4d else {
      throw TIFFError(.cannotRead, "\(name) is no TIFF file, or is damaged")
    }
    isBigEndian = start[0] == 0x4d
    let version = isBigEndian ? Int(start[2]) << 8 | Int(start[3]) : Int(start[3]) << 8 | Int(start[2])
    guard version == 42 || version == 43 else {
      throw TIFFError(.cannotRead, "\(name) is no TIFF file, or is damaged")
    }
    isBig = version == 43
  }

  /// The pages of the chain, in order.
  ///
  /// - Throws: `TIFFError` where the chain is broken. A page that can't be read is not taken for the end.
  public func pages(most: Int = Int.max) throws -> [TIFFDirectory] {
    var found: [TIFFDirectory] = []
    var seen: Set<Int> = []
    var link = number(isBig ? 8 : 4, isBig ? 8 : 4) ?? 0
    while link != 0 && found.count < most {
      guard seen.insert(link).inserted, found.count < Self.mostPages else {
        throw TIFFError(.cannotRead, "\(name) is damaged: its pages follow each other in a circle")
      }
      guard let page = directory(at: link) else {
        throw TIFFError(
          .cannotRead,
          "\(name) is damaged or cut short: page \(found.count + 1) can't be read"
            + (found.isEmpty ? "" : ", nor what follows it"))
      }
      found.append(page)
      link = page.next
    }
    if found.isEmpty {
      throw TIFFError(.cannotRead, "\(name) is no TIFF file, or is damaged: it has no page")
    }
    return found
  }

  /// The table at an offset; nil where it can't be read.
  public func directory(at offset: Int) -> TIFFDirectory? {
    let (head, step) = isBig ? (8, 20) : (2, 12)
    guard let count = number(offset, head), count > 0, count <= 1 << 16,
      offset <= bytes.count - head - count * step
    else { return nil }
    let linkPlace = offset + head + count * step
    // Some programs leave out the link of a last table at the end of the file: it counts as the last.
    let next = linkPlace + (isBig ? 8 : 4) <= bytes.count ? number(linkPlace, isBig ? 8 : 4) : 0
    guard let next else { return nil }
    var entries: [TIFFDirectory.Entry] = []
    for k in 0..<count {
      let place = offset + head + k * step
      guard let tag = number(place, 2), let type = number(place + 2, 2),
        let values = number(place + 4, isBig ? 8 : 4)
      else { return nil }
      let value = place + (isBig ? 12 : 8)
      let size = Self.sizes.indices.contains(type) ? Self.sizes[type] : 0
      let (length, overflow) = values.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      let isInside = length <= (isBig ? 8 : 4)
      let offset = isInside ? value : number(value, isBig ? 8 : 4)
      guard let offset else { return nil }
      entries.append(.init(tag: tag, type: type, count: values, position: place, valueOffset: offset))
    }
    return TIFFDirectory(offset: offset, entries: entries, next: next)
  }

  /// The offset within an entry of a value that is short enough to be stored there.
  public var inlineOffset: Int { isBig ? 12 : 8 }

  /// The whole numbers of a tag, at most a million; empty where the tag does not exist or lies beyond the file.
  public func numbers(_ tag: Int, of page: TIFFDirectory) -> [Int] {
    guard let entry = page.entry(tag), [1, 3, 4, 13, 16, 18].contains(entry.type), entry.count <= 1 << 20,
      entry.valueOffset <= bytes.count
    else { return [] }
    let size = Self.sizes[entry.type]
    return (0..<entry.count).compactMap { number(entry.valueOffset + $0 * size, size) }
  }

  /// A tag's text, without its final zero.
  public func text(_ tag: Int, of page: TIFFDirectory) -> String? {
    guard let entry = page.entry(tag), entry.type == 2, entry.count <= 1 << 28,
      let found = bytes.read(entry.valueOffset, entry.count)
    else { return nil }
    return String(decoding: found.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The number at an offset in the file's byte order; nil beyond the file, or for more than 63 bits.
  func number(_ offset: Int, _ size: Int) -> Int? {
    guard let found = bytes.read(offset, size) else { return nil }
    let value = (isBigEndian ? found : found.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }

  /// The bytes of a number in the file's byte order.
  func bytes(of value: Int, size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }
}

/// Pages that are not pictures or slices themselves, by their tags.
extension TIFFDirectories {
  /// Whether a page is a smaller copy of another.
  func isReduced(_ page: TIFFDirectory) -> Bool {
    (numbers(254, of: page).first ?? 0) & 1 != 0 || numbers(255, of: page).first == 2
  }

  /// Whether a page is the transparency mask of another.
  func isTransparencyMask(_ page: TIFFDirectory) -> Bool {
    (numbers(254, of: page).first ?? 0) & 4 != 0
  }

  /// Pages that are pictures or slices themselves, each with its smaller copies.
  public func pictures(_ pages: [TIFFDirectory]) -> [(page: TIFFDirectory, smaller: [TIFFDirectory])] {
    var found: [(page: TIFFDirectory, smaller: [TIFFDirectory])] = []
    for page in pages {
      if !found.isEmpty && (isReduced(page) || isTransparencyMask(page)) {
        if !isTransparencyMask(page) { found[found.count - 1].smaller.append(page) }
        continue
      }
      let below = numbers(330, of: page).compactMap { directory(at: $0) }
      found.append((page, below.filter { !isTransparencyMask($0) }))
    }
    return found
  }
}

/// Bytes to write at an offset of a file, which may lie behind its end.
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
  /// The size of an offset in bytes.
  var offsetSize: Int { isBig ? 8 : 4 }

  /// Whether an offset fits into the file's offsets.
  func canReach(_ offset: Int) -> Bool { isBig || offset <= Int(UInt32.max) }

  /// The patches that change a tag's text: in place where it fits, else behind the end of the file; nil where that is
  /// beyond the reach of offsets.
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
