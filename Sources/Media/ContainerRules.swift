internal import CFFmpeg

/// What containers hold, and what to do where one does not.
enum ContainerRules {
  /// Whether a container can hold packets of a codec, as far as that shows without writing any.
  static func holds(_ codec: AVCodecParameters, _ format: UnsafePointer<AVOutputFormat>) -> Bool {
    let name = String(cString: format.pointee.name)
    if codec.codec_type == AVMEDIA_TYPE_ATTACHMENT { return name == "matroska" }
    if codec.codec_id == AV_CODEC_ID_NONE || name == "image2" { return false }
    return holds(codec.codec_id, format)
  }

  /// The same of a codec by itself.
  static func holds(_ codec: AVCodecID, _ format: UnsafePointer<AVOutputFormat>) -> Bool {
    let name = String(cString: format.pointee.name)
    // By the letter these take anything, and nothing reads what they don't know.
    if name == "mpegts" { return transportStream.contains(codec) }
    if ["gif", "apng", "webp", "yuv4mpegpipe"].contains(name) { return codec == format.pointee.video_codec }
    if ContainerChoice.programStreams.contains(name) { return programStream.contains(codec) }
    return avformat_query_codec(format, codec, FF_COMPLIANCE_EXPERIMENTAL) != 0
  }

  /// Whether a container says when packets are decoded and not when they are shown: pictures that are coded in another
  /// order than they are shown come late there, and the last one has no time.
  static func hasOnlyDecodingTimes(_ format: UnsafePointer<AVOutputFormat>) -> Bool {
    ["avi", "asf", "asf_stream"].contains(String(cString: format.pointee.name))
  }

  /// Whether a container says what raw samples are: FFmpeg writes all of them, and reads many as something else.
  static func namesRaw(_ pixelFormat: String, _ format: UnsafePointer<AVOutputFormat>) -> Bool {
    let name = String(cString: format.pointee.name)
    let packed = ["uyvy422", "yuyv422", "bgra", "pal8"]
    if ["mov", "mp4", "ipod", "ismv", "f4v", "3gp", "3g2", "psp"].contains(name) {
      return (packed + ["rgb24", "rgb48be", "rgb555be", "rgb565le", "argb", "rgba"]).contains(pixelFormat)
    }
    if ["avi", "asf", "asf_stream"].contains(name) {
      let planar = ["gray", "yuv410p", "yuv411p", "yuv420p", "yuv422p"]
      return (packed + planar + ["bgr24", "rgb555le"]).contains(pixelFormat)
    }
    return true
  }

  private static let transportStream: [AVCodecID] = [
    AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC,
    AV_CODEC_ID_VVC, AV_CODEC_ID_CAVS, AV_CODEC_ID_AVS2, AV_CODEC_ID_AVS3, AV_CODEC_ID_DIRAC, AV_CODEC_ID_VC1,
    AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AAC, AV_CODEC_ID_AAC_LATM, AV_CODEC_ID_AC3,
    AV_CODEC_ID_EAC3, AV_CODEC_ID_DTS, AV_CODEC_ID_TRUEHD, AV_CODEC_ID_OPUS, AV_CODEC_ID_S302M,
    AV_CODEC_ID_DVB_SUBTITLE, AV_CODEC_ID_DVB_TELETEXT, AV_CODEC_ID_HDMV_PGS_SUBTITLE,
    AV_CODEC_ID_HDMV_TEXT_SUBTITLE, AV_CODEC_ID_SMPTE_KLV, AV_CODEC_ID_TIMED_ID3, AV_CODEC_ID_BIN_DATA,
  ]

  private static let programStream: [AVCodecID] = [
    AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_H264, AV_CODEC_ID_MP1, AV_CODEC_ID_MP2,
    AV_CODEC_ID_MP3, AV_CODEC_ID_AC3, AV_CODEC_ID_DTS, AV_CODEC_ID_PCM_S16BE, AV_CODEC_ID_PCM_DVD,
    AV_CODEC_ID_DVD_SUBTITLE,
  ]

  /// What to do to keep a stream that a container does not hold; nil where nothing would help.
  static func remedy(
    for codec: AVCodecParameters, _ format: UnsafePointer<AVOutputFormat>, source: String
  ) -> String? {
    if codec.codec_id == AV_CODEC_ID_DVD_NAV {
      return "it is a disc's navigation, which no other file has a use for"
    }
    let name = String(cString: format.pointee.name)
    let other = [("matroska", ".mkv"), ("mp4", ".mp4"), ("mov", ".mov"), ("mpegts", ".ts")].first { other in
      guard other.0 != name, let found = av_guess_format(other.0, nil, nil) else { return false }
      return holds(codec, UnsafePointer(found))
    }
    let ending = other.map { "a name ending in \($0.1) keeps it" }
    guard codec.codec_type == AVMEDIA_TYPE_AUDIO, let encoder = soundEncoder(format) else { return ending }
    let encoding =
      "this container takes it once it is encoded as \(encoder.codec) "
      + "(ffmpeg -i \(source) -map 0 -c copy -c:a \(encoder.name) …)"
    return ending.map { "\($0), or \(encoding)" } ?? encoding
  }

  /// The usual sound of a container, by the names of its codec and of the encoder that is best at it.
  private static func soundEncoder(
    _ format: UnsafePointer<AVOutputFormat>
  ) -> (codec: String, name: String)? {
    let codec = format.pointee.audio_codec
    if codec == AV_CODEC_ID_NONE { return nil }
    let preferred = [
      (AV_CODEC_ID_OPUS, "libopus"), (AV_CODEC_ID_VORBIS, "libvorbis"), (AV_CODEC_ID_MP3, "libmp3lame"),
    ].first { $0.0 == codec }
    let found = preferred.flatMap { avcodec_find_encoder_by_name($0.1) } ?? avcodec_find_encoder(codec)
    guard let encoder = found else { return nil }
    return (String(cString: avcodec_get_name(codec)), String(cString: encoder.pointee.name))
  }
}
