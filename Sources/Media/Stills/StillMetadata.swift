import Foundation

/// What a picture file says beside its samples.
struct StillMetadata {
  /// Samples to a length, as JFIF counts them.
  struct Density: Equatable {
    enum Unit: UInt8 {
      /// Only the shape of a sample is known.
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

  /// EXIF data, which begin with their byte order.
  var exif: [UInt8]?
  /// An ICC profile.
  var profile: [UInt8]?
  var xmp: [UInt8]?
  /// Photoshop's resources, which hold IPTC data.
  var resources: [UInt8]?
  var density: Density?
  /// Comments and other texts with their keywords.
  var texts: [(keyword: String, text: String)] = []
  /// Parts that are copied unchanged where the output has the source's format.
  var native: [StillPart] = []
  /// Names of what no output keeps.
  var left: [String] = []
  /// Whether there are gamma and primaries, which only PNG keeps.
  var hasOwnColours = false

  /// Whether there is nothing to keep.
  var isEmpty: Bool {
    exif == nil && profile == nil && xmp == nil && resources == nil && density == nil && texts.isEmpty
      && native.isEmpty
  }

  /// A file's bytes; nil where it can't be read.
  static func data(ofFile path: String) -> Data? {
    try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
  }

  /// Nil for a file of another format.
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

  /// A picture file with this metadata in place of what its encoder wrote.
  func added(to data: Data, sameFormat: Bool) -> Data {
    switch StillMetadata.format(of: data) {
    case .jpeg: JPEGParts.file(data, with: self, sameFormat: sameFormat)
    case .png: PNGParts.file(data, with: self, sameFormat: sameFormat)
    case .webp: WebPParts.file(data, with: self)
    case .bmp: BMPHeader.file(data, with: self)
    case nil: data
    }
  }

  /// Names of what an output loses; everything in a format that is not written here.
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

/// A part of a picture file with its name: a segment of JPEG without one, or a chunk of PNG or WebP.
struct StillPart {
  var name: String
  var bytes: [UInt8]
}
