extension FidelityCase {
  /// Times 0, 1, 4, 9, ... in hundredths of a second.
  private static let varying =
    "-f lavfi -i testsrc2=s=64x48:r=100,trim=end_frame=10 -vf settb=1/100,setpts=N*N -fps_mode passthrough "
    + "-enc_time_base 1/100"
  /// The same for containers with edit lists: one that ends where the last frame begins would hide it, so that frame's
  /// duration has to be said: a hundredth of a second, which FFmpeg 5.1 counts in 12800ths, FFmpeg 7.1 in hundredths.
  private static let varyingInMP4 =
    varying + " -bsf:v setts=pts=PTS:dts=DTS:duration=if(gt(PTS\\,400)\\,128\\,1)"

  private static func cut(_ file: String, to output: String, lossless: Bool = false) -> FidelityCase {
    .init(
      "edit list: begins between key frames", "in.\(file)", to: "out.\(output)",
      [
        "\(picture(frames: 20)) -f lavfi -i sine=440:d=0.8 -c:v libx264 -bf 2 -g 20 -c:a aac plain.mp4",
        "-ss 0.3 -i plain.mp4 -c copy",
      ], lossless: lossless,
      AllowedDifference(
        "video.nb_frames", "nb_frames", because: "what the edit list hides is not written again"),
      AllowedDifference(
        "video.start_time", "start_time", "shift", "duration",
        because: "the hidden part is gone, so the edit list differs"))
  }

  /// Rates, offsets and durations.
  static let times: [FidelityCase] = [
    .init("variable rate", "in.mp4", to: "out.mp4", ["\(varyingInMP4) -c:v libx264 -bf 2"], .guessedRate),
    .init(
      "variable rate", "in.mkv", to: "out.mkv", ["\(varying) -c:v libx264 -bf 2"], .guessedRate,
      AllowedDifference("format.duration", because: "has the last frame's, which FFmpeg 7 leaves out")),
    .init("variable rate", "in.mov", to: "out.mov", ["\(varyingInMP4) -c:v libx264 -bf 2"]),
    .init(
      "variable rate", "in.webm", to: "out.webm", ["\(varying) -c:v libvpx-vp9 -deadline realtime"],
      AllowedDifference("video.avg_frame_rate", because: "a guess where the rate varies")),
    .init(
      "variable rate", "in.mp4", to: "out.mkv", ["\(varyingInMP4) -c:v libx264 -bf 2"], lossless: true,
      .guessedRate),
    .init("variable rate", "in.mkv", to: "out.mp4", ["\(varying) -c:v libx264 -bf 2"], .guessedRate),
    .init(
      "variable rate, HEVC", "in.mp4", to: "out.mp4",
      ["\(varyingInMP4) -c:v libx265 -x265-params log-level=none"]),
    .init(
      "time base 1/90000, 59.94 frames/s", "in.mp4", to: "out.mp4",
      ["\(picture(rate: "60000/1001")) -c:v libx264 -bf 2 -video_track_timescale 90000"]),
    .init(
      "time base 1/1000000", "in.mov", to: "out.mov",
      ["\(picture(rate: "30000/1001")) -c:v libx264 -bf 2 -video_track_timescale 1000000"]),
    .init("8.5 frames/s", "in.mkv", to: "out.mkv", ["\(picture(rate: "17/2")) -c:v libx264 -bf 2"]),
    .init(
      "video begins at 0.5 s", "in.mp4", to: "out.mp4",
      ["-itsoffset 0.5 \(picture()) -f lavfi -i sine=440:d=0.9 -c:v libx264 -bf 2 -c:a aac"]),
    .init(
      "video begins at 0.5 s", "in.mkv", to: "out.mkv",
      ["-itsoffset 0.5 \(picture()) -f lavfi -i sine=440:d=0.9 -c:v libx264 -bf 2 -c:a aac"], .wholePacket),
    .init(
      "sound begins at 0.2 s", "in.mp4", to: "out.mp4",
      ["\(picture()) -itsoffset 0.2 \(tone) -c:v libx264 -bf 2 -c:a aac"],
      AllowedDifference(
        "stream.1.duration", "format.duration", because: "the last packet of sound is whole again")),
    .init(
      "sound begins at 0.2 s", "in.mov", to: "out.mov",
      ["\(picture()) -itsoffset 0.2 \(tone) -c:v libx264 -bf 2 -c:a aac"],
      AllowedDifference(
        "stream.1.duration", "format.duration", because: "the last packet of sound is whole again")),
    .init(
      "all begins at 5 s", "in.mkv", to: "out.mkv",
      ["\(picture()) \(tone) -c:v libx264 -bf 2 -c:a flac -output_ts_offset 5"]),
    cut("mp4", to: "mp4"), cut("mov", to: "mov"), cut("mp4", to: "mkv", lossless: true),
    .init(
      "last frame of a second", "in.mp4", to: "out.mp4",
      [
        "\(picture()) -c:v libx264 -bf 0 -video_track_timescale 12800 plain.mp4",
        "-i plain.mp4 -c copy -bsf:v setts=duration=if(eq(N\\,9)\\,12800\\,512)",
      ],
      AllowedDifference(
        "last duration", because: "readers guess it where B-frames are; the file's length has it")),
    .init("a single frame", "in.mp4", to: "out.mp4", ["\(picture(frames: 1)) -c:v libx264"]),
    .init(
      "sound longer than the video", "in.mp4", to: "out.mp4",
      ["\(picture()) -f lavfi -i sine=440:d=2 -c:v libx264 -c:a aac"]),
    .init(
      "open groups of pictures", "in.ts", to: "out.mp4",
      ["\(picture(frames: 12)) -c:v libx264 -bf 2 -x264-params open-gop=1:keyint=5:min-keyint=1"], .fromStream
    ),
  ]
}
