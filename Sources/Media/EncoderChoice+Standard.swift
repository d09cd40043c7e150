internal import CFFmpeg

/// The encoder where nobody named one.
extension EncoderChoice {
  /// The source's codec again, if there is an encoder for it that takes the samples and the container holds it;
  /// else FFV1 where the source's codec is lossless too, else H.264, else what the container usually holds.
  ///
  /// - Throws: `MediaError.unsupported`, the first candidate's: of the source's own codec, if there is an encoder for it.
  init(
    standardFor source: VideoProperties, wanted: PixelLayout, container: UnsafePointer<AVOutputFormat>,
    path: String
  ) throws {
    let candidates = EncoderChoice.candidates(
      for: source, isRGB: wanted.isRGB, container: container, path: path)
    var refusal: (any Error)?
    for codec in candidates {
      do {
        try self.init(codec, source: source, wanted: wanted, container: container, path: path)
        return
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal
      ?? MediaError(.unsupported, "\(path): this FFmpeg has no encoder for this kind of file; use .mkv")
  }

  private static func candidates(
    for source: VideoProperties, isRGB: Bool, container: UnsafePointer<AVOutputFormat>, path: String
  ) -> [UnsafePointer<AVCodec>] {
    let own = avcodec_find_encoder(av_guess_codec(container, nil, path, nil, AVMEDIA_TYPE_VIDEO))
    // An image's name says what it is.
    if String(cString: container.pointee.name) == "image2" { return [own].compactMap { $0 } }
    var names: [String] = []
    if let codec = source.codecID, !source.isImageSequence { names += encoders(of: codec, isRGB: isRGB) }
    // Some containers hold anything by the letter, and nothing plays it.
    let isStream = String(cString: container.pointee.name) == "mpegts"
    let isStrict =
      isStream || ContainerChoice.programStreams.contains(String(cString: container.pointee.name))
    let holdsH264 =
      isStream || avformat_query_codec(container, AV_CODEC_ID_H264, FF_COMPLIANCE_NORMAL) == 1
    if let codec = source.codecID, isLossless(codec), !source.isImageSequence { names.append("ffv1") }
    if holdsH264 { names.append(isRGB ? "libx264rgb" : "libx264") }
    let found = names.compactMap { avcodec_find_encoder_by_name($0) }.filter {
      if isStrict { return ContainerRules.holds($0.pointee.id, container) }
      return avformat_query_codec(container, $0.pointee.id, FF_COMPLIANCE_NORMAL) == 1
        || (holdsH264 && String(cString: $0.pointee.name).hasPrefix("libx264"))
    }
    return found + (holdsH264 ? [] : [own].compactMap { $0 })
  }

  /// Encoders that write a codec at a quality one can rely on, without a bit rate of somebody's choice.
  private static func encoders(of codec: AVCodecID, isRGB: Bool) -> [String] {
    switch codec {
    case AV_CODEC_ID_H264: return [isRGB ? "libx264rgb" : "libx264"]
    case AV_CODEC_ID_HEVC: return ["libx265"]
    case AV_CODEC_ID_AV1: return ["libsvtav1", "libaom-av1"]
    case AV_CODEC_ID_VP9: return ["libvpx-vp9"]
    case AV_CODEC_ID_VP8: return ["libvpx"]
    case AV_CODEC_ID_PRORES: return ["prores_ks"]
    default: break
    }
    guard let encoder = avcodec_find_encoder(codec), isReliable(encoder) else { return [] }
    return [String(cString: encoder.pointee.name)]
  }

  private static func isReliable(_ encoder: UnsafePointer<AVCodec>) -> Bool {
    let codec = encoder.pointee.id
    // DV and DNxHR have a fixed rate that is high for their sizes.
    if inrr_is_quantised(encoder) != 0 || [AV_CODEC_ID_DNXHD, AV_CODEC_ID_DVVIDEO].contains(codec) {
      return true
    }
    return isLossless(codec) && codec != AV_CODEC_ID_GIF
  }

  /// Whether a codec never loses a sample. Those that may or may not count as lossy.
  static func isLossless(_ codec: AVCodecID) -> Bool {
    guard let descriptor = avcodec_descriptor_get(codec) else { return false }
    let properties = descriptor.pointee.props
    return properties & AV_CODEC_PROP_LOSSLESS != 0 && properties & AV_CODEC_PROP_LOSSY == 0
  }
}
