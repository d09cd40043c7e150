import Foundation

/// The segments of a JPEG file before its picture.
enum JPEGParts {
  static let commentKeyword = "Comment"
  private static let exifMark = Array("Exif\0\0".utf8)
  private static let xmpMark = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  private static let profileMark = Array("ICC_PROFILE\0".utf8)
  private static let resourcesMark = Array("Photoshop 3.0\0".utf8)

  private struct Segment {
    var marker: UInt8
    var body: [UInt8]

    var bytes: [UInt8] { [0xff, marker] + .number(body.count + 2, bytes: 2) + body }
    func starts(_ mark: [UInt8]) -> Bool { body.starts(with: mark) }
  }

  /// The segments before those of the picture itself, and where these begin.
  private static func segments(of data: Data) -> (list: [Segment], rest: Int) {
    var list: [Segment] = []
    var place = 2
    while let start = data.number(at: place, bytes: 2), start >> 8 == 0xff {
      let marker = UInt8(start & 0xff)
      // Markers may be padded.
      if marker == 0xff {
        place += 1
        continue
      }
      guard (0xe0...0xef).contains(marker) || marker == 0xfe else { break }
      guard let length = data.number(at: place + 2, bytes: 2), length >= 2,
        let body = data.piece(place + 4, length - 2)
      else { break }
      list.append(Segment(marker: marker, body: body))
      place += 2 + length
    }
    return (list, place)
  }

  static func metadata(of data: Data) -> StillMetadata {
    var result = StillMetadata()
    var profile: [(number: UInt8, bytes: ArraySlice<UInt8>)] = []
    for segment in segments(of: data).list {
      let body = segment.body
      switch segment.marker {
      case 0xe0 where segment.starts(Array("JFIF\0".utf8)):
        result.density = density(of: Data(body))
        continue
      case 0xe1 where segment.starts(exifMark): result.exif = Array(body.dropFirst(exifMark.count))
      case 0xe1 where segment.starts(xmpMark): result.xmp = Array(body.dropFirst(xmpMark.count))
      case 0xe2 where segment.starts(profileMark) && body.count > profileMark.count + 2:
        profile.append((body[profileMark.count], body.dropFirst(profileMark.count + 2)))
        continue
      case 0xe2 where segment.starts(Array("MPF\0".utf8)):
        result.left.append("the further pictures in the file, such as a gain map or a preview")
        continue
      case 0xeb:
        result.left.append("boxes whose content may be signed (JUMBF)")
        continue
      case 0xed where segment.starts(resourcesMark):
        result.resources = (result.resources ?? []) + body.dropFirst(resourcesMark.count)
      // How colours are coded: the output's encoder says it.
      case 0xee: continue
      case 0xfe:
        let text = String(decoding: body.prefix { $0 != 0 }, as: UTF8.self)
        // FFmpeg's encoder writes its own name as a comment.
        if !text.hasPrefix("Lavc") { result.texts.append((commentKeyword, text)) }
      default: break
      }
      result.native.append(StillPart(name: "", bytes: segment.bytes))
    }
    if !profile.isEmpty {
      result.profile = profile.sorted { $0.number < $1.number }.flatMap { Array($0.bytes) }
    }
    var seen: Set<String> = []
    result.left = result.left.filter { seen.insert($0).inserted }
    return result
  }

  private static func density(of body: Data) -> StillMetadata.Density? {
    guard
      let unit = body.number(at: 7, bytes: 1).flatMap({ StillMetadata.Density.Unit(rawValue: UInt8($0)) }),
      let x = body.number(at: 8, bytes: 2), let y = body.number(at: 10, bytes: 2), x > 0, y > 0
    else { return nil }
    return StillMetadata.Density(x: Double(x), y: Double(y), unit: unit)
  }

  static func file(_ data: Data, with metadata: StillMetadata, sameFormat: Bool) -> Data {
    let (own, rest) = segments(of: data)
    var parts: [[UInt8]] = []
    if let density = metadata.density {
      let header = Array("JFIF\0".utf8) + [1, 2, density.unit.rawValue]
      let x = Int(min(max(density.x.rounded(), 1), 65535))
      let y = Int(min(max(density.y.rounded(), 1), 65535))
      parts.append(
        Segment(marker: 0xe0, body: header + .number(x, bytes: 2) + .number(y, bytes: 2) + [0, 0]).bytes)
    } else if metadata.exif == nil {
      // EXIF data take the place of the JFIF header.
      parts += own.filter { $0.marker == 0xe0 }.map(\.bytes)
    }
    parts += sameFormat ? metadata.native.map(\.bytes) : converted(metadata)
    if let profile = metadata.profile {
      let size = 65535 - 2 - profileMark.count - 2
      let pieces = stride(from: 0, to: profile.count, by: size).map {
        Array(profile[$0..<min($0 + size, profile.count)])
      }
      if pieces.count < 256 {
        for (index, piece) in pieces.enumerated() {
          let body = profileMark + [UInt8(index + 1), UInt8(pieces.count)] + piece
          parts.append(Segment(marker: 0xe2, body: body).bytes)
        }
      }
    }
    // The encoder's segment about how colours are coded.
    parts += own.filter { $0.marker == 0xee }.map(\.bytes)
    return Data([0xff, 0xd8] + parts.joined()) + data.dropFirst(rest)
  }

  /// Segments from the metadata of another format.
  private static func converted(_ metadata: StillMetadata) -> [[UInt8]] {
    said(metadata).filter { $0.segment.body.count <= mostBytes }.map(\.segment.bytes)
  }

  /// The most bytes that the body of a segment can have.
  private static let mostBytes = 65533

  private static func said(_ metadata: StillMetadata) -> [(what: String, segment: Segment)] {
    var list: [(what: String, segment: Segment)] = []
    if let exif = metadata.exif { list.append(("EXIF data", Segment(marker: 0xe1, body: exifMark + exif))) }
    if let xmp = metadata.xmp { list.append(("XMP data", Segment(marker: 0xe1, body: xmpMark + xmp))) }
    for (_, text) in metadata.texts.filter({ $0.keyword == commentKeyword }) {
      list.append(("a comment", Segment(marker: 0xfe, body: Array(text.utf8))))
    }
    return list
  }

  /// Names of the metadata of another format that are too long for a JPEG file.
  static func tooLong(_ metadata: StillMetadata) -> [String] {
    said(metadata).filter { $0.segment.body.count > mostBytes }.map { "\($0.what) of more than 64 KiB" }
  }
}
