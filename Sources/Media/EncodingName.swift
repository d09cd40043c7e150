internal import CFFmpeg

/// What settings of the output name by FFmpeg's names.
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
    case .encoder: Self.encoders()
    case .pixelFormat: Self.pixelFormats()
    }
  }

  private static func encoders() -> [String] {
    var names: [String] = []
    var state: UnsafeMutableRawPointer?
    while let codec = av_codec_iterate(&state) {
      if av_codec_is_encoder(codec) != 0 && codec.pointee.type == AVMEDIA_TYPE_VIDEO {
        names.append(String(cString: codec.pointee.name))
      }
    }
    return names
  }

  private static func pixelFormats() -> [String] {
    var names: [String] = []
    var descriptor = av_pix_fmt_desc_next(nil)
    while let found = descriptor {
      names.append(String(cString: found.pointee.name))
      descriptor = av_pix_fmt_desc_next(found)
    }
    return names
  }
}
