import Foundation
import Frames
import Media
import Testing

/// An output file is complete or does not exist, and refusals are clear.
@Suite struct OutputTests {
  static func clip(_ folder: TemporaryFolder, _ name: String = "in.mkv", format: String = "yuv420p") throws
    -> String
  {
    let path = folder.path(name)
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -vf format=\(format) -c:v ffv1 \(path)")
    return path
  }

  @Test func appearsWhenFinished() throws {
    let folder = try TemporaryFolder()
    let reader = try VideoReader(path: try Self.clip(folder))
    let writer = try VideoWriter(
      path: folder.path("out.mp4"), source: reader, settings: EncodeSettings(), overwrite: false)
    while let frame = try reader.nextFrame() { try writer.write(frame) }
    #expect(!folder.names.contains("out.mp4"))
    #expect(folder.names.contains { $0.hasPrefix(".out.") && $0.hasSuffix(".partial.mp4") })
    try writer.finish()
    #expect(folder.names == ["in.mkv", "out.mp4"])
    try writer.finish()
    writer.cancel()
    #expect(folder.names == ["in.mkv", "out.mp4"])
  }

  @Test(arguments: ["out.mkv", "out_%03d.png"], [true, false])
  func cancelRemovesEverything(_ name: String, _ isExplicit: Bool) throws {
    let folder = try TemporaryFolder()
    let reader = try VideoReader(path: try Self.clip(folder, format: "bgr0"))
    do {
      let settings = EncodeSettings(lossless: !name.hasSuffix("png"))
      let writer = try VideoWriter(
        path: folder.path(name), source: reader, settings: settings, overwrite: false)
      let frame = try #require(try reader.nextFrame())
      try writer.write(frame)
      #expect(folder.names.count == 2)
      if isExplicit {
        writer.cancel()
        #expect(folder.names == ["in.mkv"])
        #expect(throws: MediaError.self) { try writer.write(frame) }
      }
    }
    #expect(folder.names == ["in.mkv"])
  }

