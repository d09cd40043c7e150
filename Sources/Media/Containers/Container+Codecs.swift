internal import CFFmpeg

/// What containers hold, and what to do where one does not.
extension Container {
  /// Whether the container can hold packets of a stream, as far as that is known without writing any.
  func holds(_ stream: AVCodecParameters) -> Bool {
    if stream.codec_type == AVMEDIA_TYPE_ATTACHMENT { return attachesCovers }
    if stream.codec_id == AV_CODEC_ID_NONE || isImages { return false }
    return holds(stream.codec_id)
  }

  /// Whether the container can hold packets of a codec.
  func holds(_ codec: AVCodecID) -> Bool {
    // By its standard a transport stream takes anything; readers know these codecs only.
    if isTransportStream { return Self.transportStream.contains(codec) }
    if ["gif", "apng", "webp", "yuv4mpegpipe"].contains(name) { return codec == format.pointee.video_codec }
    if isProgramStream { return Self.programStream.contains(codec) }
    return avformat_query_codec(format, codec, FF_COMPLIANCE_EXPERIMENTAL) != 0
  }

  /// Whether players read a codec in this container, not only FFmpeg.
  func isUsual(_ codec: AVCodecID) -> Bool {
    isTransportStream || isProgramStream
      ? holds(codec) : avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1
  }

  /// Why a stream can't be copied into the container; nil where it can. `isMadeAnew`: the muxer writes such a track
  /// itself, from the video's time code tag.
  func refusal(of stream: AVCodecParameters) -> (reason: String, isMadeAnew: Bool)? {
    if isImages { return ("images cannot hold it", false) }
    if stream.codec_type == AVMEDIA_TYPE_AUDIO && stream.sample_rate <= 0 {
      return ("its header is damaged and says no sample rate", false)
    }
    if stream.codec_type == AVMEDIA_TYPE_VIDEO && (stream.width <= 0 || stream.height <= 0) {
      return ("its header is damaged and says no size", false)
    }
    if holds(stream) { return nil }
    let tmcd: UInt32 = 0x6463_6d74
    return ("the container \(name) cannot hold it", stream.codec_tag == tmcd)
  }

  /// Whether the container has a name for raw video of a pixel format: FFmpeg writes any, and reads those without a
  /// name as another format.
  func namesRaw(_ pixelFormat: String) -> Bool {
    let packed = ["uyvy422", "yuyv422", "bgra", "pal8"]
    if isQuickTime || name == "ismv" {
      return (packed + ["rgb24", "rgb48be", "rgb555be", "rgb565le", "argb", "rgba"]).contains(pixelFormat)
    }
    if hasOnlyDecodingTimes {
      let planar = ["gray", "yuv410p", "yuv411p", "yuv420p", "yuv422p"]
      return (packed + planar + ["bgr24", "rgb555le"]).contains(pixelFormat)
    }
    return true
  }

  /// Whether YUV4MPEG has a name for a pixel format: gray of 8, 9, 10, 12 and 16 bits; luma and chroma of these and of 14
  /// bits, 4:1:1 and with alpha of 8 bits alone.
  static func namesYUV4MPEG(_ pixelFormat: String) -> Bool {
    let name = pixelFormat.hasSuffix("le") ? String(pixelFormat.dropLast(2)) : pixelFormat
    if ["yuv411p", "yuva444p"].contains(name) { return true }
    for (samples, depths) in [
      ("gray", ["", "9", "10", "12", "16"]), ("yuvj420p", [""]), ("yuvj422p", [""]), ("yuvj444p", [""]),
      ("yuv420p", colourDepths), ("yuv422p", colourDepths), ("yuv444p", colourDepths),
    ] where name.hasPrefix(samples) && depths.contains(String(name.dropFirst(samples.count))) {
      return true
    }
    return false
  }

  private static let colourDepths = ["", "9", "10", "12", "14", "16"]

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

  /// What to do to keep a stream that the container does not hold; nil where nothing would help.
  func remedy(for stream: AVCodecParameters, source: String) -> String? {
    if stream.codec_id == AV_CODEC_ID_DVD_NAV {
      return "it is a disc's navigation, which no other file has a use for"
    }
    let others = [("matroska", ".mkv"), ("mp4", ".mp4"), ("mov", ".mov"), ("mpegts", ".ts")]
    let other = others.first { $0.0 != name && Container(named: $0.0)?.holds(stream) == true }
    let ending = other.map { "a name ending in \($0.1) keeps it" }
    guard stream.codec_type == AVMEDIA_TYPE_AUDIO, let encoder = soundEncoder else { return ending }
    let encoding =
      "this container takes it once it is encoded as \(encoder.pointee.id.name) "
      + "(ffmpeg -i \(source) -map 0 -c copy -c:a \(encoder.name) …)"
    return ending.map { "\($0), or \(encoding)" } ?? encoding
  }

  /// The best encoder of the container's usual sound.
  private var soundEncoder: UnsafePointer<AVCodec>? {
    let codec = format.pointee.audio_codec
    let preferred = [
      (AV_CODEC_ID_OPUS, "libopus"), (AV_CODEC_ID_VORBIS, "libvorbis"), (AV_CODEC_ID_MP3, "libmp3lame"),
    ].first { $0.0 == codec }
    return preferred.flatMap { avcodec_find_encoder_by_name($0.1) } ?? avcodec_find_encoder(codec)
  }
}
