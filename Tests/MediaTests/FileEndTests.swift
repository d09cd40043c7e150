import Foundation
import Frames
import Media
import Testing

/// What only looks as if something were missing is no damage, and what is missing is.
@Suite struct FileEndTests {
  private static func read(_ path: String) throws -> (frames: [Frame], reader: VideoReader) {
    let reader = try VideoReader(path: path)
    var frames: [Frame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    return (frames, reader)
  }

  /// Empty frames of AVI, in the middle and at the end, say that a picture stays.
  @Test(arguments: ["not(eq(n\\,3))", "not(mod(n\\,5))", "lt(n\\,4)+eq(n\\,24)"], ["huffyuv", "mjpeg"])
  func nullFrames(_ kept: String, _ codec: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.avi")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -vf select=\(kept) -vsync passthrough -c:v \(codec) -pix_fmt "
        + "\(codec == "mjpeg" ? "yuvj420p" : "yuv422p") \(source)")
    let (frames, reader) = try Self.read(source)
    #expect(reader.damage == nil, "\(reader.damage?.sentence ?? "")")
    let wanted = kept.contains("mod") ? 5 : kept.contains("lt") ? 5 : 24
    #expect(frames.count == wanted)
    #expect(try FileProbe.report(source).damage == nil)
    try transcode(source, folder.path("out.mkv"))
    #expect(try TimingTests.pts(folder.path("out.mkv")).count == wanted)
    let bytes = try folder.data("in.avi")
    try bytes.prefix(bytes.count * 3 / 5).write(to: folder.url.appendingPathComponent("cut.avi"))
    if wanted == 24 { #expect(try Self.read(folder.path("cut.avi")).reader.damage?.isTruncated == true) }
  }

  /// A length of ones is a length that the writer did not know.
  @Test func unknownLength() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -f lavfi -i sine=440:d=1 -c:v libx264 -g 10 -c:a aac -movflags "
        + "+frag_keyframe+empty_moov \(folder.path("plain.mp4"))")
    var bytes = [UInt8](try folder.data("plain.mp4"))
    for (name, offset) in [("mvhd", 20), ("mdhd", 20), ("tkhd", 24)] {
      for at in 0..<bytes.count - 32 where bytes[at..<at + 4].elementsEqual(name.utf8) {
        for place in at + offset..<at + offset + 4 { bytes[place] = 0xff }
      }
    }
    let source = folder.path("in.mp4")
    try Data(bytes).write(to: URL(fileURLWithPath: source))
    let (frames, reader) = try Self.read(source)
    #expect(frames.count == 25 && reader.damage == nil, "\(reader.damage?.sentence ?? "")")
    #expect(reader.info.duration ?? 1 < 2 && reader.info.estimatedFrameCount ?? 25 == 25)
    #expect(try FileProbe.report(source).damage == nil)
    try transcode(source, folder.path("out.mp4"))
    #expect(try TimingTests.pts(folder.path("out.mp4")).count == 25)
    try Data(bytes.prefix(bytes.count * 2 / 3)).write(to: folder.url.appendingPathComponent("cut.mp4"))
    #expect(try Self.read(folder.path("cut.mp4")).reader.damage?.isTruncated == true)
  }

  /// A header that announces more than was ever written, in files that end where they say.
  @Test(arguments: ["flv", "mkv"]) func announcedButNeverWritten(_ ext: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.\(ext)")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -bf 0 -g 5 \(source)")
    var bytes = [UInt8](try folder.data("in.\(ext)"))
    // Both containers say the duration as a double behind a name of their own.
    let name: [UInt8] = ext == "flv" ? Array("duration".utf8) + [0] : [0x44, 0x89, 0x88]
    let at = try #require((0..<bytes.count - 20).first { bytes[$0..<$0 + name.count].elementsEqual(name) })
    let announced = ext == "flv" ? 9.0 : 9000.0
    for (index, shift) in stride(from: 56, through: 0, by: -8).enumerated() {
      bytes[at + name.count + index] = UInt8(truncatingIfNeeded: announced.bitPattern >> UInt64(shift))
    }
    try Data(bytes).write(to: URL(fileURLWithPath: source))
    #expect(try Self.read(source).reader.damage == nil)
    try Data(bytes.prefix(bytes.count / 2)).write(to: folder.url.appendingPathComponent("cut.\(ext)"))
    #expect(try Self.read(folder.path("cut.\(ext)")).reader.damage?.isTruncated == true)
  }

  /// Containers that would show frames at other times refuse them before anything is done.
  @Test func containersThatCountFrames() throws {
    let folder = try TemporaryFolder()
    let source = try FrameGridTests.clip(folder, "mpeg2video", times: FrameGridTests.telecine)
    for name in ["out.vob", "out.mpg", "out.rm"] {
      let error = #expect(throws: MediaError.self) { try transcode(source, folder.path(name)) }
      #expect(error?.kind == .unsupported && error?.description.contains(".mkv") == true)
      let plan = try OutputPlan(input: source, output: folder.path(name), settings: EncodeSettings())
      #expect(plan.problem == error?.description)
    }
    #expect(!folder.names.contains { $0.contains("out") })
    try transcode(folder.path("plain.mkv"), folder.path("out.mpg"))
    let before = try TimingTests.pts(folder.path("plain.mkv"))
    let after = try TimingTests.pts(folder.path("out.mpg"))
    // What follows the last picture would tell its time.
    #expect(before.count == 24 && after.count >= 23)
    #expect(try allFrames(folder.path("out.mpg")).count == 24)
    let shift = (after.first ?? 0) - (before.first ?? 0)
    #expect(zip(before, after).allSatisfy { abs($1 - $0 - shift) < 0.0011 })
  }
}
