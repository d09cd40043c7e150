internal import CZlib

/// Pages in a lossy or unsupported coding: the page is written anew without loss, with a new table that keeps all other
/// tags.
extension TIFFPicture {
  /// Tags about how the samples are stored, which are replaced; all others stay.
  private static let storage: Set<Int> = [
    258, 259, 262, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 330, 338, 339, 340, 341, 347, 512, 513,
    514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532,
  ]
  private static let deflate = 8

  /// The file with the page in strips, compressed with Deflate.
  ///
  /// - Throws: `TIFFError`.
  func recoded(_ planes: [[UInt16]], in file: [UInt8], output: String) throws -> [UInt8] {
    // Read anew, because the description may have been moved.
    let directories = try TIFFDirectories(TIFFBytes(file), name: output)
    guard let page = directories.directory(at: page.offset) else {
      throw TIFFError(.cannotRead, "\(name) can't be read")
    }
    var result = file
    let size = bitDepth / 8
    let rowSize = width * planes.count * size
    let rows = min(max((1 << 18) / max(rowSize, 1), 1), height)
    var (offsets, counts): ([Int], [Int]) = ([], [])
    for y in stride(from: 0, to: height, by: rows) {
      var strip: [UInt8] = []
      strip.reserveCapacity(rows * rowSize)
      for i in y * width..<min(y + rows, height) * width {
        for plane in planes {
          // A fast path: an array for each byte would take most of the time.
          if size == 1 {
            strip.append(UInt8(truncatingIfNeeded: plane[i]))
          } else {
            strip += directories.bytes(of: Int(plane[i]), size: size)
          }
        }
      }
      guard let packed = Self.packed(strip) else {
        throw TIFFError(.cannotWrite, "\(output) can't be written: there is not enough memory")
      }
      if result.count % 2 == 1 { result.append(0) }
      offsets.append(result.count)
      counts.append(packed.count)
      result += packed
    }
    let wide = directories.isBig ? 16 : 4
    let photometric = roles[0] == .gray ? 1 : roles[0] == .ink ? 5 : 2
    var tags: [(tag: Int, type: Int, values: [Int])] = [
      (258, 3, Array(repeating: bitDepth, count: planes.count)), (259, 3, [Self.deflate]),
      (262, 3, [photometric]), (273, wide, offsets), (277, 3, [planes.count]), (278, 4, [rows]),
      (279, wide, counts), (284, 3, [1]),
    ]
    if roles.contains(.alpha) { tags.append((338, 3, [format.extra.first ?? 0])) }
    try append(tags, page, directories, to: &result, output: output)
    return result
  }

  /// Appends a table with new values of some tags, and makes the header point to it.
  private func append(
    _ tags: [(tag: Int, type: Int, values: [Int])], _ page: TIFFDirectory, _ directories: TIFFDirectories,
    to result: inout [UInt8], output: String
  ) throws {
    let sizes = [3: 2, 4: 4, 16: 8]
    let offsetSize = directories.offsetSize
    func even() { if result.count % 2 == 1 { result.append(0) } }
    var entries: [(tag: Int, bytes: [UInt8])] = []
    for (tag, type, values) in tags {
      var value = values.flatMap { directories.bytes(of: $0, size: sizes[type] ?? 4) }
      if value.count > offsetSize {
        even()
        let place = result.count
        result += value
        value = directories.bytes(of: place, size: offsetSize)
      }
      value += [UInt8](repeating: 0, count: max(offsetSize - value.count, 0))
      entries.append(
        (
          tag,
          directories.bytes(of: tag, size: 2) + directories.bytes(of: type, size: 2)
            + directories.bytes(of: values.count, size: offsetSize) + value
        ))
    }
    for entry in page.entries where !Self.storage.contains(entry.tag) {
      guard let bytes = directories.bytes.read(entry.position, 4 + 2 * offsetSize) else { continue }
      entries.append((entry.tag, bytes))
    }
    entries.sort { $0.tag < $1.tag }
    even()
    let table = result.count
    result += directories.bytes(of: entries.count, size: directories.isBig ? 8 : 2)
    result += entries.flatMap(\.bytes)
    // A transparency mask that follows is kept; smaller copies are left out, because they would show the old picture.
    result += directories.bytes(of: smaller.isEmpty ? page.next : 0, size: offsetSize)
    guard directories.canReach(result.count) else {
      throw TIFFError(.cannotWrite, "\(output) would be larger than 4 GiB: save the input as BigTIFF first")
    }
    TIFFPatch(offset: offsetSize, bytes: directories.bytes(of: table, size: offsetSize)).apply(to: &result)
    let again = try TIFFPicture(result, path: output)
    guard again.format.compression == Self.deflate else {
      throw TIFFError(.cannotWrite, "\(output) can't be written: it does not read back as it should")
    }
  }

  private static func packed(_ bytes: [UInt8]) -> [UInt8]? {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let code = compress2(&result, &count, bytes, uLong(bytes.count), 6)
    if code != Z_OK { return nil }
    result.removeLast(result.count - Int(count))
    return result
  }
}
