import Foundation
import Frames
import Media
import Testing

/// Times survive encoders and containers that would rather count frames.
@Suite struct FrameGridTests {
  /// Frames of MPEG video whose container says other times than their own rate.
  static func clip(
    _ folder: TemporaryFolder, _ codec: String, times: String, rate: String = "30000/1001",
    _ options: String = ""
  ) throws -> String {
    let plain = folder.path("plain.mkv")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=\(rate),trim=end_frame=24 -c:v \(codec) -q:v 2 \(options) \(plain)")
    let source = folder.path("in.mkv")
    try ffmpeg("-i \(plain) -c copy -bsf:v setts=pts='\(times)/TB':dts='\(times)/TB' \(source)")
    return source
  }

  static let telecine = "(floor(N/2)*2.5+mod(N\\,2))*1001/30000"

  static func expectSameTimes(_ source: String, _ output: String) throws {
    for entries in ["packet=pts_time", "frame=best_effort_timestamp_time"] {
      let before = try probe(source, "-select_streams v:0 -show_entries \(entries)").compactMap { Double($0) }
        .sorted()
      let after = try probe(output, "-select_streams v:0 -show_entries \(entries)").compactMap { Double($0) }
        .sorted()
      #expect(before.count == 24 && after.count == 24, "\(output), \(entries)")
      let shift = (before.first ?? 0) - (after.first ?? 0)
      let difference = zip(before, after).map { abs($0 - $1 - shift) }.max() ?? .infinity
      #expect(difference < 0.0011, "\(output), \(entries): \(difference) s")
    }
  }

  @Test(
    arguments: ["mpeg2video", "mpeg1video", "mpeg4"],
    [
      telecine, "N/60", "N*N/100", "N/8.5",
    ])
  func timesOffTheCodecsGrid(_ codec: String, _ times: String) throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder, codec, times: times)
    for ext in ["mkv", "mp4", "mov", "ts"] {
      let output = folder.path("out.\(ext)")
      let (writer, _) = try transcode(source, output)
      #expect(writer.encoderName == codec || ext == "mov" || ext == "mp4", "\(writer.encoderName)")
      try Self.expectSameTimes(source, output)
    }
  }

  /// Frames that are coded in another order than they are shown.
  @Test func reorderedFrames() throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder, "mpeg2video", times: Self.telecine)
    for ext in ["mkv", "mp4", "ts"] {
      let output = folder.path("out.\(ext)")
      try transcode(source, output, EncodeSettings(options: ["bf": "2", "b_strategy": "0"]))
      try Self.expectSameTimes(source, output)
    }
  }

  /// Pictures keep their distance from the sound.
  @Test func soundStaysWithThePictures() throws {
    let folder = try TemporaryFolder()
    let source = try Self.clip(folder, "mpeg2video", times: Self.telecine)
    let both = folder.path("both.ts")
    try ffmpeg("-i \(source) -f lavfi -i sine=440:d=0.9 -map 0:v -map 1:a -c:v copy -c:a mp2 \(both)")
    for ext in ["ts", "mkv", "mp4"] {
      let output = folder.path("out.\(ext)")
      try transcode(both, output)
      let distances = try [both, output].map { path in
        let sound = try ClockTests.times(path, "a").first ?? .nan
        return try ClockTests.times(path, "v").map { $0 - sound }
      }
      #expect(distances[0].count == 24 && distances[1].count == 24)
      #expect(zip(distances[0], distances[1]).allSatisfy { abs($0 - $1) < 0.0011 }, "\(ext)")
    }
  }

  /// Containers that number frames hold those of a constant rate, whatever the unit of time was, and refuse others.
  @Test(arguments: ["ogv", "mxf"]) func containersThatNumberFrames(_ ext: String) throws {
    let folder = try TemporaryFolder()
    for (rate, input) in [("30000/1001", "in.mp4"), ("25", "in.mkv"), ("50", "in.ts")] {
      let source = folder.path(input)
      // With noise: Theora says of pictures that are hardly different that nothing changes, and readers pass over it.
      try ffmpeg(
        "-f lavfi -i testsrc2=s=64x48:r=\(rate),trim=end_frame=24,noise=alls=40:allf=t -c:v libx264 \(source)"
      )
      let output = folder.path("\(input).\(ext)")
      try transcode(source, output)
      // Pages of Ogg say one time for all their packets; the others follow from it.
      let times = try [source, output].map { try allFrames($0).compactMap(\.time) }
      #expect(times.allSatisfy { $0.count == 24 }, "\(input): \(times)")
      let shift = (times[1].first ?? 0) - (times[0].first ?? 0)
      #expect(zip(times[0], times[1]).allSatisfy { abs($1 - $0 - shift) < 0.0011 }, "\(input): \(times)")
    }
    let uneven = try Self.clip(folder, "mpeg2video", times: Self.telecine)
    let error = #expect(throws: MediaError.self) { try transcode(uneven, folder.path("uneven.\(ext)")) }
    #expect(error?.description.contains("frame 2 is the first that does not") == true, "\(error as Any)")
  }

  /// These containers say when packets are decoded: pictures must not come late by that, nor the last one lose its time.
  @Test(
    arguments: ["avi", "wmv"],
    ["libx264 -bf 2", "mpeg2video -bf 2 -b_strategy 0 -q:v 2", "mpeg4 -bf 2 -q:v 2"])
  func containersWithTimesOfDecoding(_ ext: String, _ encoder: String) throws {
    let folder = try TemporaryFolder()
    for (delay, source) in [("0", folder.path("in.mkv")), ("0.2", folder.path("late.mkv"))] {
      try ffmpeg(
        "-itsoffset \(delay) -f lavfi -i testsrc2=s=64x48:r=25,trim=end_frame=24 -f lavfi -i sine=440:d=1.2 "
          + "-map 0 -map 1 -c:v \(encoder) -c:a libmp3lame \(source)")
      let output = folder.path("out.\(ext)")
      try transcode(source, output, overwrite: true)
      let distances = try [source, output].map { path in
        let sound = try ClockTests.times(path, "a").first ?? .nan
        return try TimingTests.pts(path).map { $0 - sound }
      }
      #expect(distances.allSatisfy { $0.count == 24 }, "\(distances)")
      // Half a frame where the container numbers frames.
      #expect(zip(distances[0], distances[1]).allSatisfy { abs($0 - $1) < 0.021 }, "\(distances)")
      let steps = zip(distances[1], distances[1].dropFirst()).map { $1 - $0 }
      #expect(steps.allSatisfy { abs($0 - 0.04) < 0.0025 }, "\(steps)")
    }
  }
}
