/// Clocks that restart or wrap, and times off the grid of a codec or container.
extension FidelityCase {
  private static let stream =
    "\(picture(rate: "30", frames: 15)) -f lavfi -i sine=440:d=0.5 -c:v libx264 -bf 2 -c:a aac"
  /// Two frames, then half a frame more, as films are shown at 29.97 frames/s.
  private static let telecine = "(floor(N/2)*2.5+mod(N\\,2))*1001/30000"

  private static func spread(
    _ codec: String, _ times: String, _ name: String, _ file: String, to output: String
  )
    -> FidelityCase
  {
    .init(
      name, "in.\(file)", to: "out.\(output)",
      [
        "\(picture("64x64", rate: "30000/1001", frames: 10)) -c:v \(codec) -q:v 2 plain.mkv",
        "-i plain.mkv -c copy -bsf:v setts=pts='\(times)/TB':dts='\(times)/TB'",
      ], .guessedRate, .fromStream, .partsOfFrames)
  }

  private static func joined(_ name: String, _ command: String, to output: String) -> FidelityCase {
    var test = FidelityCase(
      name, "in.ts", to: "out.\(output)", ["\(stream) base.ts", command], .guessedRate, .fromStream)
    test.reference = "-i in.ts -c copy reference.\(output)"
    return test
  }

  static let clocks: [FidelityCase] = [
    joined("two parts", "-f data -i concat:base.ts|base.ts -map 0 -c copy -f data", to: "mp4"),
    joined("two parts", "-f data -i concat:base.ts|base.ts -map 0 -c copy -f data", to: "mkv"),
    joined("clock wraps", "-i base.ts -c copy -copyts -output_ts_offset 95443 -muxdelay 0", to: "mp4"),
    joined("clock wraps", "-i base.ts -c copy -copyts -output_ts_offset 95443 -muxdelay 0", to: "mkv"),
    spread("mpeg2video", telecine, "soft telecine, MPEG-2", "mkv", to: "mkv"),
    spread("mpeg2video", telecine, "soft telecine, MPEG-2", "mkv", to: "ts"),
    spread("mpeg2video", telecine, "soft telecine, MPEG-2", "mp4", to: "mp4"),
    spread("mpeg2video", "N/60", "faster than its header says, MPEG-2", "mkv", to: "mkv"),
    spread("mpeg1video", "N*N/100", "variable rate, MPEG-1", "mkv", to: "mkv"),
    .init(
      "null frames", "in.avi", to: "out.mkv",
      ["\(picture(frames: 20)) -vf select=not(mod(n\\,3)) -vsync passthrough -c:v huffyuv -pix_fmt yuv422p"],
      lossless: true, .guessedRate),
  ]
}

extension AllowedDifference {
  static let partsOfFrames = AllowedDifference(
    "video.ticks_per_frame", "video.has_b_frames", "video.chroma_location",
    because: "guesses by the header's rate")
}
