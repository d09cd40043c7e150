/// The table of a page: its tags, and where the next page's table is.
public struct TIFFDirectory: Sendable {
  public struct Entry: Sendable {
    public var tag: Int
    public var type: Int
    public var count: Int
    /// Where the entry itself lies in the file, and where its value does.
    public var position: Int
    public var valueOffset: Int
  }

  public var offset: Int
  public var entries: [Entry]
  /// 0 behind the last page.
  public var next: Int

  public func entry(_ tag: Int) -> Entry? { entries.first { $0.tag == tag } }
}

/// The tables of a TIFF file, read here because libtiff does not tell where tags and their values lie: texts are changed in
/// place, and tables are written anew with tags that nobody here knows.
public struct TIFFDirectories: Sendable {
  public let bytes: TIFFBytes
  public let isBigEndian: Bool
  /// Whether offsets have 64 bits.
  public let isBig: Bool
  private let name: String
  /// More pages than anyone has.
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
  /// - Throws: `TIFFError` where the chain is broken: its end is no page that can't be read.
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

  /// The table at an offset; nil where there is none that can be read.
  public func directory(at offset: Int) -> TIFFDirectory? {
    let (head, step) = isBig ? (8, 20) : (2, 12)
    guard let count = number(offset, head), count > 0, count <= 1 << 16,
      offset <= bytes.count - head - count * step
    else { return nil }
    let linkPlace = offset + head + count * step
    // A last table may end without a link where a program was careless; that is an end.
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

  /// Where in its entry a value lies that is short enough.
  public var inlineOffset: Int { isBig ? 12 : 8 }

  /// The whole numbers of a tag, up to a million; nothing where it is not there or lies beyond the file.
  public func numbers(_ tag: Int, of page: TIFFDirectory) -> [Int] {
    guard let entry = page.entry(tag), [1, 3, 4, 13, 16, 18].contains(entry.type), entry.count <= 1 << 20,
      entry.valueOffset <= bytes.count
    else { return [] }
    let size = Self.sizes[entry.type]
    return (0..<entry.count).compactMap { number(entry.valueOffset + $0 * size, size) }
  }

  /// A text, without the zero that ends it.
  public func text(_ tag: Int, of page: TIFFDirectory) -> String? {
    guard let entry = page.entry(tag), entry.type == 2, entry.count <= 1 << 28,
      let found = bytes.read(entry.valueOffset, entry.count)
    else { return nil }
    return String(decoding: found.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A number of the file's byte order; nil beyond the file, or where it is larger than any offset.
  func number(_ offset: Int, _ size: Int) -> Int? {
    guard let found = bytes.read(offset, size) else { return nil }
    let value = (isBigEndian ? found : found.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }

  /// The bytes of a number of the file's byte order.
  func bytes(of value: Int, size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }
}

/// What pages are beside pictures or slices of their own, by the tags that say so.
extension TIFFDirectories {
  /// Whether a page is a smaller copy of another.
  func isReduced(_ page: TIFFDirectory) -> Bool {
    (numbers(254, of: page).first ?? 0) & 1 != 0 || numbers(255, of: page).first == 2
  }

  /// Whether a page says where another one is transparent.
  func isTransparencyMask(_ page: TIFFDirectory) -> Bool {
    (numbers(254, of: page).first ?? 0) & 4 != 0
  }

  /// The pages that are pictures or slices themselves, each with its smaller copies.
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
