/// A TIFF file made tag by tag, as programs of all kinds write it.
public struct TIFFFile {
  /// A page: its tags but those of where its strips or tiles lie, and these.
  public struct Page {
    /// Whole numbers by tag, each with its type: 3 of 16 bits, 4 of 32 bits.
    public var numbers: [Int: (type: Int, values: [Int])] = [:]
    public var texts: [Int: String] = [:]
    public var blocks: [[UInt8]] = []
    public var isTiled = false
    /// Smaller copies that a tag points to.
    public var below: [Page] = []

    public init(
      width: Int, height: Int, bits: Int = 8, samples: Int = 1, photometric: Int = 1, compression: Int = 1,
      blocks: [[UInt8]]
    ) {
      numbers[256] = (4, [width])
      numbers[257] = (4, [height])
      numbers[258] = (3, Array(repeating: bits, count: samples))
      numbers[259] = (3, [compression])
      numbers[262] = (3, [photometric])
      numbers[277] = (3, [samples])
      numbers[278] = (4, [height])
      self.blocks = blocks
    }

    /// Cuts a page's rows into tiles, filled up with zeros.
    public mutating func cutIntoTiles(_ tile: Int, rows: [[UInt8]], bytesPerPlace: Int) {
      numbers[278] = nil
      numbers[322] = (4, [tile])
      numbers[323] = (4, [tile])
      isTiled = true
      blocks = []
      for y in stride(from: 0, to: rows.count, by: tile) {
        for x in stride(from: 0, to: rows[0].count, by: tile * bytesPerPlace) {
          blocks.append(
            (y..<y + tile).flatMap { line -> [UInt8] in
              let part =
                line < rows.count
                ? Array(rows[line][x..<min(x + tile * bytesPerPlace, rows[line].count)]) : []
              return part + [UInt8](repeating: 0, count: tile * bytesPerPlace - part.count)
            })
        }
      }
    }
  }

  public var isBigEndian = false
  /// Whether offsets have 64 bits.
  public var isBig = false
  public var pages: [Page]

  public init(_ pages: [Page]) { self.pages = pages }

  public func bytes() -> [UInt8] {
    var file = Array((isBigEndian ? "MM" : "II").utf8) + number(isBig ? 43 : 42, 2)
    if isBig { file += number(8, 2) + number(0, 2) }
    var link = file.count
    file += number(0, offsetSize)
    for page in pages {
      let table = append(page, to: &file)
      file.replaceSubrange(link..<link + offsetSize, with: number(table.offset, offsetSize))
      link = table.link
    }
    return file
  }

  private var offsetSize: Int { isBig ? 8 : 4 }

  public func number(_ value: Int, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }

  private func append(_ page: Page, to file: inout [UInt8]) -> (offset: Int, link: Int) {
    var numbers = page.numbers
    let offsets = page.blocks.map { block -> Int in
      if file.count % 2 == 1 { file.append(0) }
      defer { file += block }
      return file.count
    }
    if !page.blocks.isEmpty {
      numbers[page.isTiled ? 324 : 273] = (4, offsets)
      numbers[page.isTiled ? 325 : 279] = (4, page.blocks.map(\.count))
    }
    if !page.below.isEmpty { numbers[330] = (4, page.below.map { append($0, to: &file).offset }) }
    var entries: [(tag: Int, type: Int, count: Int, value: [UInt8])] = numbers.map { tag, part in
      (tag, part.type, part.values.count, part.values.flatMap { number($0, part.type == 3 ? 2 : 4) })
    }
    entries += page.texts.map { ($0, 2, $1.utf8.count + 1, Array($1.utf8) + [0]) }
    entries.sort { $0.tag < $1.tag }
    var table: [UInt8] = number(entries.count, isBig ? 8 : 2)
    for entry in entries {
      var value = entry.value
      if value.count > offsetSize {
        if file.count % 2 == 1 { file.append(0) }
        let place = file.count
        file += value
        value = number(place, offsetSize)
      }
      table += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, offsetSize) + value
      table += [UInt8](repeating: 0, count: offsetSize - value.count)
    }
    if file.count % 2 == 1 { file.append(0) }
    let offset = file.count
    file += table + number(0, offsetSize)
    return (offset, file.count - offsetSize)
  }
}
