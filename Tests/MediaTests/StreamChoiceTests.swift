import Foundation
import Media
import Testing

/// Which of several videos is read.
@Suite struct StreamChoiceTests {
  /// A picture larger than the film and before it, then the film and its sound.
  private static func coverFirst(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try ffmpeg("-f lavfi -i testsrc2=s=128x96 -frames:v 1 \(folder.path("cover.jpg"))")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.3 -f lavfi -i sine=d=0.3 -c:v libx264 -c:a aac \(folder.path("film.mp4"))"
    )
    let path = folder.path(name)
    try ffmpeg("-i \(folder.path("cover.jpg")) -i \(folder.path("film.mp4")) -map 0:v -map 1 -c copy \(path)")
    return path
  }

  @Test(arguments: ["in.mkv", "in.mp4", "in.mov"]) func theFilmIsReadAndTheStillCopied(_ name: String) throws
  {
    let folder = try TemporaryFolder()
    let source = try Self.coverFirst(folder, name)
    let reader = try VideoReader(path: source)
    #expect(reader.info.streamIndex == 1 && reader.format.width == 64)
    #expect(try allFrames(source).count == (try allFrames(folder.path("film.mp4")).count))
    #expect(reader.choiceWarning?.contains("stream 1 is restored; --stream") == true)
    #expect(try PacketScan.countFrames(source) == 8)
    let report = try FileProbe.report(source)
    #expect(report.video?.stream == 1 && report.streams[0].width == 128)
    let output = folder.path("out-" + name)
    try transcode(source, output)
    #expect(try StreamCopyTests.checksum(source, "0:0") == StreamCopyTests.checksum(output, "0:0"))
    #expect(
      try probe(output, "-select_streams 1 -count_packets -show_entries stream=nb_read_packets") == ["8"])
  }

  @Test func aNumberChooses() throws {
    let folder = try TemporaryFolder()
    let source = try Self.coverFirst(folder, "in.mkv")
    let reader = try VideoReader(path: source, stream: 0)
    #expect(reader.format.width == 128 && reader.choiceWarning == nil)
    #expect(try PacketScan.countFrames(source, stream: 0) == 1)
    #expect(try FileProbe.report(source, stream: 0).video?.frames == 1)
    #expect(try reader.counterpart(in: folder.path("in.mkv")) == 0)
    for (stream, words) in [(2, "is audio and no video"), (9, "no stream 9")] {
      let error = #expect(throws: MediaError.self) { try VideoReader(path: source, stream: stream) }
      #expect(error?.description.contains(words) == true && error?.description.contains("0, 1") == true)
    }
  }

  @Test func coverArtAloneIsNoFilmUnlessItIsNamed() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=128x96 -frames:v 1 \(folder.path("cover.jpg"))")
    try ffmpeg(
      "-f lavfi -i sine=d=0.3 -i \(folder.path("cover.jpg")) -map 0 -map 1 -c:a aac -c:v copy "
        + "-disposition:v attached_pic \(folder.path("song.m4a"))")
    let error = #expect(throws: MediaError.self) { try VideoReader(path: folder.path("song.m4a")) }
    #expect(error?.kind == .notAVideo && error?.description.contains("--stream 1") == true)
    #expect(try VideoReader(path: folder.path("song.m4a"), stream: 1).format.width == 128)
  }

  @Test func ofTwoFilmsFFmpegsChoiceStays() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("two.mkv")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.3 -f lavfi -i testsrc2=s=96x64:r=25:d=0.3 -map 0 -map 1 -c:v libx264 "
        + "-disposition:v:0 default -disposition:v:1 0 \(source)")
    #expect(try VideoReader(path: source).info.streamIndex == 0)
    #expect(try VideoReader(path: source, stream: 1).format.width == 96)
  }
}
