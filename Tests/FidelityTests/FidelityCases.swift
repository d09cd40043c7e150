/// All files that are tried.
extension FidelityCase {
  static let all =
    codecs + formats + pictures + tiff + times + clocks + streams + sequences + containers + contents

  /// Ten frames of moving texture.
  static func picture(_ size: String = "64x48", rate: String = "25", frames: Int = 10) -> String {
    "-f lavfi -i testsrc2=s=\(size):r=\(rate),trim=end_frame=\(frames)"
  }

  /// A second input, a tone as long as ten frames.
  static let tone = "-f lavfi -i sine=440:d=0.4"

  init(
    _ property: String, _ input: String, to output: String, _ commands: [String], codec: String? = nil,
    lossless: Bool = false, pixelFormat: String? = nil, options: [String: String] = [:], refused: [Int] = [],
    psnr: Double = 36, _ mayDiffer: AllowedDifference...
  ) {
    self.init(
      property: property, input: input, output: output, commands: commands, codec: codec,
      isLossless: lossless,
      pixelFormat: pixelFormat, encoderOptions: options, mayDiffer: mayDiffer, refused: refused,
      leastPSNR: psnr)
  }

  /// A picture with a tone, encoded as the options say.
  init(
    _ property: String, _ input: String, to output: String, _ options: String, lossless: Bool = false,
    psnr: Double = 36, _ mayDiffer: AllowedDifference...
  ) {
    self.init(
      property: property, input: input, output: output,
      commands: ["\(Self.picture()) \(Self.tone) \(options)"], isLossless: lossless, mayDiffer: mayDiffer,
      leastPSNR: psnr)
  }
}

/// Reasons that several files share.
extension AllowedDifference {
  static let noEditList = AllowedDifference(
    "stream.1.start_time",
    because: "Matroska has no edit list: what prepares the sound's decoder is shown as it is")
  static let editList = AllowedDifference(
    "stream.1.start_time",
    because: "MP4 hides what prepares the sound's decoder, Matroska shows it before 0 (FFmpeg 7)")
  static let wholePacket = AllowedDifference(
    "format.duration", "stream.2.duration",
    because: "the last packet of sound counts as a whole one (FFmpeg 7)")
  static let adts = AllowedDifference("packets", because: "AAC loses the headers that only streams need")
  static let sameSamples = AllowedDifference(
    "video.pix_fmt", because: "the same samples in another order, or the range said by a tag")
  static let light = AllowedDifference(
    "video.side_data_list.Content light level metadata.", "video.side_data_list.Mastering display metadata.",
    because: "said by the pictures only; the container says it too now")
  static let guessedRate = AllowedDifference(
    "video.r_frame_rate", "video.avg_frame_rate", "last duration", because: "guesses where the rate varies")
  static let chapterText = AllowedDifference(
    "added stream", "stream.", "format.nb_streams", because: "MP4 keeps chapters as a stream of text too")
  static let fromStream = AllowedDifference(
    "video.start_time", "start_time", "duration", "shift", "video.field_order", "video.is_avc",
    "video.r_frame_rate",
    "frame_size", "stream.1.disposition.default", "video.disposition.default",
    because:
      "a transport stream has no header: its times begin anywhere and its streams are described by guesses")
}

