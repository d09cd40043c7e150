extension FidelityCase {
  private static let chapters =
    ";FFMETADATA1\ntitle=Film\nartist=Somebody\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=One\n"
    + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=200\nEND=400\ntitle=Two\n"
  private static let words =
    "1\n00:00:00,040 --> 00:00:00,200\nFirst words\n\n2\n00:00:00,240 --> 00:00:00,360\nLast\n"

  /// Files that commands take beside FFmpeg's own sources.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("chapters.txt", Array(chapters.utf8)), ("words.srt", Array(words.utf8)),
    ("font.ttf", Array("not really a font".utf8)), ("pictures.sup", bitmapSubtitles),
    tiledTIFF,
  ]

  /// Two sets of PGS segments: a presentation without objects, and its end.
  private static let bitmapSubtitles: [UInt8] = [3600, 18000].flatMap { (time: UInt32) -> [UInt8] in
    let stamp = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: time >> $0) } + [0, 0, 0, 0]
    let presentation: [UInt8] = [0, 64, 0, 48, 0x10, 0, 1, 0x80, 0, 0, 0]
    let head = Array("PG".utf8) + stamp
    return head + [0x16, 0, UInt8(presentation.count)] + presentation + head + [0x80, 0, 0]
  }

  /// Sound, subtitles, attachments, chapters, tags.
  static let streams: [FidelityCase] = [
    .init(
      "two languages, dispositions, tags", "in.mkv", to: "out.mkv",
      [
        "\(picture()) \(tone) -f lavfi -i sine=880:d=0.3 -i chapters.txt -map 0 -map 1 -map 2 -map_metadata 3 "
          + "-map_chapters -1 -c:v libx264 -c:a:0 aac -c:a:1 libmp3lame -metadata:s:a:0 language=eng "
          + "-metadata:s:a:1 language=fra -metadata:s:a:1 title=Comments -disposition:a:1 comment "
          + "-metadata:s:v:0 language=deu -metadata:s:v:0 title=Harbour"
      ], .wholePacket),
    .init(
      "two languages, tags", "in.mp4", to: "out.mp4",
      [
        "\(picture()) \(tone) -f lavfi -i sine=880:d=0.3 -i chapters.txt -map 0 -map 1 -map 2 -map_metadata 3 "
          + "-map_chapters -1 -c:v libx264 -c:a aac -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra "
          + "-disposition:a:1 0 -metadata:s:v:0 language=deu"
      ]),
    .init(
      "a phone's tags and place", "in.mov", to: "out.mov",
      [
        "\(picture()) \(tone) -c:v libx264 -c:a aac -movflags use_metadata_tags -metadata location=+48.1+011.5/ "
          + "-metadata com.apple.quicktime.make=Apple -metadata com.apple.quicktime.model=Telephone"
      ],
      AllowedDifference(
        "format.tags.location-eng", because: "QuickTime has the place twice, once by language")),
    .init(
      "sound before video", "in.mp4", to: "out.mp4",
      ["\(picture()) \(tone) -map 1 -map 0 -c:v libx264 -c:a aac"]),
    .init(
      "chapters", "in.mkv", to: "out.mkv",
      ["\(picture()) -i chapters.txt -map 0 -map_metadata 1 -c:v libx264"]),
    .init(
      "chapters", "in.mp4", to: "out.mp4",
      ["\(picture()) -i chapters.txt -map 0 -map_metadata 1 -c:v libx264"],
      AllowedDifference("stream.1.id", because: "numbered anew")),
    .init(
      "chapters", "in.mkv", to: "out.mp4",
      ["\(picture()) -i chapters.txt -map 0 -map_metadata 1 -c:v libx264"],
      AllowedDifference(
        "tags.TITLE", "tags.title", "tags.ARTIST", "tags.artist", because: "capital letters are Matroska's"),
      .chapterText),
    .init(
      "subtitles: SubRip", "in.mkv", to: "out.mkv",
      [
        "\(picture()) \(tone) -i words.srt -map 0 -map 1 -map 2 -c:v libx264 -c:a aac -c:s srt -metadata:s:s:0 language=fra"
      ], .wholePacket),
    .init(
      "subtitles: ASS", "in.mkv", to: "out.mkv",
      ["\(picture()) -i words.srt -map 0 -map 1 -c:v libx264 -c:s ass -disposition:s:0 forced"]),
    .init(
      "subtitles: text of MP4", "in.mp4", to: "out.mp4",
      ["\(picture()) -i words.srt -map 0 -map 1 -c:v libx264 -c:s mov_text -metadata:s:s:0 language=fra"],
      AllowedDifference(
        "stream.1.extradata_size", "stream.1.extradata_hash", because: "FFmpeg repeats the bit rate there")),
    .init(
      "subtitles: WebVTT", "in.webm", to: "out.webm",
      ["\(picture()) -i words.srt -map 0 -map 1 -c:v libvpx-vp9 -deadline realtime -c:s webvtt"]),
    .init(
      "subtitles: bitmaps (PGS)", "in.mkv", to: "out.mkv",
      ["\(picture()) -i pictures.sup -map 0 -map 1 -c:v libx264 -c:s copy"]),
    .init(
      "subtitles and font that MP4 refuses", "in.mkv", to: "out.mp4",
      [
        "\(picture()) -i words.srt -map 0 -map 1 -c:v libx264 -c:s srt -attach font.ttf "
          + "-metadata:s:t mimetype=application/x-truetype-font"
      ], refused: [1, 2], AllowedDifference("format.nb_streams", because: "two are refused")),
    .init(
      "font", "in.mkv", to: "out.mkv",
      [
        "\(picture()) \(tone) -c:v libx264 -c:a aac -attach font.ttf -metadata:s:t mimetype=application/x-truetype-font"
      ], .wholePacket),
    .init(
      "cover picture", "in.mp4", to: "out.mp4",
      [
        "-f lavfi -i color=red:s=32x32 -frames:v 1 cover.png",
        "\(picture()) \(tone) -i cover.png -map 0 -map 1 -map 2 -c:v:0 libx264 -c:v:1 copy -c:a aac "
          + "-disposition:v:1 attached_pic",
      ]),
    .init(
      "cover picture", "in.mkv", to: "out.mkv",
      [
        "-f lavfi -i color=red:s=32x32 -frames:v 1 cover.png",
        "\(picture()) \(tone) -c:v libx264 -c:a aac -attach cover.png -metadata:s:t mimetype=image/png "
          + "-metadata:s:t filename=cover.png",
      ], .wholePacket),
    .init(
      "time code", "in.mov", to: "out.mov",
      ["\(picture()) \(tone) -c:v libx264 -c:a pcm_s16le -timecode 01:02:03:04"],
      AllowedDifference("stream.2.tags.handler_name", because: "made anew with the time code")),
    .init(
      "surround sound", "in.mp4", to: "out.mp4",
      [
        "\(picture()) -f lavfi -i anoisesrc=d=0.4,pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0 -c:v libx264 -c:a ac3"
      ]),
  ]
}
