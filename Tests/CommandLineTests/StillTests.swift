import Foundation
import TestSupport
import Testing

/// Masks and rectangles lie on a picture as it is shown, and known samples stay where they are stored.
@Suite struct StillTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// A chunk of a PNG file.
  private static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(type.utf8) + body
    var check: UInt32 = .max
    for byte in named {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0xedb8_8320 : check >> 1 }
    }
    return number(body.count, 4) + named + number(Int(~check), 4)
  }

  /// A PNG of 64 x 48 that is shown turned by 90 degrees, 300 dots to an inch.
  private func turned(_ name: String) throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48", "-frames:v", "1", "-pix_fmt", "rgb24", folder.file("plain.png")
    )
    let plain = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("plain.png"))))
    let exif: [UInt8] =
      Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let added =
      Self.chunk("pHYs", Self.number(11811, 4) + Self.number(11811, 4) + [1]) + Self.chunk("eXIf", exif)
    // Behind signature and header.
    try folder.write(plain[..<33] + added + plain[33...], to: name)
  }

  @Test func aMaskOfTheShownPictureFits() throws {
    try turned("in.png")
    // 48 x 64 as shown: a spot at the upper right is at the upper left as stored.
    var mask = [UInt8](repeating: 0, count: 48 * 64)
    for y in 2..<8 { for x in 38..<44 { mask[y * 48 + x] = 255 } }
    try folder.writePGM(mask, width: 48, height: 64, to: "m.pgm")
    let result = try BuiltTool.run(
      "in.png", "--mask", "m.pgm", "--preset", "fast", "--progress", "none", "-o", "out.png", in: folder)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let samples = try ["in.png", "out.png"].map {
      // As stored, whatever FFmpeg makes of the orientation.
      [UInt8](
        try folder.ffmpeg("-noautorotate", "-i", folder.file($0), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"))
    }
    #expect(samples[0].count == 64 * 48 * 3 && samples[0].count == samples[1].count)
    var changed: [(x: Int, y: Int)] = []
    for place in 0..<64 * 48 {
      let bytes = 3 * place..<3 * place + 3
      if samples[0][bytes] != samples[1][bytes] { changed.append((place % 64, place / 64)) }
    }
    #expect(!changed.isEmpty)
    for (x, y) in changed { #expect((2..<8).contains(x) && (4..<10).contains(y), "\(x), \(y)") }
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("out.png")))
    for name in ["eXIf", "pHYs"] { #expect(data.range(of: Data(name.utf8)) != nil) }
  }

  @Test func streamsAreChosenByNumber() throws {
    try folder.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=128x96", "-frames:v", "1", folder.file("cover.jpg"))
    try folder.makeClip("film.mkv")
    try folder.ffmpeg(
      "-i", folder.file("cover.jpg"), "-i", folder.file("film.mkv"), "-map", "0:v", "-map", "1", "-c", "copy",
      folder.file("in.mkv"))
    let words = ["--mask-rect", "8,8,6,6", "--preset", "fast", "--iterations", "1", "--progress", "none"]
    func run(_ more: String...) throws -> Command.Result {
      try Command.run(BuiltTool.path, more, in: folder.path)
    }
    let film = try Command.run(BuiltTool.path, ["in.mkv", "-o", "a.mkv"] + words, in: folder.path)
    #expect(film.status == 0 && film.errors.contains("stream 1 is restored"), "\(film.errors)")
    let still = try Command.run(
      BuiltTool.path, ["in.mkv", "--stream", "0", "-o", "b.mkv"] + words, in: folder.path)
    #expect(still.status == 0, "\(still.errors)")
    let none = try Command.run(
      BuiltTool.path, ["in.mkv", "--stream", "7", "-o", "c.mkv"] + words, in: folder.path)
    #expect(none.status == 3 && none.errors.contains("0, 1"), "\(none.errors)")
    let probe = try run("probe", "in.mkv", "--stream", "0")
    #expect(probe.output.contains("stream 0 would be restored; --stream 1 for another"), "\(probe.output)")
    let same = try run(
      "evaluate", "--reference", "in.mkv", "--result", "b.mkv", "--stream", "0", "--mask-rect", "8,8,6,6")
    #expect(same.status == 0, "\(same.output) \(same.errors)")
    let panel = try run(
      "inspect", "in.mkv", "--result", "b.mkv", "--stream", "0", "--mask-rect", "8,8,6,6", "--frame", "0",
      "-o",
      "p.png")
    #expect(panel.status == 0, "\(panel.errors)")
  }
}
