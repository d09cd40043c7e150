import Foundation

/// What a picture file says beside its samples.
struct StillMetadata: Equatable {
  /// Samples to a length, as JFIF counts them.
  struct Density: Equatable {
    enum Unit: UInt8 {
      /// Nothing but the shape of a sample is said.
      case none = 0
      case inch = 1
      case centimetre = 2
    }

    var x: Double
    var y: Double
    var unit: Unit
  }

  /// The formats that are read and written here.
  enum Format: Equatable {
    case jpeg, png, webp, bmp
  }

  /// EXIF from its byte order on.
  var exif: [UInt8]?
  /// An ICC profile.
  var profile: [UInt8]?
  var xmp: [UInt8]?
  /// Photoshop's resources, which hold what IPTC says.
  var resources: [UInt8]?
  var density: Density?
  /// Comments and other words, by what they are.
  var texts: [(keyword: String, text: String)] = []
  /// What is copied as it is where the output has the source's format.
  var native: [StillPart] = []
  /// What can't be kept in any output, in words.
  var left: [String] = []
  /// Gamma and primaries that only PNG says.
  var hasOwnColours = false

  static func == (a: Self, b: Self) -> Bool {
    a.exif == b.exif && a.profile == b.profile && a.xmp == b.xmp && a.resources == b.resources
      && a.density == b.density && a.native == b.native && a.texts.map(\.text) == b.texts.map(\.text)
  }

  /// Whether there is nothing to keep.
  var isEmpty: Bool {
    exif == nil && profile == nil && xmp == nil && resources == nil && density == nil && texts.isEmpty
      && native.isEmpty
  }

  /// What a file says; nil for a file of another format or one that can't be read.
  init?(ofFile path: String) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      return nil
    }
    self.init(of: data)
  }

  init?(of data: Data) {
    switch StillMetadata.format(of: data) {
    case .jpeg: self = JPEGParts.metadata(of: data)
    case .png: self = PNGParts.metadata(of: data)
    case .webp: self = WebPParts.metadata(of: data)
    case .bmp: self = BMPHeader.metadata(of: data)
    case nil: return nil
    }
  }

  init() {}

  /// The format by a file's first bytes.
  static func format(of data: Data) -> Format? {
    if data.starts(with: [0xff, 0xd8, 0xff]) { return .jpeg }
    if data.starts(with: PNGParts.signature) { return .png }
    if data.starts(with: Array("RIFF".utf8)), data.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return .webp
    }
    return data.starts(with: Array("BM".utf8)) ? .bmp : nil
  }

  /// The format by a name's ending.
  static func format(ofName path: String) -> Format? {
    let name = path.lowercased()
    if [".jpg", ".jpeg"].contains(where: name.hasSuffix) { return .jpeg }
    if name.hasSuffix(".png") { return .png }
    if name.hasSuffix(".bmp") { return .bmp }
    return name.hasSuffix(".webp") ? .webp : nil
  }

  /// A finished picture file with this in place of what its encoder wrote about it.
  func added(to data: Data, sameFormat: Bool) -> Data {
    switch StillMetadata.format(of: data) {
    case .jpeg: JPEGParts.file(data, with: self, sameFormat: sameFormat)
    case .png: PNGParts.file(data, with: self, sameFormat: sameFormat)
    case .webp: WebPParts.file(data, with: self)
    case .bmp: BMPHeader.file(data, with: self)
    case nil: data
    }
  }

  /// What of this an output loses, in words; all of it in a format that is not written here.
  func losses(from source: Format?, to target: Format?) -> [String] {
    var lost = left
    if let target, target != .bmp {
      if target == source { return lost }
      if resources != nil && target != .jpeg { lost.append("IPTC data") }
      if target == .jpeg { lost += JPEGParts.tooLong(self) }
      if hasOwnColours && target != .png { lost.append("gamma and primaries") }
      let hasOthers = texts.contains { $0.keyword != JPEGParts.commentKeyword }
      if !texts.isEmpty && (target == .webp || (target == .jpeg && hasOthers)) { lost.append("texts") }
      return lost
    }
    if exif != nil { lost.append("EXIF data") }
    if profile != nil { lost.append("the ICC profile") }
    if xmp != nil { lost.append("XMP data") }
    if resources != nil { lost.append("IPTC data") }
    if let density, density.unit != .none, target != .bmp { lost.append("the resolution") }
    if hasOwnColours { lost.append("gamma and primaries") }
    if !texts.isEmpty { lost.append("texts") }
    return lost
  }
}

/// A piece of a picture file with its name: a segment's marker or a chunk's type.
struct StillPart: Equatable {
  var name: String
  var bytes: [UInt8]
}

extension Data {
  /// A big-endian number at an offset from the start; nil beyond the end.
  func number(at offset: Int, bytes: Int, littleEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= count - bytes else { return nil }
    let slice = self[startIndex + offset..<startIndex + offset + bytes]
    return (littleEndian ? Array(slice.reversed()) : Array(slice)).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Bytes at an offset from the start; nil beyond the end.
  func piece(_ offset: Int, _ length: Int) -> [UInt8]? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return Array(self[startIndex + offset..<startIndex + offset + length])
  }
}

extension Array where Element == UInt8 {
  /// A number as big-endian bytes.
  static func number(_ value: Int, bytes: Int, littleEndian: Bool = false) -> [UInt8] {
    let big = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    return littleEndian ? big.reversed() : big
  }
}
