import Foundation
import TestSupport
import Testing

/// `-` for standard input and output.
@Suite struct PipeTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let mask = "--mask-rect 8,8,6,6 --preset fast --iterations 1"

  /// Runs a line of a shell with the tool as `$TOOL`.
  private func shell(_ line: String) throws -> Command.Result {
    try Command.run(
      "bash",
      ["-c", "set -o pipefail; TOOL=\"$0\"; FF='ffmpeg -v error -nostdin -y'; " + line, BuiltTool.path],
      in: folder.path)
  }

  @Test func nutKeepsSamplesSoundAndTimes() throws {
    try folder.makeClip(sound: true)
    let result = try shell(
      "cat in.mkv | $TOOL - \(Self.mask) --lossless -o - | ffmpeg -v error -y -i - -c copy out.nut")
    #expect(result.status == 0, "\(result.errors)")
    // Summary and progress are beside the video.
    #expect(result.output.isEmpty && result.errors.contains("missing"), "\(result.errors)")
    let (before, after) = (try folder.frames(of: "in.mkv"), try folder.frames(of: "out.nut"))
    #expect(before.count == 10 && after.count == 10)
    for (a, b) in zip(before, after) {
      for y in 0..<48 {
        for x in 0..<64 where !((8..<14).contains(x) && (8..<14).contains(y)) {
          if a[y * 64 + x] != b[y * 64 + x] { Issue.record("known sample \(x), \(y) changed") }
        }
      }
    }
    let sound = try ["in.mkv", "out.nut"].map {
      String(decoding: try folder.ffmpeg("-i", $0, "-map", "0:a", "-f", "md5", "-"), as: UTF8.self)
    }
    #expect(sound[0] == sound[1])
  }

  /// The header of a file, a digest of each of its frames without the rows of the hole, and its size.
  private func y4m(_ file: String) throws -> (header: String, known: String, bytes: Int) {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(file)))
    let known = try folder.ffmpeg(
      "-i", file, "-vf", "split[a][b];[a]crop=64:8:0:0[a];[b]crop=64:32:0:16[b];[a][b]vstack", "-f",
      "framemd5", "-")
    return (
      String(decoding: data.prefix { $0 != 0x0A }, as: UTF8.self), String(decoding: known, as: UTF8.self),
      data.count
    )
  }

  @Test(arguments: [
    "gray", "gray16le", "yuv411p", "yuv420p", "yuv422p", "yuv420p9le", "yuv422p10le", "yuv444p12le",
    "yuv444p16le",
  ])
  func y4mGoesThrough(pixelFormat: String) throws {
    try folder.makeClip(frames: 4)
    let result = try shell(
      "$FF -i in.mkv -pix_fmt \(pixelFormat) -strict -1 -f yuv4mpegpipe - | tee in.y4m "
        + "| $TOOL - \(Self.mask) --y4m --progress json -o - | tee out.y4m | $FF -i - -f null -")
    #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
    #expect(result.errors.contains("\"event\":\"done\""), "what is said is beside the frames")
    let files = try ["in.y4m", "out.y4m"].map(y4m)
    #expect(files[0].header == files[1].header && files[0].header.hasPrefix("YUV4MPEG2 W64 H48 F25:1"))
    #expect(files[0].bytes == files[1].bytes && files[0].known == files[1].known)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("in.y4m")))
        != Data(contentsOf: URL(fileURLWithPath: folder.file("out.y4m"))), "the hole was filled")
  }

  /// Field order, shape of samples, range and place of chroma.
  @Test func y4mKeepsWhatItsHeaderSays() throws {
    try folder.makeClip(frames: 4)
    let header = "YUV4MPEG2 W64 H48 F30000:1001 It A8:9 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=FULL"
    let result = try shell(
      "$FF -i in.mkv -f yuv4mpegpipe - | sed '1s/.*/\(header)/' | $TOOL - \(Self.mask) --y4m --progress none -o - > out.y4m"
    )
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(try y4m("out.y4m").header == header)
  }

  /// Matroska's unit of time is a millisecond, and no rate.
  @Test func y4mHasTheRateOfAFile() throws {
    try folder.makeClip(frames: 6, sound: true)
    let result = try shell("$TOOL in.mkv \(Self.mask) --y4m --lossless --progress none -o - > out.y4m")
    #expect(
      result.status == 0 && result.errors.contains("stream 1 (audio, flac) was left out"), "\(result.errors)")
    #expect(try y4m("out.y4m").header.hasPrefix("YUV4MPEG2 W64 H48 F25:1 "))
    try folder.ffmpeg(
      "-i", "in.mkv", "-vf", "select='not(eq(n,2))'", "-fps_mode", "passthrough", "-c:v", "ffv1", "gap.mkv")
    for (file, isWarned) in [("in.mkv", false), ("gap.mkv", true)] {
      let piped = try shell(
        "cat \(file) | $TOOL - \(Self.mask) --y4m --no-audio --progress none -o - > out.y4m")
      #expect(
        piped.status == 0 && piped.errors.contains("frame 2 is the first") == isWarned, "\(piped.errors)")
      #expect(piped.errors.isEmpty != isWarned, "\(piped.errors)")
    }
    let gap = try shell("$TOOL gap.mkv \(Self.mask) --y4m -o - > none.y4m")
    #expect(
      gap.status != 0 && gap.errors.contains("frame 2") && gap.errors.contains("--container nut"),
      "\(gap.errors)")
  }

  @Test func aMaskForProgramsThatReadY4M() throws {
    try folder.makeDamagedClip()
    let result = try shell("$TOOL detect in.mkv --kinds scratches -o mask.y4m --progress none")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try y4m("mask.y4m").header.hasPrefix("YUV4MPEG2 W128 H96 F25:1 Ip A1:1 Cmono"))
    let masks = try folder.rawFrames(of: "mask.y4m", pixelFormat: "gray", bytesPerFrame: 128 * 96)
    #expect(masks.count == 14 && masks.allSatisfy { $0[48 * 128 + 60] == 255 && $0[48 * 128 + 20] == 0 })
  }

  @Test func y4mSaysWhatItDoesNotHold() throws {
    try folder.makeClip(frames: 2, pixelFormat: "gbrp")
    for (line, words) in [
      ("$TOOL in.mkv \(Self.mask) --y4m -o -", "--pixel-format, such as yuv444p"),
      ("$TOOL in.mkv \(Self.mask) --y4m", "-o -"),
      ("$TOOL in.mkv \(Self.mask) --y4m --container nut -o -", "leave one of them out"),
    ] {
      let result = try shell(line)
      #expect(
        result.status != 0 && result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
    }
  }

  @Test func progressForProgramsIsBesideTheVideo() throws {
    try folder.makeClip()
    let result = try shell("$TOOL in.mkv \(Self.mask) --progress json -o - > out.nut")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("\"event\":\"done\""))
    #expect(try folder.frames(of: "out.nut").count == 10)
  }

  @Test func aReaderThatEndsIsAnErrorOfTheOutput() throws {
    try folder.makeClip(frames: 20, size: "320x180")
    let result = try shell(
      "{ $TOOL in.mkv \(Self.mask) --lossless --progress none -o -; echo $? > status; } | head -c 100 > part; cat status"
    )
    #expect(result.output == "4\n")
    #expect(result.errors.contains("standard output") && result.errors.contains("pipe"), "\(result.errors)")
  }

  @Test func aMaskMayComeByThePipe() throws {
    try folder.makeClip()
    var mask = [UInt8](repeating: 0, count: 64 * 48)
    mask[10 * 64 + 10] = 255
    try folder.writePGM(mask, width: 64, height: 48, to: "m.pgm")
    try folder.ffmpeg("-i", folder.file("m.pgm"), folder.file("m.png"))
    let result = try shell("cat m.png | $TOOL in.mkv --mask - --preset fast --progress none -o out.mkv")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.frames(of: "out.mkv").count == 10)
    let both = try shell("cat in.mkv | $TOOL - --mask - -o both.mkv")
    #expect(both.status == 2 && both.errors.contains("only once"), "\(both.errors)")
  }

  @Test func whatReadsTwiceSaysSo() throws {
    try folder.makeClip()
    for (line, status, words) in [
      ("cat in.mkv | $TOOL probe -", 2, "more than once"),
      ("cat in.mkv | $TOOL - \(Self.mask) -o out.mkv --report page", 2, "reads the input again"),
      ("$TOOL in.mkv \(Self.mask) -o - --report page", 2, "reads the output again"),
      ("cat in.mkv | $TOOL - \(Self.mask) -o out.mkv --resume", 2, "--resume reads the input again"),
      ("$TOOL in.mkv \(Self.mask) -o - --resume", 2, "standard output"),
      ("cat in.mkv | $TOOL - \(Self.mask)", 2, "name the output"),
      ("$TOOL in.mkv \(Self.mask) --container mp4 -o -", 4, "--container nut"),
      ("$TOOL in.mkv \(Self.mask) --container none-such -o -", 2, "no container called"),
      ("$TOOL - \(Self.mask) -o out.mkv < /dev/null", 3, "standard input"),
    ] as [(String, Int32, String)] {
      let result = try shell(line)
      #expect(result.status == status && result.errors.contains(words), "\(line): \(result.errors)")
    }
    #expect(!folder.contents.contains { $0 == "out.mkv" || $0.hasSuffix(".resume") })
  }

  /// A file that a shell puts in the place of standard input can be read twice.
  @Test func aFileAsStandardInput() throws {
    try folder.makeClip(sound: true)
    let result = try shell("$TOOL - \(Self.mask) --progress none -o out.mkv < in.mkv")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(try folder.frames(of: "out.mkv").count == 10)
  }
}
