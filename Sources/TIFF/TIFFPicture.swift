/// The single picture of a TIFF file as planes of samples. `file(with:output:warn:)` makes the file with other samples.
public struct TIFFPicture: Sendable {
  /// The kind of a plane's samples.
  public enum Plane: Sendable, Equatable {
    case gray, red, green, blue, alpha
    /// Cyan, magenta, yellow and black.
    case ink
  }

  public let width: Int
  public let height: Int
  /// 8, or 16 where the file has more.
  public let bitDepth: Int
  public let roles: [Plane]
  /// By plane, row by row.
  public let planes: [[UInt16]]
  /// The ICC profile; empty where there is none.
  public let profile: [UInt8]
  /// Samples per unit along x and y; 0 where the file does not say.
  public let resolution: (x: Double, y: Double)

  /// Why the page can't be changed in its own coding and is written anew without loss; nil where it can be changed.
  public var recoding: String? { coding.recoding(format) }

  /// The largest number of pixels that FFmpeg, which the picture is for, takes.
  private static let mostPlaces = 1 << 28

  let name: String
  private let path: String
  let file: [UInt8]
  let directories: TIFFDirectories
  let page: TIFFDirectory
  let smaller: [TIFFDirectory]
  let format: TIFFPageFormat
  let coding: PictureCoding

  public var isInk: Bool { roles.contains(.ink) }

  /// Whether pages of a format are pictures: up to four unsigned samples of up to 16 bits that are gray or colours.
  public static func canHold(_ format: TIFFPageFormat) -> Bool { PictureCoding(format) != nil }

  /// - Parameters:
  ///   - path: of the file, or the pattern of a sequence.
  ///   - number: of the picture in a sequence, from 1, for messages; nil for a single one.
  /// - Throws: `TIFFError` where a part of the picture can't be read.
  public init(_ bytes: [UInt8], path: String, number: Int? = nil) throws {
    let name = number.map { "\(path), picture \($0)" } ?? path
    let directories = try TIFFDirectories(TIFFBytes(bytes), name: name)
    let pages = directories.pictures(try directories.pages())
    guard pages.count == 1 else {
      throw TIFFError(
        .unsupported,
        "\(name) holds \(pages.count) pages, where one picture is wanted: save its pages as files of their own"
      )
    }
    let handle = try TIFFHandle(memory: bytes, mode: "r", name: name)
    guard handle.select(pages[0].page) else {
      throw TIFFError(.cannotRead, "\(name) is damaged or cut short: its page can't be read")
    }
    let format = handle.format
    guard format.width <= Self.mostPlaces / max(format.height, 1) else {
      throw TIFFError(
        .unsupported,
        "\(name) has \(format.width) x \(format.height) samples, more than one picture may have here: cut it into parts"
      )
    }
    if [32803, 34892].contains(format.photometric) {
      throw TIFFError(
        .unsupported, "\(name) holds a camera sensor's raw samples: develop it to a picture first")
    }
    guard let coding = PictureCoding(format) else {
      throw TIFFError(
        .unsupported,
        "\(name) holds \(format.samples) samples of \(format.bits) bits for each pixel (kind \(format.kind), colours "
          + "\(format.photometric)), which is no picture: convert it to gray or RGB of 8 or 16 bits")
    }
    try handle.checkCodec()
    planes = try coding.planes(of: handle, format)
    (width, height, bitDepth, roles) = (format.width, format.height, coding.bitDepth, coding.roles)
    (profile, resolution) = (handle.profile, handle.resolution)
    (self.name, self.path) = (name, path)
    (file, self.directories, self.format, self.coding) = (bytes, directories, format, coding)
    (page, smaller) = pages[0]
  }

  /// Checks before the work whether `file(with:output:warn:)` can make an output of a name.
  ///
  /// - Throws: `TIFFError`.
  public func checkOutput(_ output: String) throws {
    _ = try OMEReferences.updated(file, directories, source: path, output: output)
  }

  /// Whether a tag says that the picture is displayed in another orientation than it is stored in.
  public var isTurned: Bool { ![0, 1].contains(directories.numbers(274, of: page).first ?? 1) }

  /// Names of the tags that other formats do not have: what is lost in another format.
  public var ownTags: [String] {
    let names = [
      270: "the description", 271: "the maker", 272: "the model", 305: "the program", 306: "the date",
      315: "the author", 700: "XMP", 33432: "the copyright", 34665: "Exif", 34735: "GeoTIFF", 34853: "GPS",
      42112: "GDAL's metadata", 42113: "GDAL's number for missing", 33723: "IPTC", 34377: "Photoshop's",
    ]
    let plain: Set<Int> = [
      254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284,
      296, 297, 317, 320, 322, 323, 324, 325, 332, 334, 338, 339, 347, 530, 531, 532, 33550, 33922, 34264,
      34675, 34736, 34737,
    ]
    let others = page.entries.filter { !plain.contains($0.tag) }.map { names[$0.tag] ?? "tag \($0.tag)" }
    // Without a unit, the resolution is the sample aspect ratio, which other formats keep.
    let hasUnit = (directories.numbers(296, of: page).first ?? 2) != 1
    var found = resolution.x > 0 && hasUnit ? ["the resolution"] : []
    // Some programs write two descriptions.
    for name in others where !found.contains(name) { found.append(name) }
    return found
  }

  /// The file with other samples and all its tags. Unchanged samples stay bit for bit as they are.
  ///
  /// - Parameters:
  ///   - changed: the planes.
  ///   - output: the file's later name, for messages.
  ///   - warn: gets a sentence for what could not be kept.
  /// - Throws: `TIFFError`.
  public func file(with changed: [[UInt16]], output: String, warn: (String) -> Void) throws -> [UInt8] {
    let patched = try OMEReferences.updated(file, directories, source: path, output: output)
    if changed == planes { return patched }
    if let recoding {
      warn(
        "\(name) \(recoding): \(output) holds "
          + (coding.isConvertedFromOtherColours(format)
            ? "them as RGB of 8 bits" : "the same samples, compressed without loss"))
      if !smaller.isEmpty {
        warn("\(name): its \(smaller.count) smaller copies show what was there before and are left out")
      }
      return try recoded(changed, in: patched, output: output)
    }
    let original = try TIFFHandle(memory: file, mode: "r", name: name)
    let target = try TIFFHandle(memory: patched, mode: "r+", name: output)
    guard original.select(page) else { throw TIFFError(.cannotRead, "\(name) can't be read") }
    var bytes = try coding.pageBytes(of: original, format)
    let palette = coding.isPalette ? original.palette(bits: format.bits) : nil
    coding.store(changed, over: planes, in: &bytes, format, palette: palette)
    try bytes.withUnsafeBytes {
      try original.replace(page, format, number: 1, in: target, by: $0, output: output)
      let copies = SmallerCopies(original, smaller, of: page, format, number: 1)
      try copies.follow($0, in: target, output: output, warn: warn)
    }
    let result = target.memoryBytes
    // The result is checked by reading it.
    let again = try TIFFHandle(memory: result, mode: "r", name: output)
    guard again.select(page), try coding.pageBytes(of: again, format) == bytes else {
      throw TIFFError(.cannotWrite, "\(output) can't be written: it does not read back as it should")
    }
    return result
  }
}
