import Foundation
import Frames
import Media
import Testing

/// What picture files say beside their samples.
@Suite struct StillMetadataTests {
  private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// EXIF data with an orientation and a maker's name behind the directory, in either byte order.
  static func exif(_ orientation: Int, little: Bool = false) -> [UInt8] {
    func n(_ value: Int, _ bytes: Int) -> [UInt8] {
      little ? number(value, bytes).reversed() : number(value, bytes)
    }
    return Array((little ? "II" : "MM").utf8) + n(42, 2) + n(8, 4) + n(2, 2)
      + n(0x010f, 2) + n(2, 2) + n(6, 4) + n(38, 4)
      + n(0x0112, 2) + n(3, 2) + n(1, 4) + n(orientation, 2) + [0, 0]
      + n(0, 4) + Array("Maker\0".utf8)
  }

  /// As much of an ICC profile as says whose colours it is of.
  static func profile(_ space: String = "RGB ", count: Int = 70_000) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16) + Array(space.utf8)
    for index in bytes.count..<count { bytes.append(UInt8(truncatingIfNeeded: index &* 31 >> 3)) }
    return bytes
  }

  private static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
    [0xff, marker] + number(body.count + 2, 2) + body
  }

  /// A JPEG of 64 x 48 with 300 dots to an inch, EXIF, XMP, a comment and a profile in two pieces.
  static func jpeg(_ folder: TemporaryFolder, _ name: String, exif: [UInt8]) throws -> String {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt yuvj420p -bitexact -q:v 2 \(folder.path("plain.jpg"))"
    )
    let plain = [UInt8](try folder.data("plain.jpg"))
    let icc = profile()
    let parts: [[UInt8]] = [
      [0xff, 0xd8],
      segment(0xe0, Array("JFIF\0".utf8) + [1, 2, 1] + number(300, 2) + number(300, 2) + [0, 0]),
      segment(0xe1, Array("Exif\0\0".utf8) + exif),
      segment(0xe1, Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".utf8)),
      segment(0xe2, Array("ICC_PROFILE\0".utf8) + [1, 2] + icc[..<60_000]),
      segment(0xe2, Array("ICC_PROFILE\0".utf8) + [2, 2] + icc[60_000...]),
      segment(0xed, Array("Photoshop 3.0\0".utf8) + Array("8BIM-iptc".utf8)),
      segment(0xfe, Array("hello".utf8)),
    ]
    // Behind the header that the encoder wrote.
    let rest = plain[2] == 0xff && plain[3] == 0xe0 ? 4 + Int(plain[4]) << 8 + Int(plain[5]) : 2
    try Data(parts.joined() + plain[rest...]).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  private static func holds(_ data: Data, _ bytes: [UInt8]) -> Bool { data.range(of: Data(bytes)) != nil }

  @Test(arguments: 1...8) func everyOrientationIsSeenAndKept(_ orientation: Int) throws {
    let folder = try TemporaryFolder()
    let exif = Self.exif(orientation, little: orientation % 2 == 0)
    let source = try Self.jpeg(folder, "in.jpg", exif: exif)
    let info = try VideoReader(path: source).info
    let turns = [
      (0, false), (0, true), (180, false), (180, true), (270, true), (90, false), (90, true), (270, false),
    ]
    #expect((info.rotation, info.isMirrored) == turns[orientation - 1])
    let (writer, _) = try transcode(source, folder.path("out.jpg"))
    #expect(writer.warnings.isEmpty, "\(writer.warnings)")
    let again = try VideoReader(path: folder.path("out.jpg")).info
    #expect((again.rotation, again.isMirrored) == (info.rotation, info.isMirrored))
    let data = try folder.data("out.jpg")
    #expect(Self.holds(data, exif))
    for text in ["<x:xmpmeta/>", "8BIM-iptc", "hello"] {
      #expect(Self.holds(data, Array(text.utf8)), "\(text)")
    }
    #expect(Self.holds(data, [1, 2] + Self.profile()[..<1000]))
    // The resolution, once.
    #expect(Self.holds(data.prefix(20), Array("JFIF\0".utf8) + [1, 2, 1, 1, 44, 1, 44]))
    #expect(!Self.holds(data.dropFirst(20), Array("JFIF".utf8)))
  }

  @Test func jpegBecomesPNGAndBack() throws {
    let folder = try TemporaryFolder()
    let exif = Self.exif(6)
    let source = try Self.jpeg(folder, "in.jpg", exif: exif)
    let (writer, _) = try transcode(source, folder.path("out.png"), EncodeSettings(pixelFormat: "rgb24"))
    // PNG has no place for what IPTC says.
    #expect(writer.warnings.count == 1 && writer.warnings[0].contains("IPTC"), "\(writer.warnings)")
    let png = try folder.data("out.png")
    #expect(Self.holds(png, Array("eXIf".utf8) + exif) && Self.holds(png, Array("<x:xmpmeta/>".utf8)))
    #expect(Self.holds(png, Array("pHYs".utf8) + Self.number(11811, 4) + Self.number(11811, 4) + [1]))
    #expect(Self.holds(png, Array("iCCP".utf8)))
    #expect(try VideoReader(path: folder.path("out.png")).info.rotation == 90)
    // The same samples again, and everything beside them.
    try transcode(folder.path("out.png"), folder.path("again.png"))
    #expect(try allFrames(folder.path("again.png"))[0].planes == allFrames(folder.path("out.png"))[0].planes)
    #expect(Self.holds(try folder.data("again.png"), Array("eXIf".utf8) + exif))
    let (_, reader) = try transcode(
      folder.path("out.png"), folder.path("back.jpg"), EncodeSettings(pixelFormat: "yuvj444p"))
    #expect(reader.info.rotation == 90)
    let back = try folder.data("back.jpg")
    #expect(Self.holds(back, Array("Exif\0\0".utf8) + exif) && Self.holds(back, Array("hello".utf8)))
    #expect(Self.holds(back, [1, 2] + Self.profile()[..<1000]) && Self.holds(back, [1, 44, 1, 44]))
  }

  @Test func whatIsTooLongForASegmentIsNamed() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1 \(folder.path("in.png"))")
    var png = [UInt8](try folder.data("in.png"))
    let body =
      Array("XML:com.adobe.xmp".utf8) + [0, 0, 0, 0, 0] + [UInt8](repeating: 0x20, count: 70_000)
    // Behind the header; nobody looks at the checksum.
    png.insert(contentsOf: Self.number(body.count, 4) + Array("iTXt".utf8) + body + [0, 0, 0, 0], at: 33)
    try Data(png).write(to: URL(fileURLWithPath: folder.path("in.png")))
    let (writer, _) = try transcode(
      folder.path("in.png"), folder.path("out.jpg"), EncodeSettings(pixelFormat: "yuvj444p"))
    #expect(
      writer.warnings.count == 1 && writer.warnings[0].contains("XMP data of more than 64 KiB"),
      "\(writer.warnings)")
  }

  @Test func webPKeepsWhatItKnows() throws {
    let folder = try TemporaryFolder()
    let exif = Self.exif(8)
    let source = try Self.jpeg(folder, "in.jpg", exif: exif)
    let (writer, _) = try transcode(source, folder.path("out.webp"), EncodeSettings(pixelFormat: "bgra"))
    #expect(writer.warnings.count == 1 && writer.warnings[0].contains("texts"), "\(writer.warnings)")
    let reader = try VideoReader(path: folder.path("out.webp"))
    #expect(reader.info.rotation == 270)
    try transcode(folder.path("out.webp"), folder.path("again.webp"))
    #expect(
      try allFrames(folder.path("again.webp"))[0].planes == allFrames(folder.path("out.webp"))[0].planes)
    let data = try folder.data("again.webp")
    #expect(
      Self.holds(data, exif) && Self.holds(data, Self.profile())
        && Self.holds(data, Array("<x:xmpmeta/>".utf8)))
    #expect(data.count == 8 + data[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) })
  }

  @Test func aVideoKeepsTheTurnAndNamesTheRest() throws {
    let folder = try TemporaryFolder()
    let source = try Self.jpeg(folder, "in.jpg", exif: Self.exif(5))
    let (writer, _) = try transcode(source, folder.path("out.mp4"))
    let info = try VideoReader(path: folder.path("out.mp4")).info
    #expect(info.rotation == 270 && info.isMirrored)
    #expect(writer.warnings.count == 1)
    for words in ["EXIF", "ICC profile", "XMP", "IPTC", "resolution", "texts", ".jpg"] {
      #expect(writer.warnings[0].contains(words), "\(writer.warnings)")
    }
    // And the other way: pictures of a turned video are turned.
    let (back, _) = try transcode(folder.path("out.mp4"), folder.path("f_%02d.jpg"))
    #expect(back.warnings.isEmpty, "\(back.warnings)")
    let still = try VideoReader(path: folder.path("f_01.jpg")).info
    #expect(still.rotation == 270 && still.isMirrored)
  }

  @Test func everyPictureOfASequenceKeepsItsOwn() throws {
    let folder = try TemporaryFolder()
    for (index, orientation) in [6, 6, 8].enumerated() {
      _ = try Self.jpeg(folder, "in_\(index + 1).jpg", exif: Self.exif(orientation))
    }
    try transcode(folder.path("in_%d.jpg"), folder.path("out_%d.jpg"))
    for (index, orientation) in [6, 6, 8].enumerated() {
      #expect(Self.holds(try folder.data("out_\(index + 1).jpg"), Self.exif(orientation)))
    }
  }

  @Test func damagedSegmentsAreNoReasonToFail() throws {
    let folder = try TemporaryFolder()
    let source = try Self.jpeg(folder, "in.jpg", exif: Self.exif(6))
    let whole = try folder.data("in.jpg")
    // Lengths, offsets and counts that lead beyond the end.
    for place in stride(from: 20, to: 120, by: 1) {
      var data = whole
      data[place] = 0xff
      try data.write(to: URL(fileURLWithPath: folder.path("x.jpg")))
      guard let reader = try? VideoReader(path: folder.path("x.jpg")) else { continue }
      _ = try? VideoWriter(
        path: folder.path("y.jpg"), source: reader, settings: EncodeSettings(), overwrite: true)
    }
    #expect(try VideoReader(path: source).info.rotation == 90)
  }

  @Test func resolutionOfBMP() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1 \(folder.path("in.bmp"))")
    var data = try folder.data("in.bmp")
    data.replaceSubrange(38..<46, with: [0x23, 0x2e, 0, 0, 0x23, 0x2e, 0, 0])
    try data.write(to: URL(fileURLWithPath: folder.path("in.bmp")))
    try transcode(folder.path("in.bmp"), folder.path("out.bmp"))
    #expect(try folder.data("out.bmp")[38..<46] == data[38..<46])
  }
}
