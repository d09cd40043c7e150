/// Containers of several kinds that share a name, and files of more than one video.
extension FidelityCase {
  static let containers: [FidelityCase] = [
    .init(
      "a DVD's program stream", "in.vob", to: "out.vob",
      ["\(picture("720x480", rate: "30000/1001")) \(tone) -target ntsc-dvd"], refused: [0], .fromStream,
      AllowedDifference(
        "format.nb_streams", "stream.", "packets", "video.id", "video.codec_tag", "format.start_time",
        "format.duration",
        because: "the disc's navigation is left out, and streams are numbered anew")),
    .init(
      "a program stream of MPEG-2", "in.mpg", to: "out.mpg",
      ["\(picture("64x48")) \(tone) -c:v mpeg2video -c:a mp2 -f vob"], .fromStream,
      AllowedDifference("format.start_time", "format.duration", because: "its times begin anywhere")),
    .init(
      "a picture before the film", "in.mkv", to: "out.mkv",
      [
        "\(picture("128x96")) -frames:v 1 still.png", "\(picture()) \(tone) -c:v libx264 -c:a aac film.mkv",
        "-i still.png -i film.mkv -map 0 -map 1 -c copy",
      ]),
  ]
}
