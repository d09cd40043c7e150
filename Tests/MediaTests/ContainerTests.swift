import Foundation
import Media
import Testing

/// Containers that share names, that take some streams only, or that say no in words of their own.
@Suite struct ContainerTests {
  /// Half a second of a DVD: navigation, MPEG-2 and AC-3.
  private static func disc(_ folder: TemporaryFolder) throws -> String {
    let path = folder.path("in.vob")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=720x480:r=30000/1001:d=0.3 -f lavfi -i sine=d=0.3 -target ntsc-dvd \(path)")
    return path
  }

  @Test(arguments: ["out.vob", "out.mpg", "out.mkv", "out.ts"]) func aDiscKeepsPictureAndSound(_ name: String)
    throws
  {
    let folder = try TemporaryFolder()
    let source = try Self.disc(folder)
    let plan = try OutputPlan(input: source, output: folder.path(name), settings: EncodeSettings())
    let (writer, _) = try transcode(source, folder.path(name))
    #expect(plan.problem == nil && plan.encoder == "mpeg2video")
    #expect(plan.streams.map(\.isKept) == [false, true, true])
    #expect(writer.warnings.count == 1 && writer.warnings[0].contains("stream 0 (data, dvd_nav_packet)"))
    // A transport stream's are listed by program too.
    let codecs = try probe(folder.path(name), "-show_entries stream=codec_name").compactMap {
      $0.split(separator: ",").first.map(String.init)
    }
    #expect(Set(codecs) == ["mpeg2video", "ac3"])
    #expect(
      try StreamCopyTests.checksum(source, "0:a") == StreamCopyTests.checksum(folder.path(name), "0:a"))
  }

  @Test func firstProgramStreamsStayWhatTheyAre() throws {
    let folder = try TemporaryFolder()
    for (codec, container) in [("mpeg1video", "mpeg"), ("mpeg2video", "vob")] {
      let source = folder.path("\(codec).mpg")
      try ffmpeg(
        "-f lavfi -i testsrc2=s=64x48:r=25:d=0.3 -f lavfi -i sine=d=0.3 -c:v \(codec) -c:a mp2 -f \(container) "
          + source)
      let output = folder.path("out-\(codec).mpg")
      let plan = try OutputPlan(input: source, output: output, settings: EncodeSettings())
      try transcode(source, output)
      #expect(plan.container == container)
      #expect(
        try probe(output, "-select_streams v -show_entries stream=codec_name").first?.hasPrefix(codec) == true
      )
      #expect(try StreamCopyTests.checksum(source, "0:a") == StreamCopyTests.checksum(output, "0:a"))
    }
  }

  /// Whatever a container does with a sound, the plan says the same, and what is promised can be read.
  @Test(arguments: ["aac", "mp2", "ac3", "flac", "pcm_s16le", "libopus"])
  func soundIsKeptOrNamedWithARemedy(_ codec: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mkv")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -f lavfi -i sine=d=0.2:r=48000 -c:v libx264 -c:a \(codec) \(source)"
    )
    for ending in ["ts", "mp4", "mov", "3gp", "webm", "avi", "flv", "wmv", "mpg", "nut", "ogv"] {
      let output = folder.path("out.\(ending)")
      let plan = try OutputPlan(input: source, output: output, settings: EncodeSettings())
      guard plan.problem == nil else {
        // An encoder that the container needs may refuse the picture: then nothing is written either.
        #expect(throws: MediaError.self) { try transcode(source, output) }
        continue
      }
      let (writer, _) = try transcode(source, output)
      let kinds = try probe(output, "-show_entries stream=codec_type")
      let fate = try #require(plan.streams.first { $0.stream == 1 })
      #expect(
        kinds.contains { $0.hasPrefix("audio") } == fate.isKept, "\(codec) in \(ending): \(fate.reason)")
      let warning = writer.warnings.first { $0.contains("stream 1 ") }
      #expect((warning == nil) == fate.isKept, "\(codec) in \(ending): \(writer.warnings)")
      if let warning { #expect(warning.contains(fate.reason) && warning.contains("a name ending in .")) }
    }
  }

  @Test func containersByName() throws {
    let folder = try TemporaryFolder()
    let source = try OutputTests.clip(folder)
    var settings = EncodeSettings()
    settings.container = "y4m"
    let plan = try OutputPlan(input: source, output: folder.path("out.bin"), settings: settings)
    #expect(plan.container == "yuv4mpegpipe" && plan.problem == nil)
    settings.container = "nothing"
    let none = try OutputPlan(input: source, output: folder.path("out.bin"), settings: settings)
    #expect(none.problem?.contains("no container called 'nothing'") == true)
  }

  @Test func refusalsSayWhatToDo() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mp4")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 -pix_fmt yuv420p \(source)")
    for (name, words) in [("x_%03d.jpg", "--pixel-format"), ("x.gif", ".apng")] {
      let error = #expect(throws: MediaError.self) { try transcode(source, folder.path(name)) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
    try transcode(source, folder.path("x_%03d.jpg"), EncodeSettings(pixelFormat: "yuvj420p"))
    #expect(folder.names.filter { $0.hasSuffix(".jpg") }.count == 5)
    // White and black of video are white and black of JPEG.
    try ffmpeg("-f lavfi -i color=white:s=64x48:d=0.04 -pix_fmt yuv420p -c:v ffv1 \(folder.path("w.mkv"))")
    try transcode(folder.path("w.mkv"), folder.path("w.jpg"), EncodeSettings(pixelFormat: "yuvj420p"))
    #expect((try allFrames(folder.path("w.jpg"))[0].planes[0].min() ?? 0) >= 253)
    try transcode(source, folder.path("x.webp"))
  }

  /// Four letters that no FFmpeg knows, and those that an old one does not.
  @Test func codecsWithoutDecoderAreNamed() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mp4")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 \(source)")
    for (letters, name) in [("brxq", "Blackmagic RAW"), ("zzzz", "'zzzz'")] {
      var data = try folder.data("in.mp4")
      let place = try #require(data.range(of: Data("avc1".utf8), options: .backwards))
      data.replaceSubrange(place, with: Data(letters.utf8))
      try data.write(to: URL(fileURLWithPath: folder.path("x.mp4")))
      let error = #expect(throws: MediaError.self) { try VideoReader(path: folder.path("x.mp4")) }
      let text = error?.description ?? ""
      #expect(text.contains("no decoder for") && text.contains(name) && text.contains("convert"), "\(text)")
    }
  }
}
