internal import CFFmpeg

/// Settings of the output that take one of FFmpeg's names.
public enum EncodingName: Sendable {
  /// A video encoder.
  case encoder
  case pixelFormat

  /// Whether this FFmpeg knows a name. Encoders go by their codec's name too.
  public func isKnown(_ name: String) -> Bool {
    switch self {
    case .encoder: EncoderChoice.encoder(named: name) != nil
    case .pixelFormat: av_get_pix_fmt(name) != AV_PIX_FMT_NONE
    }
  }

  /// All names, in FFmpeg's order.
  public var all: [String] {
    switch self {
    case .encoder:
      sequence(state: nil as UnsafeMutableRawPointer?) { av_codec_iterate(&$0) }
        .filter { av_codec_is_encoder($0) != 0 && $0.pointee.type == AVMEDIA_TYPE_VIDEO }.map(\.name)
    case .pixelFormat: AVPixelFormat.all.map { AVPixelFormat.name($0.rawValue) }
    }
  }
}
