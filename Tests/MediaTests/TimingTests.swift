import Foundation
import Frames
import Media
import TestSupport
import Testing

/// Frame counts, time stamps and tags survive reading and writing.
@Suite struct TimingTests {
  static func pts(_ path: String) throws -> [Double] {
    try probe(path, "-select_streams v:0 -show_entries frame=best_effort_timestamp_time").compactMap {
      // Pictures with side data have a word of it on their line.
      $0.split(separator: ",").first.flatMap { Double($0) }
    }
  }

  /// Presentation times of the packets, sorted.
  static func packetTimes(_ path: String) throws -> [Double] {
    try probe(path, "-select_streams v:0 -show_entries packet=pts_time").compactMap { Double($0) }.sorted()
  }

  @Test(arguments: ["mp4", "mkv", "mov", "ts"], [1, 2]) func bFrames(_ ext: String, _ threads: Int) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.\(ext)")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=24000/1001:d=2.5 -c:v libx264 -bf 3 -b_strategy 0 -preset veryfast \(source)"
    )
    #expect(try probe(source, "-show_entries stream=has_b_frames").first == "2")
    let frames = try allFrames(source, threads: threads)
    #expect(frames.count == 60)
    #expect(frames.map(\.index) == Array(0..<60))
    let times = frames.compactMap(\.time)
    #expect(times.count == 60 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    for target in ["mp4", "mkv"] {
      let output = folder.path("out.\(target)")
      try transcode(source, output, threads: threads)
      let before = try Self.pts(source)
      let after = try Self.pts(output)
      #expect(after.count == 60)
      // The clock of a transport stream begins anywhere; here the video begins it.
      let shift = ext == "ts" ? before.first ?? 0 : 0
      #expect(zip(before, after).allSatisfy { abs($0 - shift - $1) < 0.0011 })
      #expect(try Self.packetTimes(output).count == 60)
    }
  }

  @Test(arguments: ["mp4", "mkv"]) func variableFrameRate(_ ext: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.\(ext)")
    // Times 0, 1, 4, 9, ... in hundredths of a second. Without its duration, an edit list hides the last frame; FFmpeg
    // 5.1 counts it in MP4's 12800ths, FFmpeg 7.1 in hundredths.
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=100:d=0.2 -vf settb=1/100,setpts=N*N -fps_mode passthrough "
        + "-enc_time_base 1/100 -bsf:v setts=pts=PTS:dts=DTS:duration=if(gt(PTS\\,400)\\,128\\,1) "
        + "-c:v libx264 -bf 2 \(source)")
    let before = try Self.pts(source)
    #expect(before.count == 20)
    #expect(abs((before.last ?? 0) - 3.61) < 0.001)
    for (target, settings) in [("x.mp4", EncodeSettings()), ("x.mkv", EncodeSettings()), ("l.mkv", lossless)]
    {
      let output = folder.path(target)
      try transcode(source, output, settings)
      #expect(try Self.pts(output) == before)
    }
    let stamps = try allFrames(source).compactMap(\.pts)
    #expect(stamps == stamps.sorted() && Set(stamps).count == 20)
  }

  @Test func lastFrameKeepsItsDuration() throws {
    let folder = try TemporaryFolder()
    // One frame of two seconds at the end.
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=1 -c:v libx264 -bf 0 \(folder.path("plain.mp4"))")
    try ffmpeg(
      "-i \(folder.path("plain.mp4")) -c copy -bsf:v setts=duration=if(eq(N\\,9)\\,20480\\,1024) "
        + folder.path("in.mp4"))
    let before = try probe(folder.path("in.mp4"), "-show_entries stream=duration")
    try transcode(folder.path("in.mp4"), folder.path("out.mp4"))
    #expect(try probe(folder.path("out.mp4"), "-show_entries stream=duration") == before)
    #expect(before == ["2.900000"])
  }

  @Test func rawStreamsWithoutTimeStamps() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -bf 2 \(folder.path("in.h264"))")
    let (_, reader) = try transcode(folder.path("in.h264"), folder.path("out.mp4"))
    #expect(reader.damage == nil)
    #expect(try Self.pts(folder.path("out.mp4")).count == 25)
  }

  @Test(arguments: ["mp4", "mkv"]) func tagsSurvive(_ ext: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.\(ext)")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -vf setsar=128/117:max=200,format=yuv420p10le,"
        + "setparams=color_primaries=bt2020:color_trc=arib-std-b67 -c:v libx264 -colorspace bt2020nc -color_range tv "
        + "-chroma_sample_location topleft -x264-params chromaloc=2 "
        + "-metadata title=Harbour -metadata:s:v:0 language=deu \(source)")
    let info = try VideoReader(path: source).info
    #expect(info.pixelFormat == "yuv420p10le")
    #expect(info.sampleAspectRatio == Rational(128, 117))
    #expect(info.colorPrimaries == "bt2020" && info.colorTransfer == "arib-std-b67")
    #expect(info.colorMatrix == "bt2020nc" && info.colorRange == "tv" && info.chromaLocation == "topleft")
    let entries =
      "-show_entries stream=pix_fmt,sample_aspect_ratio,color_range,color_space,color_transfer,color_primaries,"
      + "chroma_location,avg_frame_rate:stream_tags=language:format_tags=title"
    let expected = try probe(source, entries)
    #expect(expected.contains { $0.contains("deu") } && expected.contains { $0.contains("Harbour") })
    for (name, settings) in [("o.mp4", EncodeSettings()), ("o.mkv", EncodeSettings()), ("l.mkv", lossless)] {
      try transcode(source, folder.path(name), settings)
      #expect(try probe(folder.path(name), entries) == expected)
      let again = try VideoReader(path: folder.path(name)).info
      #expect(again.colorTransfer == info.colorTransfer && again.chromaLocation == info.chromaLocation)
    }
  }

  /// Turning the samples clockwise by `info.rotation` gives what FFmpeg shows.
  @Test(arguments: [90, 180, 270]) func rotation(_ degrees: Int) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mp4")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 \(folder.path("plain.mp4"))")
    try TurnedVideo.write(folder.path("plain.mp4"), clockwise: degrees, to: source)
    let reader = try VideoReader(path: source)
    let rotation = reader.info.rotation
    #expect(!reader.info.isMirrored)
    #expect(rotation == degrees)
    #expect(reader.format.width == 64)
    let frame = try #require(try reader.nextFrame())
    let shown = [UInt8](
      try ffmpeg("-i \(source) -frames:v 1 -pix_fmt gray -vf format=yuv420p,extractplanes=y -f rawvideo -"))
    let width = rotation == 180 ? 64 : 48
    for (x, y) in [(0, 0), (63, 0), (0, 47), (63, 47), (20, 10)] {
      let place: (x: Int, y: Int) =
        switch rotation {
        case 90: (47 - y, x)
        case 180: (63 - x, 47 - y)
        default: (y, 63 - x)
        }
      #expect(shown[place.y * width + place.x] == UInt8(frame.planes[0][y * 64 + x]))
    }
    for name in ["out.mp4", "out.mov"] {
      try transcode(source, folder.path(name))
      #expect(try VideoReader(path: folder.path(name)).info.rotation == rotation)
    }
  }

  /// A container that cannot say it is no silent loss.
  @Test func aTurnIsKeptOrToldOf() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 \(folder.path("plain.mp4"))")
    try TurnedVideo.write(folder.path("plain.mp4"), clockwise: 90, to: folder.path("in.mp4"))
    for name in ["out.mkv", "out.mp4"] {
      let (writer, reader) = try transcode(
        folder.path("in.mp4"), folder.path(name), EncodeSettings(codec: "libx264"))
      #expect(reader.info.rotation == 90)
      let isKept = try VideoReader(path: folder.path(name)).info.rotation == 90
      #expect(isKept != writer.warnings.contains { $0.contains("turn the picture") })
      if name == "out.mp4" { #expect(isKept) }
    }
  }

  @Test func threadsDoNotMatter() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.mkv")
    try ffmpeg("-f lavfi -i testsrc2=s=320x180:r=25:d=2 -c:v libx264 -bf 2 \(source)")
    for (ext, isLossless) in [("mp4", false), ("mkv", true)] {
      let outputs = try [1, 2, 5].map { threads in
        let name = "out\(threads).\(ext)"
        let settings = EncodeSettings(lossless: isLossless, threads: threads)
        try transcode(source, folder.path(name), settings, threads: threads)
        return try folder.data(name)
      }
      #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
    }
  }

  @Test func interlacedIsTold() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x64:r=50:d=0.4 -vf interlace,format=yuv420p -c:v libx264 -flags +ildct+ilme "
        + "\(folder.path("in.mp4"))")
    try transcode(folder.path("in.mp4"), folder.path("out.mkv"))
    #expect(try VideoReader(path: folder.path("in.mp4")).info.isInterlaced)
    #expect(try VideoReader(path: folder.path("out.mkv")).info.isInterlaced)
  }

  @Test func highDynamicRangeLevels() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x64:r=25:d=0.2 -vf format=yuv420p10le -c:v libx265 -x265-params "
        + "log-level=none:hdr10=1:max-cll=1000,400:master-display="
        + "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50) \(folder.path("in.mkv"))")
    for (name, settings) in [("out.mkv", lossless), ("out.mp4", EncodeSettings())] {
      try transcode(folder.path("in.mkv"), folder.path(name), settings)
      let data = try run("ffprobe", ["-v", "error", "-show_streams", folder.path(name)])
      let text = String(decoding: data, as: UTF8.self)
      func value(_ key: String) -> Double? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key + "=") }) else {
          return nil
        }
        let parts = line.dropFirst(key.count + 1).split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 ? parts[0] / parts[1] : parts.first
      }
      #expect(value("max_content") == 1000 && value("max_average") == 400)
      #expect(abs((value("red_x") ?? 0) - 0.68) < 1e-4 && abs((value("max_luminance") ?? 0) - 1000) < 1e-3)
    }
  }
}
