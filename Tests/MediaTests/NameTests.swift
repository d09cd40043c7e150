import Foundation
import Frames
import Media
import Testing

/// Whatever a file is called, it is that file which is written, and nothing else.
@Suite struct NameTests {
  @Test(arguments: [
    "a b.mkv", "ü 日本語 🎬.mkv", "100%.mkv", "a%d.mkv", "a%%05d.mkv", "12:30.mkv", "file:x.mp4", "pipe:1.mkv",
    "-a.mkv", "a[1]?*.mkv", "a\nb.mkv",
  ])
  func oddNames(_ name: String) throws {
    let folder = try TemporaryFolder()
    let source = try OutputTests.clip(folder)
    try transcode(source, folder.path(name))
    #expect(folder.names == [name, "in.mkv"].sorted())
    #expect(try allFrames(folder.path(name)).count == 10)
  }

  @Test(arguments: [
    ("100%%_%03d.png", "100%_001.png"), ("a%d.png", "a1.png"), ("%02d:%%.png", "01:%.png"),
  ])
  func oddPatterns(_ pattern: String, _ first: String) throws {
    let folder = try TemporaryFolder()
    let source = try OutputTests.clip(folder, format: "bgr0")
    try FileManager.default.createDirectory(
      atPath: folder.path("50%d"), withIntermediateDirectories: false)
    try transcode(source, folder.path("50%d/" + pattern))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("50%d"))
    #expect(names.count == 10 && names.contains(first), "\(names)")
    #expect(folder.names == ["50%d", "in.mkv"])
    let error = #expect(throws: MediaError.self) { try transcode(source, folder.path("50%d/" + pattern)) }
    #expect(error?.kind == .exists)
  }

  @Test func longNames() throws {
    let folder = try TemporaryFolder()
    let source = try OutputTests.clip(folder)
    let name = String(repeating: "日", count: 80) + ".mkv"
    try transcode(source, folder.path(name))
    #expect(folder.names.contains(name))
    let error = #expect(throws: MediaError.self) {
      try transcode(source, folder.path(String(repeating: "a", count: 300) + ".mkv"))
    }
    #expect(error?.kind == .cannotWrite)
  }

  @Test(arguments: ["a.m3u8", "a.mpd"]) func containersOfManyFilesAreRefused(_ name: String) throws {
    let folder = try TemporaryFolder()
    let source = try OutputTests.clip(folder)
    let error = #expect(throws: MediaError.self) { try transcode(source, folder.path(name)) }
    #expect(error?.kind == .unsupported)
    #expect(folder.names == ["in.mkv"])
  }

  /// Some encoders hang where they are closed with pictures in them, or with none.
  @Test(arguments: ["libsvtav1", "libx265", "libvpx-vp9", "libaom-av1"], [0, 3])
  func everyEncoderCanBeStopped(_ codec: String, frames: Int) throws {
    let folder = try TemporaryFolder()
    let reader = try VideoReader(path: try OutputTests.clip(folder))
    let settings = EncodeSettings(codec: codec)
    let made = try? VideoWriter(
      path: folder.path("out.mkv"), source: reader, settings: settings, overwrite: false)
    // Not every FFmpeg has every encoder.
    guard let writer = made else { return }
    for _ in 0..<frames { if let frame = try reader.nextFrame() { try writer.write(frame) } }
    writer.cancel()
    #expect(folder.names == ["in.mkv"])
  }
}
