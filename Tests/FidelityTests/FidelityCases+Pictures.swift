extension FidelityCase {
  private static let light = "PQ, mastering display, light levels"
  private static let hdr =
    "libx265 -x265-params log-level=none:hdr10=1:max-cll=1000,400:master-display="
    + "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"

  /// What a video says of its colours.
  private struct Colours {
    var primaries: String?
    var transfer: String?
    var matrix: String
    var range: String?

    /// What follows the last filter: frames say primaries and transfer themselves, options for them do not reach an
    /// encoder of FFmpeg 7.
    var options: String {
      var text = ""
      if let primaries, let transfer {
        text += ",setparams=color_primaries=\(primaries):color_trc=\(transfer)"
      }
      text += " -colorspace \(matrix)"
      if let range { text += " -color_range \(range)" }
      return text
    }

    var fields: [String: String] {
      var fields = ["video.color_space": matrix]
      fields["video.color_primaries"] = primaries
      fields["video.color_transfer"] = transfer
      fields["video.color_range"] = range
      return fields
    }

    static let bt709 = Colours(primaries: "bt709", transfer: "bt709", matrix: "bt709", range: "tv")
    static let ntsc = Colours(primaries: "smpte170m", transfer: "smpte170m", matrix: "smpte170m")
    static let pal = Colours(primaries: "bt470bg", transfer: "bt470bg", matrix: "bt470bg")
    static let full = Colours(matrix: "bt709", range: "pc")
    static let hlg = Colours(primaries: "bt2020", transfer: "arib-std-b67", matrix: "bt2020nc", range: "tv")
    static let pq = Colours(primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc", range: "tv")
  }

  private static func tagged(
    _ name: String, _ colours: Colours, _ file: String, to output: String, codec: String = "libx264",
    format: String = "yuv420p", lossless: Bool = false, _ mayDiffer: AllowedDifference = .sameSamples
  ) -> FidelityCase {
    FidelityCase(
      property: name, input: "in.\(file)", output: "out.\(output)",
      commands: ["\(picture("64x64")) -vf format=\(format)\(colours.options) -c:v \(codec)"],
      has: colours.fields, isLossless: lossless, mayDiffer: [mayDiffer])
  }

  private static func chromaTopLeft(_ file: String, lossless: Bool = false) -> FidelityCase {
    FidelityCase(
      property: "chroma top left", input: "in.\(file)", output: "out.\(file)",
      commands: [
        "\(picture("64x64")) -vf format=yuv420p -chroma_sample_location topleft -c:v libx264 "
          + "-x264-params chromaloc=2"
      ], has: ["video.chroma_location": "topleft"], isLossless: lossless, mayDiffer: [.sameSamples])
  }

  private static func turned(_ degrees: Int, _ file: String, to output: String) -> FidelityCase {
    // ffprobe counts the other way, from -180 on.
    let angle = degrees == 270 ? 90 : -degrees
    return FidelityCase(
      property: "turned by \(degrees) degrees", input: "in.\(file)", output: "out.\(output)",
      commands: ["\(picture()) \(tone) -c:v libx264 -c:a aac"], turn: degrees,
      has: ["video.side_data_list.Display Matrix.rotation": String(angle)],
      mayDiffer: [AllowedDifference("video.tags.rotate", because: "an old name of the display matrix")])
  }

  private static func squeezed(
    _ aspect: String, _ filter: String, _ file: String, to output: String, lossless: Bool = false
  ) -> FidelityCase {
    FidelityCase(
      property: "samples \(aspect)", input: "in.\(file)", output: "out.\(output)",
      commands: ["\(picture()) -vf setsar=\(filter) -c:v libx264"],
      has: ["video.sample_aspect_ratio": aspect],
      isLossless: lossless)
  }

  /// Colour, shape, turn, light and fields.
  static let pictures: [FidelityCase] = [
    tagged("BT.709", .bt709, "mp4", to: "mp4"), tagged("BT.601, 525 lines", .ntsc, "mov", to: "mov"),
    tagged("BT.470BG", .pal, "mkv", to: "mkv"), tagged("full range", .full, "mkv", to: "mkv"),
    tagged("full range", .full, "mp4", to: "mkv", lossless: true),
    chromaTopLeft("mp4"), chromaTopLeft("mkv", lossless: true),
    tagged("BT.709, VP9", .bt709, "webm", to: "webm", codec: "libvpx-vp9 -deadline realtime"),
    tagged("BT.709, AV1", .bt709, "mp4", to: "mp4", codec: "libsvtav1 -preset 12"),
    tagged(
      "HLG, 10 bits", .hlg, "mp4", to: "mp4", codec: "libx265 -x265-params log-level=none",
      format: "yuv420p10le"),
    tagged(light, .pq, "mp4", to: "mp4", codec: hdr, format: "yuv420p10le", .light),
    tagged(light, .pq, "mkv", to: "mkv", codec: hdr, format: "yuv420p10le", .light),
    tagged(light, .pq, "mkv", to: "mkv", codec: hdr, format: "yuv420p10le", lossless: true, .light),
    squeezed("128:117", "128/117:max=200", "mp4", to: "mp4"), squeezed("64:45", "64/45", "mkv", to: "mkv"),
    squeezed("10:11", "10/11", "mov", to: "mkv", lossless: true),
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
