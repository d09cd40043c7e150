internal import CFFmpeg

/// The encoder where the settings name none.
extension EncoderRequest {
  /// The source's codec again, if there is an encoder for it that takes the samples and the container holds it;
  /// else FFV1 where the source's codec is lossless too, else H.264, else what the container usually holds.
  ///
  /// - Throws: `MediaError.unsupported`, the first candidate's: that of the source's own codec, if there is an encoder for it.
  func standardChoice() throws -> EncoderChoice {
    var refusal: (any Error)?
    for codec in candidates {
      do { return try choice(of: codec) } catch { refusal = refusal ?? error }
    }
    throw refusal
      ?? MediaError(.unsupported, "\(path): this FFmpeg has no encoder for this kind of file; use .mkv")
  }

  private var candidates: [UnsafePointer<AVCodec>] {
    let own = [
      avcodec_find_encoder(av_guess_codec(container.format, nil, path, nil, AVMEDIA_TYPE_VIDEO))
    ].compactMap { $0 }
    // The name of an image says its codec.
    if container.isImages { return own }
    let x264 = wanted.isRGB ? "libx264rgb" : "libx264"
    var names: [String] = []
    if let codec = source.codecID, !source.isImageSequence {
      names += Self.encoders(of: codec, x264: x264)
      if EncoderChoice.isLossless(codec) { names.append("ffv1") }
    }
    let holdsH264 =
      container.isTransportStream
      || avformat_query_codec(container.format, AV_CODEC_ID_H264, FF_COMPLIANCE_NORMAL) == 1
    if holdsH264 { names.append(x264) }
    // FFmpeg writes other codecs too, which few players read there.
    let usual = names.compactMap { avcodec_find_encoder_by_name($0) }.filter {
      container.isUsual($0.pointee.id)
        || (holdsH264 && !container.isProgramStream && $0.name.hasPrefix("libx264"))
    }
    return usual + (holdsH264 ? [] : own)
  }

  /// Encoders that write a codec at a reliable quality without a bit rate that the user would have to choose.
  ///
  /// - Parameter x264: the form of libx264 that takes the samples.
  static func encoders(of codec: AVCodecID, x264: String) -> [String] {
    switch codec {
    case AV_CODEC_ID_H264: return [x264]
    case AV_CODEC_ID_HEVC: return ["libx265"]
    case AV_CODEC_ID_AV1: return ["libsvtav1", "libaom-av1"]
    case AV_CODEC_ID_VP9: return ["libvpx-vp9"]
    case AV_CODEC_ID_VP8: return ["libvpx"]
    case AV_CODEC_ID_PRORES: return ["prores_ks"]
    default: break
    }
    guard let encoder = avcodec_find_encoder(codec) else { return [] }
    // DV and DNxHR have a fixed rate that is high for their sizes.
    let isReliable =
      EncoderChoice.isQuantised(encoder) || [AV_CODEC_ID_DNXHD, AV_CODEC_ID_DVVIDEO].contains(codec)
      || (EncoderChoice.isLossless(codec) && codec != AV_CODEC_ID_GIF)
    return isReliable ? [encoder.name] : []
  }
}
