import Foundation
import Frames
import Media
import Testing

/// Everything beside the video arrives as it was.
@Suite struct StreamCopyTests {
  /// A clip with two audio streams, subtitles, chapters, tags and an attachment.
  static func rich(_ folder: TemporaryFolder) throws -> String {
    let subtitles = """
      1
      00:00:00,500 --> 00:00:01,000
      First words

      2
      00:00:01,500 --> 00:00:02,000
      Last words

      """
    try subtitles.write(toFile: folder.path("s.srt"), atomically: true, encoding: .utf8)
    let chapters = """
      ;FFMETADATA1
      title=Film
      [CHAPTER]
      TIMEBASE=1/1000
      START=0
      END=1000
      title=One
      [CHAPTER]
      TIMEBASE=1/1000
      START=1000
      END=3000
      title=Two

      """
    try chapters.write(toFile: folder.path("c.txt"), atomically: true, encoding: .utf8)
    try "not really a font".write(toFile: folder.path("a.ttf"), atomically: true, encoding: .utf8)
    let path = folder.path("rich.mkv")
    try ffmpeg(
      "-f lavfi -i sine=440:d=3 -f lavfi -i testsrc2=s=64x48:r=25:d=3 -f lavfi -i sine=880:d=2 "
        + "-i \(folder.path("s.srt")) -i \(folder.path("c.txt")) -map 0 -map 1 -map 2 -map 3 -map_metadata 4 "
        + "-map_chapters 4 -c:a:0 aac -c:a:1 libmp3lame -c:s srt -c:v libx264 -bf 2 -metadata:s:a:0 language=eng "
        + "-metadata:s:a:1 language=fra -disposition:a:1 comment -attach \(folder.path("a.ttf")) "
        + "-metadata:s:t mimetype=application/x-truetype-font \(path)")
    return path
  }

  static func checksum(_ path: String, _ map: String) throws -> String {
    String(decoding: try ffmpeg("-i \(path) -map \(map) -c copy -f md5 -"), as: UTF8.self)
  }

  @Test func matroskaKeepsEverything() throws {
    let folder = try TemporaryFolder()
    let source = try Self.rich(folder)
    let output = folder.path("out.mkv")
    let (writer, reader) = try transcode(source, output)
    #expect(writer.warnings.isEmpty)
    #expect(reader.info.otherStreams == ["audio": 2, "subtitle": 1, "attachment": 1])
    for map in ["0:a:0", "0:a:1", "0:s:0"] {
      #expect(try Self.checksum(source, map) == Self.checksum(output, map))
    }
    for entries in [
      "-select_streams a -show_entries packet=stream_index,pts_time,duration_time,size,flags",
      "-select_streams s -show_entries packet=stream_index,pts_time,duration_time,size",
      "-show_chapters -show_entries chapter=start_time,end_time:chapter_tags=title",
      "-show_entries stream=index,codec_type:stream_tags=language,filename,mimetype",
      "-show_entries stream_disposition=comment,default", "-show_entries format_tags=title",
    ] {
      #expect(try probe(source, entries) == probe(output, entries))
    }
  }

  @Test func mp4KeepsWhatItHolds() throws {
    let folder = try TemporaryFolder()
    let source = try Self.rich(folder)
    let output = folder.path("out.mp4")
    let (writer, _) = try transcode(source, output)
    // Subtitles as SubRip and fonts are not for MP4.
    #expect(writer.warnings.count == 2)
    #expect(writer.warnings.contains { $0.contains("stream 3 (subtitle") })
    #expect(writer.warnings.contains { $0.contains("attachment") })
    for map in ["0:a:0", "0:a:1"] { #expect(try Self.checksum(source, map) == Self.checksum(output, map)) }
    let entries = "-show_entries chapter=start_time:chapter_tags=title"
    #expect(try probe(source, entries) == probe(output, entries))
    let data = try folder.data("out.mp4")
    let index = try #require(data.range(of: Data("moov".utf8)))
    let samples = try #require(data.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < samples.lowerBound)
  }

  @Test(arguments: ["mp4", "mkv"]) func startOffsetsStay(_ ext: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.\(ext)")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -itsoffset 0.7 -f lavfi -i sine=440:d=1 -c:v libx264 -c:a aac \(source)"
    )
    let output = folder.path("out.\(ext)")
    try transcode(source, output)
    let entries = "-select_streams a -show_entries packet=pts_time"
    #expect(try probe(source, entries) == probe(output, entries))
    #expect(try TimingTests.pts(source) == TimingTests.pts(output))
  }

  @Test func fromTransportStreamToMP4() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.ts")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=440:d=2 -c:v libx264 -c:a aac \(source)")
    let output = folder.path("out.mp4")
    let (writer, reader) = try transcode(source, output)
    #expect(writer.warnings.isEmpty)
    #expect(reader.damage == nil)
    let entries = "-select_streams a -show_entries packet=pts_time"
    let before = try probe(source, entries)
    let after = try probe(output, entries)
    #expect(before.count == after.count)
    // The audio stands where it stood against the video.
    let shift = (Double(try TimingTests.pts(source)[0])) - (try TimingTests.pts(output)[0])
    let first = (Double(before[0]) ?? 0) - (Double(after[0]) ?? 0)
    #expect(abs(first - shift) < 0.002)
    #expect(try probe(output, "-show_entries stream=nb_frames").contains("50"))
  }

  @Test func whatIsNotWantedIsLeftOut() throws {
    let folder = try TemporaryFolder()
    let source = try Self.rich(folder)
    let kinds: [(WritableKeyPath<StreamChoice, Bool>, [String: Int])] = [
      (\.audio, ["subtitle": 1, "attachment": 1]), (\.subtitles, ["audio": 2, "attachment": 1]),
      (\.data, ["audio": 2, "subtitle": 1]), (\.chapters, ["audio": 2, "subtitle": 1, "attachment": 1]),
      (\.metadata, ["audio": 2, "subtitle": 1, "attachment": 1]),
    ]
    let chapters = "-show_chapters -show_entries chapter=start_time"
    let tags = "-show_entries format_tags=title:stream_tags=language"
    for (number, (kind, others)) in kinds.enumerated() {
      var settings = EncodeSettings()
      settings.streams[keyPath: kind] = false
      let output = folder.path("out\(number).mkv")
      let (writer, _) = try transcode(source, output, settings)
      #expect(writer.warnings.isEmpty)
      let written = try VideoReader(path: output)
      #expect(written.info.otherStreams == others)
      #expect(try probe(output, chapters).isEmpty == (kind == \.chapters))
      #expect(try probe(output, tags).contains("eng") == ![\.metadata, \.audio].contains(kind))
      #expect(try probe(output, tags).contains("Film") == (kind != \.metadata))
    }
  }
}