extension FidelityCase {
  /// Containers and codecs.
  static let codecs: [FidelityCase] = [
    .init("H.264, B-frames, AAC", "in.mp4", to: "out.mp4", "-c:v libx264 -bf 2 -c:a aac"),
    .init(
      "H.264, B-pyramid, 23.976 frames/s", "in.mp4", to: "out.mp4",
      [
        "\(picture(rate: "24000/1001", frames: 12)) -c:v libx264 -bf 3 -b_strategy 0 -x264-params b-pyramid=normal"
      ]),
    .init("H.264", "in.mov", to: "out.mov", "-c:v libx264 -c:a pcm_s16le"),
    .init("H.264", "in.mkv", to: "out.mkv", "-c:v libx264 -bf 2 -c:a flac"),
    .init("H.264", "in.mp4", to: "out.mkv", "-c:v libx264 -bf 2 -c:a aac", .noEditList),
    .init("H.264", "in.mkv", to: "out.mp4", "-c:v libx264 -bf 2 -c:a aac", .editList),
    .init("H.264", "in.mp4", to: "out.mov", "-c:v libx264 -bf 2 -c:a aac"),
    .init("H.264", "in.mp4", to: "out.mkv", "-c:v libx264 -bf 2 -c:a aac", lossless: true, .noEditList),
    .init("H.264", "in.avi", to: "out.mkv", "-c:v libx264 -bf 0 -c:a mp3"),
    .init("H.264, AAC", "in.ts", to: "out.mp4", "-c:v libx264 -bf 2 -c:a aac", .fromStream, .adts),
    .init("H.264, AAC", "in.ts", to: "out.mkv", "-c:v libx264 -bf 2 -c:a aac", .fromStream, .adts),
    .init(
      "H.264, AC-3", "in.ts", to: "out.mov", "-c:v libx264 -bf 2 -c:a ac3", .fromStream,
      AllowedDifference(
        "stream.1.side_data_list.Audio Service Type.", because: "QuickTime says it, a stream does not")),
    .init("HEVC, AAC", "in.mp4", to: "out.mp4", "-c:v libx265 -x265-params log-level=none -c:a aac"),
    .init("HEVC, Opus", "in.mkv", to: "out.mkv", "-c:v libx265 -x265-params log-level=none -c:a libopus"),
    .init("HEVC", "in.mkv", to: "out.mov", "-c:v libx265 -x265-params log-level=none -c:a aac", .editList),
    .init(
      "HEVC", "in.mp4", to: "out.mkv", "-c:v libx265 -x265-params log-level=none -c:a aac", lossless: true,
      .noEditList),
    .init(
      "AV1, Opus", "in.mp4", to: "out.mp4",
      ["\(picture("64x64")) \(tone) -c:v libsvtav1 -preset 12 -c:a libopus"]),
    .init(
      "AV1, Opus", "in.mkv", to: "out.mkv",
      ["\(picture("64x64")) \(tone) -c:v libsvtav1 -preset 12 -c:a libopus"]),
    .init(
      "AV1, Opus", "in.webm", to: "out.webm",
      ["\(picture("64x64")) \(tone) -c:v libsvtav1 -preset 12 -c:a libopus"]),
    .init("VP9, Opus", "in.webm", to: "out.webm", "-c:v libvpx-vp9 -deadline realtime -c:a libopus"),
    .init("VP9", "in.mp4", to: "out.mp4", "-c:v libvpx-vp9 -deadline realtime -c:a aac"),
    .init("VP9", "in.webm", to: "out.mkv", "-c:v libvpx-vp9 -deadline realtime -c:a libopus", lossless: true),
    .init(
      "VP8, Vorbis", "in.webm", to: "out.webm", "-c:v libvpx -deadline realtime -b:v 2M -c:a libvorbis",
      AllowedDifference(
        "video.color_range", "video.color_space", because: "VP8 knows no other; the container says it now"),
      AllowedDifference("format.duration", because: "the end of the last packet of sound")),
    .init(
      "ProRes, 422", "in.mov", to: "out.mov",
      "-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le -c:a pcm_s24le"),
    .init(
      "ProRes, 422", "in.mov", to: "out.mkv",
      "-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le -c:a pcm_s24le", lossless: true),
    .init(
      "DNxHR", "in.mov", to: "out.mov",
      ["\(picture("256x120")) \(tone) -c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p -c:a pcm_s16le"]),
    .init("FFV1, PCM", "in.mkv", to: "out.mkv", "-c:v ffv1 -level 3 -c:a pcm_s16le"),
    .init("MPEG-4, MP3", "in.avi", to: "out.mkv", "-c:v mpeg4 -q:v 2 -c:a mp3"),
    .init(
      "MPEG-4", "in.avi", to: "out.mp4", "-c:v mpeg4 -q:v 2 -c:a mp3",
      AllowedDifference("video.avg_frame_rate", because: "AVI says a rate that its frames do not have")),
    .init(
      "MPEG-2, MP2", "in.ts", to: "out.mkv", "-c:v mpeg2video -q:v 2 -c:a mp2", .fromStream,
      AllowedDifference("stream.1.sample_fmt", because: "another decoder of MP2")),
    .init("Motion JPEG", "in.avi", to: "out.mkv", "-c:v mjpeg -q:v 2 -pix_fmt yuvj422p -c:a pcm_s16le"),
    .init("Motion JPEG", "in.mov", to: "out.mov", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p -c:a pcm_s16le"),
    .init("HuffYUV", "in.avi", to: "out.mkv", "-c:v huffyuv -pix_fmt yuv422p -c:a pcm_s16le", lossless: true),
    .init(
      "UT Video", "in.avi", to: "out.mkv", "-c:v utvideo -pix_fmt yuv422p -c:a pcm_s16le",
      AllowedDifference(
        "video.codec_name", "video.codec_long_name",
        because: "Matroska has no name for it: FFV1 is as lossless")),
    .init(
      "uncompressed", "in.avi", to: "out.mkv", "-c:v rawvideo -pix_fmt yuv420p -c:a pcm_s16le", lossless: true
    ),
    .init(
      "PNG in QuickTime, alpha", "in.mov", to: "out.mov",
      ["\(picture()) -vf format=rgba,colorchannelmixer=aa=0.5 -c:v png"]),
    .init("libx265 asked for", "in.mp4", to: "out.mp4", ["\(picture()) -c:v libx264"], codec: "libx265"),
    .init(
      "libsvtav1 asked for", "in.mp4", to: "out.mkv", ["\(picture("64x64")) -c:v libx264"], codec: "libsvtav1"
    ),
    .init(
      "libvpx-vp9 asked for", "in.mp4", to: "out.webm", ["\(picture()) -c:v libx264"], codec: "libvpx-vp9"),
    .init(
      "prores_ks asked for", "in.mkv", to: "out.mov", ["\(picture()) -vf format=yuv422p10le -c:v ffv1"],
      codec: "prores_ks"),
  ]

  private static func lossless(_ format: String, _ codec: String = "ffv1", _ input: String = "in.mkv")
    -> FidelityCase
  {
    .init(
      format, input, to: "out.mkv",
      ["\(picture("63x47")) -vf format=rgba,colorchannelmixer=aa=0.6,format=\(format) -c:v \(codec)"],
      lossless: true, .sameSamples)
  }

  private static func again(_ format: String, _ codec: String, _ file: String, psnr: Double = 36)
    -> FidelityCase
  {
    .init(
      "\(codec), \(format)", "in.\(file)", to: "out.\(file)",
      ["\(picture("64x64")) -vf format=rgba,colorchannelmixer=aa=0.6,format=\(format) -c:v \(codec)"],
      psnr: psnr)
  }

  /// Pixel formats: odd sizes without loss, and through the encoders of their codecs.
  static let formats: [FidelityCase] = [
    lossless("gray"), lossless("gray10le"), lossless("gray12le"), lossless("gray16le"), lossless("yuv420p"),
    lossless("yuv422p"), lossless("yuv444p"), lossless("yuv411p"), lossless("yuv410p"), lossless("yuv440p"),
    lossless("yuv420p10le"), lossless("yuv422p10le"), lossless("yuv444p10le"), lossless("yuv420p12le"),
    lossless("yuv422p12le"), lossless("yuv444p12le"), lossless("yuv420p16le"), lossless("gbrp10le"),
    lossless("gbrp12le"), lossless("gbrp16le"), lossless("bgra"), lossless("yuva420p"),
    lossless("yuva444p10le"),
    lossless("yuvj420p", "mjpeg -q:v 2", "in.avi"), lossless("rgb24", "png", "in.mov"),
    lossless("rgba", "png", "in.mov"),
    again("yuv420p10le", "libx264", "mp4"), again("yuv422p", "libx264", "mp4"),
    again("yuv444p", "libx264", "mp4"), again("yuv422p10le", "libx264", "mkv"),
    again("gray", "libx264", "mp4"),
    again("yuvj420p", "libx264", "mp4"), again("rgb24", "libx264rgb", "mkv"),
    again("yuv420p10le", "libx265 -x265-params log-level=none", "mp4"),
    again("yuv422p12le", "libx265 -x265-params log-level=none", "mkv"),
    again("yuv444p", "libx265 -x265-params log-level=none", "mp4"),
    again("gray", "libx265 -x265-params log-level=none", "mp4"),
    again("gbrp", "libx265 -x265-params log-level=none", "mkv"),
    again("yuv420p10le", "libsvtav1 -preset 12", "mp4"),
    again("yuv420p10le", "libvpx-vp9 -deadline realtime", "webm"),
    again("yuv444p", "libvpx-vp9 -deadline realtime", "webm"),
    again("yuva420p", "libvpx-vp9 -deadline realtime -b:v 0 -crf 10 -auto-alt-ref 0", "webm"),
    again("yuva420p", "libvpx -deadline realtime -b:v 2M -auto-alt-ref 0", "webm"),
  ]
}
