extension FidelityCase {
  private static let hdr =
    "-c:v libx265 -x265-params log-level=none:hdr10=1:max-cll=1000,400:master-display="
    + "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"

  private static func tagged(
    _ name: String, _ tags: String, _ file: String, to output: String, codec: String = "libx264",
    lossless: Bool = false
  ) -> FidelityCase {
    .init(
      name, "in.\(file)", to: "out.\(output)",
      ["\(picture("64x64")) -vf format=yuv420p \(tags) -c:v \(codec)"],
      lossless: lossless, .sameSamples)
  }

  private static func turned(_ degrees: Int, _ file: String, to output: String, lossless: Bool = false)
    -> FidelityCase
  {
    .init(
      "turned by \(degrees) degrees", "in.\(file)", to: "out.\(output)",
      [
        "\(picture()) \(tone) -c:v libx264 -c:a aac plain.mp4",
        "-i plain.mp4 -c copy -metadata:s:v:0 rotate=\(degrees)",
      ], lossless: lossless,
      AllowedDifference("video.tags.rotate", because: "an old name of the display matrix"))
  }

  /// Colour, shape, turn, light and fields.
  static let pictures: [FidelityCase] = [
    tagged(
      "BT.709", "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv", "mp4", to: "mp4"),
    tagged(
      "BT.601, 525 lines", "-color_primaries smpte170m -color_trc smpte170m -colorspace smpte170m", "mov",
      to: "mov"),
    tagged("BT.470BG", "-color_primaries bt470bg -color_trc gamma28 -colorspace bt470bg", "mkv", to: "mkv"),
    tagged("full range", "-color_range pc -colorspace bt709", "mkv", to: "mkv"),
    tagged("full range", "-color_range pc -colorspace bt709", "mp4", to: "mkv", lossless: true),
    tagged("chroma top left", "-chroma_sample_location topleft -x264-params chromaloc=2", "mp4", to: "mp4"),
    tagged(
      "chroma top left", "-chroma_sample_location topleft -x264-params chromaloc=2", "mkv", to: "mkv",
      lossless: true),
    tagged(
      "BT.709, VP9", "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv", "webm",
      to: "webm", codec: "libvpx-vp9 -deadline realtime"),
    tagged(
      "BT.709, AV1", "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv", "mp4",
      to: "mp4", codec: "libsvtav1 -preset 12"),
    .init(
      "HLG, 10 bits", "in.mp4", to: "out.mp4",
      [
        "\(picture()) -vf format=yuv420p10le -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc "
          + "-color_range tv -c:v libx265 -x265-params log-level=none"
      ]),
    .init(
      "PQ, mastering display, light levels", "in.mp4", to: "out.mp4",
      [
        "\(picture()) -vf format=yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc "
          + "-color_range tv \(hdr)"
      ], .light),
    .init(
      "PQ, mastering display, light levels", "in.mkv", to: "out.mkv",
      [
        "\(picture()) -vf format=yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc "
          + "-color_range tv \(hdr)"
      ], .light),
    .init(
      "PQ, mastering display, light levels", "in.mkv", to: "out.mkv",
      [
        "\(picture()) -vf format=yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc "
          + "-color_range tv \(hdr)"
      ], lossless: true, .light),
    .init(
      "samples 128:117", "in.mp4", to: "out.mp4", ["\(picture()) -vf setsar=128/117:max=200 -c:v libx264"]),
    .init("samples 64:45", "in.mkv", to: "out.mkv", ["\(picture()) -vf setsar=64/45 -c:v libx264"]),
    .init(
      "samples 10:11", "in.mov", to: "out.mkv", ["\(picture()) -vf setsar=10/11 -c:v libx264"], lossless: true
    ),
    turned(90, "mp4", to: "mp4"), turned(180, "mp4", to: "mp4"), turned(270, "mov", to: "mov"),
    turned(90, "mp4", to: "mov"), turned(90, "mov", to: "mp4"),
    .init(
      "interlaced, top first, H.264", "in.mp4", to: "out.mp4",
      [
        "\(picture("64x64", rate: "50", frames: 20)) -vf interlace,format=yuv420p -c:v libx264 -flags +ildct+ilme"
      ]),
    .init(
      "interlaced, bottom first, H.264", "in.mkv", to: "out.mkv",
      [
        "\(picture("64x64", rate: "50", frames: 20)) -vf interlace=scan=bff,format=yuv420p -c:v libx264 "
          + "-flags +ildct+ilme -x264opts bff=1"
      ]),
    .init(
      "interlaced, MPEG-2", "in.ts", to: "out.mkv",
      [
        "\(picture("64x64", rate: "50", frames: 20)) -vf interlace,format=yuv420p -c:v mpeg2video -q:v 2 "
          + "-flags +ildct+ilme"
      ], .fromStream),
    .init(
      "interlaced, DV", "in.avi", to: "out.mkv",
      [
        "\(picture("720x576", rate: "50", frames: 8)) -vf interlace=scan=bff,format=yuv420p -c:v dvvideo -flags +ildct+ilme"
      ],
      lossless: true),
    .init(
      "interlaced, bottom first, DV coded again", "in.avi", to: "out.mkv",
      [
        "\(picture("720x576", rate: "50", frames: 8)) -vf interlace=scan=bff,format=yuv420p -c:v dvvideo -flags +ildct+ilme"
      ],
      codec: "libx264", psnr: 34,
      AllowedDifference("video.field_order", because: "DV says it in its frames only")),
    .init(
      "interlaced, ProRes", "in.mov", to: "out.mov",
      [
        "\(picture("64x64", rate: "50", frames: 20)) -vf interlace,format=yuv422p10le -c:v prores_ks "
          + "-flags +ildct+ilme"
      ]),
    .init(
      "odd size, VP9", "in.webm", to: "out.webm",
      ["\(picture("63x47")) -vf format=yuv420p -c:v libvpx-vp9 -deadline realtime"]),
    .init(
      "odd size, H.264 4:4:4", "in.mp4", to: "out.mp4",
      ["\(picture("63x47")) -vf format=yuv444p -c:v libx264"]),
  ]
}
