import Foundation

/// The chunks of a WebP file.
enum WebPParts {
  private struct Chunk {
    var type: String
    var body: [UInt8]

    var bytes: [UInt8] {
      Array(type.utf8) + .number(body.count, bytes: 4, littleEndian: true) + body
        + (body.count % 2 == 1 ? [0] : [])
    }
  }

  private static func chunks(of data: Data) -> [Chunk] {
    var list: [Chunk] = []
    var place = 12
    while let name = data.piece(place, 4),
      let length = data.number(at: place + 4, bytes: 4, littleEndian: true),
      let body = data.piece(place + 8, length)
    {
      list.append(Chunk(type: String(decoding: name, as: UTF8.self), body: body))
      place += 8 + length + length % 2
    }
    return list
  }

  /// Whether a file holds several pictures.
  static func isAnimated(file: String) -> Bool {
    guard let data = StillMetadata.data(ofFile: file), StillMetadata.format(of: data) == .webp,
      data.piece(12, 4) == Array("VP8X".utf8),
      let flags = data.number(at: 20, bytes: 1)
    else { return false }
    return flags & 2 != 0
  }

  static func metadata(of data: Data) -> StillMetadata {
    var result = StillMetadata()
    for chunk in chunks(of: data) {
      switch chunk.type {
      case "EXIF":
        // Some programs write JPEG's mark before it.
        let mark = Array("Exif\0\0".utf8)
        result.exif = chunk.body.starts(with: mark) ? Array(chunk.body.dropFirst(mark.count)) : chunk.body
      case "ICCP": result.profile = chunk.body
      case "XMP ": result.xmp = chunk.body
      default: break
      }
    }
    return result
  }

  static func file(_ data: Data, with metadata: StillMetadata) -> Data {
    var own = chunks(of: data).filter { !["ICCP", "EXIF", "XMP "].contains($0.type) }
    var exif = metadata.exif
    // WebP has no other place for the density.
    if exif == nil, let density = metadata.density, density.unit != .none {
      exif = EXIFBlock.make(orientation: nil, density: density)
    }
    guard var header = own.first(where: { $0.type == "VP8X" }) ?? header(of: own), header.body.count >= 10
    else {
      return data
    }
    own.removeAll { $0.type == "VP8X" }
    let profile = metadata.profile.map { Chunk(type: "ICCP", body: $0) }
    let others = [
      exif.map { Chunk(type: "EXIF", body: $0) }, metadata.xmp.map { Chunk(type: "XMP ", body: $0) },
    ]
    if profile == nil && others.allSatisfy({ $0 == nil }) { return data }
    let flags: [UInt8] = [
      profile == nil ? 0 : 0x20, others[0] == nil ? 0 : 0x08, others[1] == nil ? 0 : 0x04,
    ]
    header.body[0] = flags.reduce(header.body[0] & ~0x2c, |)
    let parts = [header] + [profile].compactMap { $0 } + own + others.compactMap { $0 }
    let body = Array("WEBP".utf8) + parts.flatMap(\.bytes)
    return Data(Array("RIFF".utf8) + .number(body.count, bytes: 4, littleEndian: true) + body)
  }

  /// The header of a file that had none, from the picture's own.
  private static func header(of chunks: [Chunk]) -> Chunk? {
    guard let picture = chunks.first(where: { ["VP8 ", "VP8L"].contains($0.type) }) else { return nil }
    let data = Data(picture.body)
    var (width, height, hasAlpha) = (0, 0, chunks.contains { $0.type == "ALPH" })
    if picture.type == "VP8L" {
      guard let bits = data.number(at: 1, bytes: 4, littleEndian: true) else { return nil }
      (width, height) = (bits & 0x3fff, bits >> 14 & 0x3fff)
      hasAlpha = bits >> 28 & 1 == 1
    } else {
      guard let first = data.number(at: 6, bytes: 2, littleEndian: true),
        let second = data.number(at: 8, bytes: 2, littleEndian: true)
      else { return nil }
      (width, height) = ((first & 0x3fff) - 1, (second & 0x3fff) - 1)
    }
    return Chunk(
      type: "VP8X",
      body: [hasAlpha ? 0x10 : 0, 0, 0, 0] + .number(width, bytes: 3, littleEndian: true)
        + .number(height, bytes: 3, littleEndian: true))
  }
}
