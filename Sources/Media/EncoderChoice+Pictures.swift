internal import CFFmpeg

/// Files whose names say how their pictures are coded: any other coding in them would be read by nothing.
extension EncoderChoice {
  /// What a file's name says of its codec; nil of containers that hold several.
  private static func namedCodec(_ container: UnsafePointer<AVOutputFormat>, path: String) -> AVCodecID? {
    guard ["image2", "apng"].contains(String(cString: container.pointee.name)) else { return nil }
    let codec = av_guess_codec(container, nil, path, nil, AVMEDIA_TYPE_VIDEO)
    return codec == AV_CODEC_ID_NONE ? nil : codec
  }

  /// The encoder of a picture that keeps every sample, by the file's name; nil where the name leaves it open.
  ///
  /// - Throws: `MediaError.unsupported` where what the name says may lose something.
  static func losslessPicture(
    _ container: UnsafePointer<AVOutputFormat>, path: String
  ) throws -> UnsafePointer<AVCodec>? {
    guard let codec = namedCodec(container, path: path) else { return nil }
    guard isLossless(codec), let encoder = avcodec_find_encoder(codec) else {
      throw MediaError(
        .unsupported,
        "\(path): \(String(cString: avcodec_get_name(codec))) does not keep every sample: use a name ending in .png, "
          + ".tif or .mkv")
    }
    return encoder
  }

  /// Refuses what would belie the file's name.
  static func checkName(
    _ codec: UnsafePointer<AVCodec>, _ container: UnsafePointer<AVOutputFormat>, path: String
  ) throws {
    guard let named = namedCodec(container, path: path), named != codec.pointee.id else { return }
    // JPEG has a form without loss, which FFmpeg counts as a codec of its own.
    if named == AV_CODEC_ID_MJPEG && codec.pointee.id == AV_CODEC_ID_LJPEG { return }
    let ending = path.split(separator: ".").last ?? ""
    throw MediaError(
      .unsupported,
      "\(path): a name ending in .\(ending) says \(String(cString: avcodec_get_name(named))), which the encoder "
        + "\(String(cString: codec.pointee.name)) does not write: leave the encoder out, or use a name ending in .mkv"
    )
  }
}
