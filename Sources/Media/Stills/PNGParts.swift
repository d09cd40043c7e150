internal import CZlib
import Foundation

/// The chunks of a PNG file.
enum PNGParts {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  private static let xmpKeyword = "XML:com.adobe.xmp"
  /// Chunks that belong to the samples as they are stored, or to an animation.
  private static let storage = ["tRNS", "hIST", "bKGD", "sBIT", "acTL", "fcTL", "fdAT"]
  private static let colours = ["gAMA", "cHRM", "cICP", "mDCV", "mDCv", "cLLI", "cLLi"]

  private struct Chunk {
    var type: String
    var body: [UInt8]

    var isCritical: Bool { type.utf8.first.map { $0 & 0x20 == 0 } ?? true }

    var bytes: [UInt8] {
      let named = Array(type.utf8) + body
      let check = named.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32(clamping: $0.count)) }
      return .number(body.count, bytes: 4) + named + .number(Int(check), bytes: 4)
    }
  }

  private static func chunks(of data: Data, withPicture: Bool) -> [Chunk] {
    var list: [Chunk] = []
    var place = signature.count
    while let length = data.number(at: place, bytes: 4), let name = data.piece(place + 4, 4),
      length <= data.count - place - 8
    {
      let type = String(decoding: name, as: UTF8.self)
      let isPicture = type == "IDAT" || type == "fdAT"
      if let body = isPicture && !withPicture ? [] : data.piece(place + 8, length) {
        list.append(Chunk(type: type, body: body))
      }
      if type == "IEND" { break }
      place += 12 + length
    }
    return list
  }

  static func metadata(of data: Data) -> StillMetadata {
    var result = StillMetadata()
    var isManaged = false
    for chunk in chunks(of: data, withPicture: false) where !chunk.isCritical {
      let body = Data(chunk.body)
      switch chunk.type {
      case "eXIf": result.exif = chunk.body
      case "iCCP":
        result.profile = profile(of: chunk.body)
        isManaged = true
      case "sRGB": isManaged = true
      case "pHYs":
        if let x = body.number(at: 0, bytes: 4), let y = body.number(at: 4, bytes: 4), x > 0, y > 0,
          let unit = body.number(at: 8, bytes: 1)
        {
          let scale = unit == 1 ? 0.0254 : 1
          result.density = .init(x: Double(x) * scale, y: Double(y) * scale, unit: unit == 1 ? .inch : .none)
        }
      case "tEXt", "zTXt", "iTXt":
        if let text = text(of: chunk) {
          if text.keyword == xmpKeyword {
            result.xmp = Array(text.text.utf8)
          } else {
            result.texts.append(text)
          }
        }
      case let type where colours.contains(type): result.hasOwnColours = true
      default: break
      }
      if !storage.contains(chunk.type) {
        result.native.append(StillPart(name: chunk.type, bytes: chunk.bytes))
      }
    }
    // A profile says the same more exactly.
    if isManaged { result.hasOwnColours = false }
    return result
  }

  private static func text(of chunk: Chunk) -> (keyword: String, text: String)? {
    guard let end = chunk.body.firstIndex(of: 0) else { return nil }
    let keyword = String(decoding: chunk.body[..<end], as: UTF8.self)
    let rest = Array(chunk.body[(end + 1)...])
    switch chunk.type {
    case "tEXt": return (keyword, String(rest.map { Character(UnicodeScalar($0)) }))
    case "zTXt":
      return inflated(Array(rest.dropFirst())).map {
        (keyword, String($0.map { Character(UnicodeScalar($0)) }))
      }
    default:
      guard rest.count >= 2 else { return nil }
      // Language and translated keyword come before the text.
      let parts = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      let text = rest[0] == 1 ? inflated(Array(parts[2])) : Array(parts[2])
      return text.map { (keyword, String(decoding: $0, as: UTF8.self)) }
    }
  }

  private static func profile(of body: [UInt8]) -> [UInt8]? {
    guard let end = body.firstIndex(of: 0), end + 2 <= body.count else { return nil }
    return inflated(Array(body[(end + 2)...]))
  }

  /// The unpacked bytes; nil for more than 16 MiB, which no profile or text has.
  private static func inflated(_ packed: [UInt8]) -> [UInt8]? {
    var size = max(4096, packed.count * 4)
    while size <= 1 << 24 {
      var bytes = [UInt8](repeating: 0, count: size)
      var length = uLongf(size)
      let code = uncompress(&bytes, &length, packed, uLong(packed.count))
      if code == Z_OK { return Array(bytes.prefix(Int(length))) }
      if code != Z_BUF_ERROR { return nil }
      size *= 4
    }
    return nil
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
    var length = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    guard compress(&packed, &length, bytes, uLong(bytes.count)) == Z_OK else { return nil }
    return Array(packed.prefix(Int(length)))
  }

  static func file(_ data: Data, with metadata: StillMetadata, sameFormat: Bool) -> Data {
    let own = chunks(of: data, withPicture: true)
    let added = sameFormat ? metadata.native : converted(metadata)
    let names = Set(added.map(\.name))
    let isColourSaid = sameFormat || names.contains("iCCP")
    var bytes = signature
    for chunk in own {
      // The input file's metadata replace what the encoder wrote.
      let isReplaced =
        names.contains(chunk.type)
        || (isColourSaid && (colours + ["iCCP", "sRGB"]).contains(chunk.type))
        || (chunk.type == "pHYs" && metadata.density != nil)
      if !chunk.isCritical && isReplaced && !storage.contains(chunk.type) { continue }
      bytes += chunk.bytes
      if chunk.type == "IHDR" { bytes += added.flatMap(\.bytes) }
    }
    return Data(bytes)
  }

  /// Chunks from the metadata of another format.
  private static func converted(_ metadata: StillMetadata) -> [StillPart] {
    var list: [Chunk] = []
    if let profile = metadata.profile, let packed = deflated(profile) {
      list.append(Chunk(type: "iCCP", body: Array("ICC profile\0\0".utf8) + packed))
    }
    if let density = metadata.density {
      let scale = [1, 1 / 0.0254, 100][Int(density.unit.rawValue)]
      let sides = [density.x, density.y].map { Int(min(max(($0 * scale).rounded(), 1), 2e9)) }
      list.append(
        Chunk(
          type: "pHYs",
          body: .number(sides[0], bytes: 4) + .number(sides[1], bytes: 4) + [density.unit == .none ? 0 : 1]))
    }
    if let exif = metadata.exif { list.append(Chunk(type: "eXIf", body: exif)) }
    let xmp = metadata.xmp.map { [(xmpKeyword, String(decoding: $0, as: UTF8.self))] } ?? []
    for (keyword, text) in xmp + metadata.texts {
      list.append(Chunk(type: "iTXt", body: Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(text.utf8)))
    }
    return list.map { StillPart(name: $0.type, bytes: $0.bytes) }
  }
}