  @Test func existingFilesAreSafe() throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder)
    try "precious".write(toFile: folder.path("out.mkv"), atomically: true, encoding: .utf8)
    let error = #expect(throws: MediaError.self) { try transcode(source, folder.path("out.mkv"), lossless) }
    #expect(error?.kind == .exists)
    #expect(try folder.data("out.mkv") == Data("precious".utf8))
    try transcode(source, folder.path("out.mkv"), lossless, overwrite: true)
    #expect(try allFrames(folder.path("out.mkv")).count == 10)
    // One that appears while we write is safe too.
    let reader = try VideoReader(path: source)
    let writer = try VideoWriter(
      path: folder.path("b.mkv"), source: reader, settings: lossless, overwrite: false)
    while let frame = try reader.nextFrame() { try writer.write(frame) }
    try "precious".write(toFile: folder.path("b.mkv"), atomically: true, encoding: .utf8)
    #expect(throws: MediaError.self) { try writer.finish() }
    #expect(try folder.data("b.mkv") == Data("precious".utf8))
    #expect(folder.names == ["b.mkv", "in.mkv", "out.mkv"])
  }

  @Test func inputMayBeReplaced() throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder)
    let before = try allFrames(source).map(\.planes)
    try transcode(source, source, lossless, overwrite: true)
    #expect(try allFrames(source).map(\.planes) == before)
  }

  @Test func refusalsNameTheWayOut() throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder)
    let deep = try Self.clip(folder, "deep.mkv", format: "gbrp10le")
    let odd = folder.path("odd.mkv")
    try ffmpeg("-f lavfi -i testsrc=s=63x47:r=25:d=0.4 -vf format=yuv420p -c:v ffv1 \(odd)")
    let names = folder.names
    func refusal(_ input: String, _ name: String, _ settings: EncodeSettings = EncodeSettings())
      -> MediaError?
    {
      #expect(throws: MediaError.self) { try transcode(input, folder.path(name), settings) }
    }
    let cases: [(MediaError?, MediaError.Kind, String)] = [
      (refusal(source, "none/out.mkv"), .cannotWrite, "no folder"),
      (refusal(source, "out.nonsense"), .unsupported, ".mkv"),
      (refusal(source, "out"), .unsupported, ".mkv"),
      (refusal(source, "out.webm", lossless), .unsupported, ".mkv"),
      (refusal(source, "out.mkv", EncodeSettings(codec: "nothing")), .unsupported, "nothing"),
      (refusal(source, "out.mkv", EncodeSettings(codec: "aac")), .unsupported, "aac"),
      (refusal(deep, "out.mkv", EncodeSettings(codec: "libx264")), .unsupported, "ffv1"),
      (
        refusal(source, "out.mkv", EncodeSettings(codec: "libx264", options: ["nooption": "1"])),
        .unsupported, "nooption"
      ),
      (
        refusal(source, "out.mkv", EncodeSettings(codec: "libx264", preset: "no_such")), .unsupported,
        "libx264"
      ),
      (refusal(source, "out.mkv", EncodeSettings(codec: "libsvtav1")), .unsupported, "64x64"),
      (refusal(odd, "out.mp4"), .unsupported, "divisible"),
      (refusal(source, "one.png", EncodeSettings(pixelFormat: "rgb24")), .cannotWrite, "pattern"),
      (refusal(source, "f_%d.jpg", lossless), .unsupported, ".png"),
      (refusal(source, "f_%d.png", EncodeSettings(codec: "ffv1")), .unsupported, "png"),
    ]
    for (error, kind, word) in cases {
      #expect(error?.kind == kind, "\(error?.description ?? "none")")
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "none")")
    }
    #expect(folder.names == names)
  }

  /// What a picture's name says is what the file is, without loss too.
  @Test func losslessPicturesAreWhatTheirNamesSay() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.png")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt rgb24 \(source)")
    for ending in ["png", "bmp"] {
      try transcode(source, folder.path("out.\(ending)"), lossless)
      let reader = try VideoReader(path: folder.path("out.\(ending)"))
      #expect(reader.info.codecName == ending)
      #expect(try allFrames(folder.path("out.\(ending)")).map(\.planes) == allFrames(source).map(\.planes))
    }
  }

  /// Where the samples have to be converted, what keeps most of them is named first.
  @Test func whatToConvertToKeepsTransparency() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mkv")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.1 -vf format=gbrap12le -c:v ffv1 \(source)")
    let error = #expect(throws: MediaError.self) {
      try transcode(source, folder.path("out.mov"), EncodeSettings(codec: "prores_ks"))
    }
    let advice = error?.description.components(separatedBy: "convert to: ").last
    #expect(advice?.hasPrefix("yuva444p10le") == true, "\(error?.description ?? "none")")
  }

  /// A file system of 200 kB, where the tests may mount one.
  @Test func fullDisk() throws {
    let folder = try TemporaryFolder()
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard (try? run("mount", ["-t", "tmpfs", "-o", "size=200k", "none", disk])) != nil else { return }
    defer { _ = try? run("umount", [disk]) }
    let source = folder.path("in.mkv")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -vf noise=alls=60:allf=t,format=yuv420p -c:v ffv1 \(source)")
    for (name, settings) in [("a.mkv", lossless), ("b.mp4", EncodeSettings(crf: 1))] {
      let error = #expect(throws: MediaError.self) { try transcode(source, disk + "/" + name, settings) }
      #expect(error?.kind == .diskFull, "\(error?.description ?? "none")")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
  }

  @Test func framesFromNowhere() throws {
    let folder = try TemporaryFolder()
    let format = FrameFormat(
      width: 40, height: 30, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    let writer = try VideoWriter(
      path: folder.path("a.mkv"), format: format, frameRate: Rational(30000, 1001), settings: lossless)
    for index in 0..<7 {
      try writer.write(Frame(format: format, filledWith: UInt16(20 * index), index: index))
    }
    try writer.finish()
    let frames = try allFrames(folder.path("a.mkv"))
    #expect(frames.map { $0.planes[2][11] } == [0, 20, 40, 60, 80, 100, 120])
    #expect(frames.first?.format == format)
    #expect(try VideoReader(path: folder.path("a.mkv")).info.averageFrameRate == Rational(30000, 1001))
  }
}
