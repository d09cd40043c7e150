internal import CFFmpeg

/// The FFmpeg that the tool runs with, which may be another than the one that it was built with.
public enum FFmpegBuild {
  /// As it names itself, such as `5.1.9-0+deb12u1`.
  public static var version: String { String(cString: av_version_info()) }

  /// The licence of this build, which its options decide.
  public static var licence: String { String(cString: avutil_license()) }

  /// Name and version of each library.
  public static var libraries: [(name: String, version: String)] {
    [
      ("libavformat", avformat_version()), ("libavcodec", avcodec_version()), ("libavutil", avutil_version()),
      ("libswscale", swscale_version()),
    ].map { name, number in (name, "\(number >> 16).\(number >> 8 & 255).\(number & 255)") }
  }

  /// What can be read and written of a codec.
  public struct Codec: Sendable, Hashable, Codable {
    /// FFmpeg's name of the codec.
    public var name: String
    /// The decoder; nil where this FFmpeg has none.
    public var decoder: String?
    /// The encoder that an output of this codec is written with; nil where this FFmpeg has none of `encoders`.
    public var encoder: String?
    /// Encoders that would do, the best first.
    public var encoders: [String]

    public init(name: String, decoder: String?, encoder: String?, encoders: [String]) {
      (self.name, self.decoder, self.encoder, self.encoders) = (name, decoder, encoder, encoders)
    }
  }

  /// The codecs that people restore, those of video first, in the order of how usual they are.
  public static var codecs: [Codec] {
    FFmpegLog.install()
    return usual.map { id in
      let encoders = EncoderRequest.encoders(of: id, x264: "libx264")
      return Codec(
        name: id.name, decoder: avcodec_find_decoder(id)?.name,
        encoder: encoders.first { avcodec_find_encoder_by_name($0) != nil },
        encoders: encoders.isEmpty ? [id.name] : encoders)
    }
  }

  private static let usual = [
    AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1, AV_CODEC_ID_VP9, AV_CODEC_ID_VP8, AV_CODEC_ID_PRORES,
    AV_CODEC_ID_DNXHD, AV_CODEC_ID_FFV1, AV_CODEC_ID_HUFFYUV, AV_CODEC_ID_UTVIDEO, AV_CODEC_ID_MPEG2VIDEO,
    AV_CODEC_ID_MPEG4, AV_CODEC_ID_DVVIDEO, AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_TIFF,
    AV_CODEC_ID_DPX,
  ]
}
