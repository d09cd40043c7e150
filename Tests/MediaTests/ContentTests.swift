import Foundation
import Testing

@testable import Media

/// What files hold beside samples and packets: it is kept, or a warning names it, and probe says so before.
@Suite struct ContentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The warnings about a file that goes through reader and writer, which are those that probe announces.
  private func warnings(
    _ input: String, _ output: String, _ settings: EncodeSettings = EncodeSettings()
  ) throws -> [String] {
    let (input, output) = (folder.path(input), folder.path(output))
    let plan = try OutputPlan(input: input, output: output, settings: settings)
    let found = try transcode(input, output, settings, overwrite: true).writer.warnings
    // Places are counted there and timed here.
    let announced = plan.warnings.map { $0.split(separator: " (first ")[0] }
    let left = found.filter { !$0.contains("was left out") }.map { $0.split(separator: " (first ")[0] }
    #expect(announced.sorted() == left.sorted())
    return found
  }

  private func sideData(_ name: String) throws -> [String] {
    try probe(folder.path(name), "-select_streams v:0 -show_entries stream_side_data")
  }

  private func messages(_ name: String, _ content: PictureContent) throws -> [[UInt8]] {
    try allFrames(folder.path(name)).flatMap { frame in
      (frame.attachment as? DecodedPicture)?.properties?.messages.filter { $0.content == content }.map(
        \.bytes) ?? []
    }
  }

  // MARK: Ordinary files

  /// What programs write of themselves is no loss.
  @Test(arguments: ["mp4", "mkv", "avi", "mov"])
  func ordinaryFilesNeedNoWord(output: String) throws {
    let film = "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=3 -f lavfi -i sine=d=0.12"
    try ffmpeg("\(film) -c:v mpeg4 -c:a mp3 \(folder.path("in.avi"))")
    #expect(try warnings("in.avi", "out.\(output)") == [])
    try ffmpeg("-f lavfi -i color=gray:s=96x64 -frames:v 1 \(folder.path("in.jpg"))")
    #expect(try warnings("in.jpg", "still.\(output)") == [])
  }

  /// A QuickTime file keeps the names of its chapters in a stream, which others have no use for.
  @Test func namesOfChaptersAreChapters() throws {
    try Data(
      ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=120\ntitle=One\n".utf8
    ).write(to: URL(fileURLWithPath: folder.path("chapters.txt")))
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=3 -i \(folder.path("chapters.txt")) -map_chapters 1 "
        + "-c:v libx264 \(folder.path("in.mp4"))")
    #expect(try probe(folder.path("in.mp4"), "-show_entries stream=codec_name").count == 2)
    #expect(try warnings("in.mp4", "out.mkv") == [])
    #expect(try probe(folder.path("out.mkv"), "-show_entries chapter_tags=title") == ["One"])
  }

  @Test func startsAreKeptAsContainersSayThem() throws {
    try ffmpeg(
      "-f lavfi -i color=gray:s=720x576:r=25,format=yuv420p,trim=end_frame=2 -f lavfi -i anullsrc=r=48000:cl=stereo "
        + "-t 0.08 -c:v dvvideo -timecode 01:02:03:04 \(folder.path("in.dv"))")
    #expect(try warnings("in.dv", "out.mov") == [])
    let tags = try probe(folder.path("out.mov"), "-select_streams v:0 -show_entries stream_tags=timecode")
    #expect(tags.contains { $0.hasPrefix("01:02:03") })
  }

  /// Raw samples that a container has no name for are read as something else.
  @Test(arguments: [("yuv420p", "mov"), ("yuv422p", "mov"), ("yuv444p", "avi"), ("yuv444p", "mov")])
  func rawSamplesAreReadAsWhatTheyAre(format: String, output: String) throws {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=2 -pix_fmt \(format) \(folder.path("in.y4m"))")
    #expect(try warnings("in.y4m", "out.\(output)") == [])
    let (before, after) = (try allFrames(folder.path("in.y4m")), try allFrames(folder.path("out.\(output)")))
    #expect(before.count == 2 && after.count == 2)
    for (a, b) in zip(before, after) {
      #expect(a.planes.map(\.count) == b.planes.map(\.count))
      let errors = zip(a.planes.joined(), b.planes.joined()).map { abs(Int($0) - Int($1)) }
      #expect(errors.reduce(0, +) < 4 * errors.count)
    }
  }

  @Test func whatPlayersDoIsSaidAsItIs() {
    #expect(Losses.turn(90, isMirrored: false) == "turn the picture by 90 degrees")
    #expect(Losses.turn(0, isMirrored: true) == "mirror the picture")
    #expect(Losses.turn(90, isMirrored: true) == "mirror the picture and turn it by 90 degrees")
  }

  // MARK: The stream

  @Test(arguments: [("mp4", "mp4"), ("mp4", "mov"), ("mov", "mov"), ("mov", "mp4"), ("mp4", "mkv")])
  func viewsOnASphereAreKept(input: String, output: String) throws {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=4 -f lavfi -i sine=d=0.1 -c:v libx264 -c:a aac "
        + folder.path("flat.\(input)"))
    try folder.write(
      Contents.insert(
        Contents.views, into: folder.bytes("flat.\(input)"), at: Contents.sampleEntry + ["avc1"]),
      "in.\(input)")
    let before = try sideData("in.\(input)")
    #expect(before.contains { $0.contains("Spherical") } && before.contains { $0.contains("top and bottom") })
    #expect(try warnings("in.\(input)", "out.\(output)") == [])
    #expect(try sideData("out.\(output)") == before)
    #expect(try allFrames(folder.path("out.\(output)")).count == 4)
    #expect(
      try probe(
        folder.path("out.\(output)"),
        "-count_packets -select_streams a -show_entries stream=codec_name,nb_read_packets"
      ).count == 1)
  }

  @Test func viewsThatAContainerCannotSayAreNamed() throws {
    try ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=4 -c:v libx264 \(folder.path("flat.mp4"))")
    try folder.write(
      Contents.insert(Contents.views, into: folder.bytes("flat.mp4"), at: Contents.sampleEntry + ["avc1"]),
      "in.mp4")
    let found = try warnings("in.mp4", "out.avi")
    #expect(found.contains { $0.contains("spherical mapping") })
  }

  @Test(arguments: ["mp4", "mkv"])
  func dolbyVisionIsKept(container: String) throws {
    try folder.makeMessages("flat.mp4", codec: "hevc", message: { _ in nil }) {
      [25, 8, 9, 0, 0, 1, UInt8($0), 7]
    }
    try folder.write(
      Contents.insert(
        Contents.dolbyVision(profile: 8, hasSecondLayer: false), into: folder.bytes("flat.mp4"),
        at: Contents.sampleEntry + ["hev1"]), "in.mp4")
    #expect(try sideData("in.mp4").contains { $0.contains("DOVI") })
    let found = try warnings("in.mp4", "out.\(container)")
    #expect(found == [])
    #expect(try sideData("out.\(container)").contains { $0.contains("DOVI") && $0.contains("8") })
    let before = try messages("in.mp4", .dolbyVision)
    #expect(before.count == 8 && Set(before).count == 8)
    #expect(try messages("out.\(container)", .dolbyVision) == before)
  }

  @Test func dolbyVisionOfTwoLayersIsNamed() throws {
    try folder.makeMessages("flat.mp4", codec: "hevc", message: { _ in nil }) { [25, 8, 9, UInt8($0)] }
    try folder.write(
      Contents.insert(
        Contents.dolbyVision(profile: 7, hasSecondLayer: true), into: folder.bytes("flat.mp4"),
        at: Contents.sampleEntry + ["hev1"]), "in.mp4")
    let found = try warnings("in.mp4", "out.mp4")
    #expect(found.contains { $0.contains("(dvcC)") } && found.contains { $0.contains("(RPU)") })
    #expect(try messages("out.mp4", .dolbyVision) == [])
  }

  // MARK: Pictures

  @Test(arguments: [("h264", "libx265"), ("hevc", "libx265"), ("hevc", "libx264"), ("h264", "mpeg2video")])
  func captionsAreKeptWithTheirPictures(codec: String, encoder: String) throws {
    try folder.makeMessages("in.mp4", codec: codec) { Contents.captions(UInt8(0x41 + $0)) }
    #expect(try warnings("in.mp4", "out.ts", EncodeSettings(codec: encoder)) == [])
    let found = try allFrames(folder.path("out.ts")).map { frame in
      (frame.attachment as? DecodedPicture)?.properties?.captions ?? []
    }
    #expect(found == (0..<8).map { [0xfc, UInt8(0x41 + $0), 0x80] })
  }

  @Test func captionsThatBeginLaterAreNamed() throws {
    try folder.makeMessages("in.mp4", codec: "h264") { $0 < 3 ? nil : Contents.captions(0x41) }
    let found = try warnings("in.mp4", "out.mkv", lossless)
    #expect(found.count == 1)
    #expect(
      found.first?.contains("closed captions") == true && found.first?.contains("first in frame 3") == true)
  }

  @Test(arguments: ["libx265", "libx264"])
  func dynamicLightIsKeptWithItsPictures(encoder: String) throws {
    try folder.makeMessages("in.mp4", codec: "hevc") { Contents.dynamicLight(UInt8($0)) }
    #expect(try warnings("in.mp4", "out.mp4", EncodeSettings(codec: encoder)) == [])
    #expect(try messages("out.mp4", .hdr10Plus) == (0..<8).map { Contents.dynamicLight(UInt8($0)) })
    #expect(try warnings("in.mp4", "out.mkv", lossless).contains { $0.contains("HDR10+") })
  }

  @Test func messagesNobodyKnowsAreNamed() throws {
    let message: [UInt8] = [0xb5, 0x12, 0x34, 1, 2, 3]
    try folder.makeMessages("in.mp4", codec: "h264") { _ in message }
    #expect(try warnings("in.mp4", "out.mp4") == [])
    #expect(try messages("out.mp4", .registered("b512340102")).count == 8)
    let found = try warnings("in.mp4", "out.mkv", lossless)
    #expect(found.contains { $0.contains("b512340102") })
  }

  @Test func samplesThatChangeTheirShapeAreNamed() throws {
    for (name, shape) in [("a", "4/3"), ("b", "16/9")] {
      try ffmpeg(
        "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=5,setdar=\(shape) -c:v mpeg2video -bf 0 "
          + folder.path("\(name).m2v"))
    }
    try folder.write(try folder.bytes("a.m2v") + folder.bytes("b.m2v"), "in.m2v")
    let found = try warnings("in.m2v", "out.mkv", EncodeSettings(codec: "libx264"))
    #expect(found.contains { $0.contains("samples become 32:27") }, "\(found)")
  }

  // MARK: The file

  @Test func programsAndServicesAreKeptInTransportStreams() throws {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=6 -f lavfi -i testsrc2=s=64x48:r=25,trim=end_frame=6 "
        + "-map 0 -map 1 -c:v libx264 -program program_num=7:title=One:st=0 -program program_num=9:title=Two:st=1 "
        + folder.path("two.ts"))
    #expect(try warnings("two.ts", "out.ts") == [])
    let programs = try probe(folder.path("out.ts"), "-show_entries program=program_num")
    #expect(programs.filter { $0.hasPrefix("7") || $0.hasPrefix("9") }.count == 2, "\(programs)")
    #expect(try warnings("two.ts", "out.mp4").contains { $0.contains("2 programs") })

    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=6 -c:v libx264 -metadata service_name=Harbour "
        + "-metadata service_provider=Town \(folder.path("one.ts"))")
    #expect(try warnings("one.ts", "again.ts") == [])
    #expect(
      try probe(folder.path("again.ts"), "-show_entries program_tags=service_name,service_provider")
        .contains { $0.contains("Harbour") && $0.contains("Town") })
    #expect(try warnings("one.ts", "one.mkv") == [])
    #expect(try warnings("one.ts", "one.avi").contains { $0.contains("Harbour") })
  }

  @Test func tagsOfAnyNameAreKeptOrNamed() throws {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=4 -c:v libx264 -metadata title=Film "
        + "-metadata vessel=Ferry \(folder.path("in.mkv"))")
    #expect(try warnings("in.mkv", "out.mp4") == [])
    #expect(
      try probe(folder.path("out.mp4"), "-show_entries format_tags=vessel,title,VESSEL,TITLE").joined()
        .contains("Ferry"))
    let found = try warnings("in.mkv", "out.avi")
    #expect(found.contains { $0.contains("vessel") && !$0.contains("title") })
  }

  @Test func marksOfStreamsAreKeptOrNamed() throws {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=6 -f lavfi -i sine=d=0.2 -c:v libx264 -c:a aac "
        + "-disposition:a:0 visual_impaired -metadata:s:a:0 language=fra \(folder.path("in.mkv"))")
    #expect(try warnings("in.mkv", "out.mkv") == [])
    let found = try warnings("in.mkv", "out.flv")
    #expect(found.contains { $0.contains("visual_impaired") } && found.contains { $0.contains("language") })
  }

  @Test func whatCamerasLeaveForTheirMakersIsKeptOrNamed() throws {
    try ffmpeg("-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=4 -c:v libx264 \(folder.path("flat.mp4"))")
    let lens = Contents.box("LENS", Array("LAJ8052832300555".utf8))
    try folder.write(
      Contents.insert(
        lens + Contents.box("FIRM", Array("HD8.01".utf8)), into: folder.bytes("flat.mp4"),
        at: ["moov", "udta"]),
      "in.mp4")
    #expect(try warnings("in.mp4", "out.mp4") == [])
    let kept = try folder.bytes("out.mp4")
    #expect(kept.indices.contains { kept[$0...].starts(with: lens) })
    #expect(try probe(folder.path("out.mp4"), "-show_entries format_tags=firmware") == ["HD8.01"])
    #expect(try allFrames(folder.path("out.mp4")).count == 4)
    let found = try warnings("in.mp4", "out.mkv")
    #expect(found.contains { $0.contains("moov/udta/LENS") })
    // Nothing is kept that nobody wants.
    var settings = EncodeSettings()
    settings.streams.metadata = false
    #expect(try warnings("in.mp4", "bare.mp4", settings) == [])
  }
}
