import Foundation
import Frames
import Media
import Testing

/// Files whose clock restarts, leaps or wraps come out on one that runs on, all streams alike.
@Suite struct ClockTests {
  /// Presentation times of a kind of stream's packets, in order.
  static func times(_ path: String, _ kind: String) throws -> [Double] {
    try probe(path, "-select_streams \(kind):0 -show_entries packet=pts_time").compactMap {
      Double($0.split(separator: ",").first ?? "")
    }.sorted()
  }

  /// A transport stream of two seconds with sound.
  static func base(_ folder: TemporaryFolder, _ options: String = "") throws -> String {
    let path = folder.path("base.ts")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=30:d=2 -f lavfi -i sine=440:d=2 -c:v libx264 -preset veryfast -c:a aac "
        + "\(options) \(path)")
    return path
  }

  /// Counts packets anew, as a multiplexer does that knows nothing of a joint.
  static func countedAnew(_ stream: [UInt8]) -> [UInt8] {
    var bytes = stream
    var counters: [Int: UInt8] = [:]
    for at in stride(from: 0, to: bytes.count - 187, by: 188) {
      let program = Int(bytes[at + 1] & 31) << 8 | Int(bytes[at + 2])
      if bytes[at + 3] & 0x10 != 0 { counters[program] = ((counters[program] ?? 15) + 1) & 15 }
      bytes[at + 3] = bytes[at + 3] & 0xf0 | (counters[program] ?? 0)
    }
    return bytes
  }

  /// What FFmpeg makes of the file is what comes out, in times from the beginning on.
  static func expectAsFFmpeg(
    _ source: String, _ output: String, frames: Int, sounds: Int, tolerance: Double = 0.0011
  ) throws {
    let reference = output + ".reference." + (output.split(separator: ".").last ?? "")
    try ffmpeg("-i \(source) -c copy -fflags +bitexact \(reference)")
    for (kind, count) in [("v", frames), ("a", sounds)] {
      let (wanted, got) = (try times(reference, kind), try times(output, kind))
      #expect(got.count == count && wanted.count == count, "\(output): \(got.count) of \(kind)")
      let difference = zip(wanted, got).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < tolerance, "\(output), \(kind): \(difference) s")
    }
  }

  @Test(arguments: ["mp4", "mkv", "mov"], [false, true])
  func partsOneBehindTheOther(_ ext: String, _ isCountedAnew: Bool) throws {
    let folder = try TemporaryFolder()
    let one = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.base(folder))))
    let two = isCountedAnew ? Self.countedAnew(one + one) : one + one
    let source = folder.path("two.ts")
    try Data(two).write(to: URL(fileURLWithPath: source))
    let output = folder.path("out.\(ext)")
    let (_, reader) = try transcode(source, output)
    #expect(reader.damage == nil, "\(reader.damage?.sentence ?? "")")
    try Self.expectAsFFmpeg(source, output, frames: 120, sounds: 176)
    let last = (try Self.times(output, "v").last ?? 0, try Self.times(output, "a").last ?? 0)
    #expect(abs(last.0 - 3.99) < 0.01 && abs(last.1 - 4.02) < 0.01)
    // Frames and their times are the same whenever the file is read.
    #expect(try allFrames(source).compactMap(\.pts) == allFrames(source, threads: 3).compactMap(\.pts))
    #expect(try FileProbe.report(source).video?.timing.isRegular == true)
  }

  /// The clock leaps forth by hours, or back by a second, in the middle of a recording.
  @Test(arguments: ["36000", "-1"]) func leaps(_ offset: String) throws {
    let folder = try TemporaryFolder()
    let first = try Data(contentsOf: URL(fileURLWithPath: Self.base(folder)))
    try ffmpeg(
      "-i \(folder.path("base.ts")) -c copy -copyts -output_ts_offset \(offset == "-1" ? "1" : offset) -muxdelay 0 "
        + folder.path("later.ts"))
    let second = try Data(contentsOf: URL(fileURLWithPath: folder.path("later.ts")))
    let source = folder.path("leap.ts")
    try Data(Self.countedAnew([UInt8](first) + [UInt8](second))).write(to: URL(fileURLWithPath: source))
    for name in ["out.mp4", "out.mkv"] {
      let (_, reader) = try transcode(source, folder.path(name))
      #expect(reader.damage == nil)
      let pictures = try Self.times(folder.path(name), "v")
      #expect(pictures.count == 120 && (pictures.last ?? 9) < 4.03)
      let steps = zip(pictures, pictures.dropFirst()).map { $1 - $0 }
      #expect(steps.allSatisfy { $0 > 0.03 && $0 < 0.06 })
      let sounds = try Self.times(folder.path(name), "a")
      #expect(sounds.count == 176 && abs((sounds.last ?? 0) - (pictures.last ?? 0)) < 0.06)
    }
  }

  /// Three parts, and a stream that has a packet now and then.
  @Test func severalPartsWithData() throws {
    let folder = try TemporaryFolder()
    // Bitmap subtitles, which a transport stream holds as data.
    let sets = [UInt32(32_400), 90_000].flatMap { (time: UInt32) -> [UInt8] in
      let head =
        Array("PG".utf8) + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: time >> $0) } + [0, 0, 0, 0]
      return head + [0x16, 0, 11, 0, 64, 0, 48, 0x10, 0, 1, 0x80, 0, 0, 0] + head + [0x80, 0, 0]
    }
    try Data(sets).write(to: folder.url.appendingPathComponent("p.sup"))
    let source = folder.path("in.ts")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=30:d=2 -f lavfi -i sine=440:d=2 -i \(folder.path("p.sup")) -map 0 -map 1 "
        + "-map 2 -c:v libx264 -preset veryfast -c:a aac -c:s copy \(source)")
    let one = [UInt8](try folder.data("in.ts"))
    let three = folder.path("three.ts")
    try Data(Self.countedAnew(one + one + one)).write(to: URL(fileURLWithPath: three))
    let output = folder.path("out.ts")
    try transcode(three, output)
    let pictures = try Self.times(output, "v")
    let start = pictures.first ?? 0
    #expect(pictures.count == 180 && abs((pictures.last ?? 0) - start - 179.0 / 30) < 0.002)
    // FFmpeg writes no times of such data: that it is there, in its order, is what can be asked for.
    let sizes = "-select_streams d:0 -show_entries packet=size"
    let before = try probe(source, sizes)
    #expect(try before.count == 4 && probe(output, sizes) == before + before + before)
  }

  @Test(arguments: ["mp4", "mkv", "mov", "ts"]) func theClockWraps(_ ext: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("wrap.ts")
    try ffmpeg(
      "-i \(Self.base(folder)) -c copy -copyts -output_ts_offset 95441.5 -muxdelay 0 \(source)")
    let output = folder.path("out.\(ext)")
    let (_, reader) = try transcode(source, output)
    #expect(reader.damage == nil)
    if ext == "ts" {
      // A transport stream keeps its clock, to which splice points refer.
      #expect(try Self.times(output, "v") == Self.times(source, "v"))
      return
    }
    try Self.expectAsFFmpeg(source, output, frames: 60, sounds: 88)
    #expect(try probe(output, "-select_streams v -show_entries frame=pts_time").count == 60)
    let start = min(try Self.times(output, "v").first ?? 9, try Self.times(output, "a").first ?? 9)
    #expect(abs(start) < 0.001)
  }
}
