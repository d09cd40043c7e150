internal import CFFmpeg

/// The encoder for a video and the pixel format that it gets.
struct EncoderChoice {
  let codec: UnsafePointer<AVCodec>
  let layout: PixelLayout

  var name: String { codec.name }

  /// Chooses by the settings, the source and what the container holds.
  ///
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  init(settings: EncodeSettings, source: VideoProperties, container: Container, path: String) throws {
    var wanted = source.layout
    if settings.pixelFormat != "source" {
      guard let named = try PixelLayout.named(settings.pixelFormat, path: path) else {
        throw MediaError(
          .unsupported,
          "\(path): there is no pixel format called '\(settings.pixelFormat)'; see ffmpeg -pix_fmts")
      }
      wanted = named
    }
    let request = EncoderRequest(source: source, wanted: wanted, container: container, path: path)
    if container.isYUV4MPEG && settings.codec == nil {
      self = try request.frames()
    } else if settings.lossless, let picture = try request.losslessPicture() {
      self = try request.choice(of: picture)
    } else if let name = settings.lossless ? "ffv1" : settings.codec {
      guard let codec = Self.encoder(named: name) else {
        throw MediaError(
          .unsupported, "\(path): this FFmpeg has no video encoder called '\(name)'; see ffmpeg -encoders")
      }
      self = try request.choice(of: codec, isLossless: settings.lossless)
    } else {
      self = try request.standardChoice()
    }
  }

  init(codec: UnsafePointer<AVCodec>, layout: PixelLayout) {
    (self.codec, self.layout) = (codec, layout)
  }

  /// The video encoder of a name, or of the codec of a name.
  static func encoder(named name: String) -> UnsafePointer<AVCodec>? {
    let found =
      avcodec_find_encoder_by_name(name)
      ?? avcodec_descriptor_get_by_name(name).flatMap { avcodec_find_encoder($0.pointee.id) }
    return found?.pointee.type == AVMEDIA_TYPE_VIDEO ? found : nil
  }

  /// The layouts that an encoder takes, of those that are read and written here; nil where it takes any.
  static func layouts(of codec: UnsafePointer<AVCodec>) -> [PixelLayout]? {
    inrr_encoder_pixel_formats(codec).map { list in
      (0...).lazy.map { list[$0] }.prefix { $0 != AV_PIX_FMT_NONE }
        .compactMap { try? PixelLayout($0, path: "") }
    }
  }

  /// Whether a codec never loses a sample. Codecs with a lossy and a lossless form count as lossy.
  static func isLossless(_ codec: AVCodecID) -> Bool {
    guard let properties = avcodec_descriptor_get(codec)?.pointee.props else { return false }
    return properties & AV_CODEC_PROP_LOSSLESS != 0 && properties & AV_CODEC_PROP_LOSSY == 0
  }

  /// Whether an encoder without a rate factor takes a quantiser scale instead.
  static func isQuantised(_ codec: UnsafePointer<AVCodec>) -> Bool {
    [
      AV_CODEC_ID_MJPEG, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H263,
      AV_CODEC_ID_H263P, AV_CODEC_ID_FLV1, AV_CODEC_ID_MSMPEG4V2, AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_WMV1,
      AV_CODEC_ID_WMV2,
    ].contains(codec.pointee.id)
  }
}
