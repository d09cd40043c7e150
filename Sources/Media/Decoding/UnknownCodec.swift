internal import CFFmpeg

/// Names of codecs, also of those for which this FFmpeg has only the four letters in a file.
enum UnknownCodec {
  /// FFmpeg's name, or what a file's four letters stand for.
  static func name(of parameters: AVCodecParameters) -> String {
    if parameters.codec_id != AV_CODEC_ID_NONE { return parameters.codec_id.name }
    guard let letters = letters(parameters.codec_tag) else { return "an unknown codec" }
    return known[letters.lowercased()].map { "\($0) ('\(letters)')" } ?? "'\(letters)'"
  }

  /// Codecs that are newer than FFmpeg 5.1, by their four letters.
  private static let known = [
    "vvc1": "VVC (H.266)", "vvi1": "VVC (H.266)", "evc1": "EVC", "apv1": "APV", "lvc1": "LCEVC",
    "dav1": "AV1", "avs3": "AVS3", "av02": "AV2", "jxs1": "JPEG XS", "jxsm": "JPEG XS", "hvt1": "HEVC tiles",
    "braw": "Blackmagic RAW", "brxq": "Blackmagic RAW", "brst": "Blackmagic RAW", "brs2": "Blackmagic RAW",
    "aprn": "ProRes RAW", "aprh": "ProRes RAW", "encv": "encrypted video", "enca": "encrypted sound",
    "drmi": "encrypted video (FairPlay)",
  ]

  /// A tag as text, where all of it can be read.
  private static func letters(_ tag: UInt32) -> String? {
    let bytes = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: tag >> $0) }
    return bytes.allSatisfy { (32...126).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// What to do about a stream that can't be decoded.
  static func refusal(of stream: StreamPointer, path: String) -> MediaError {
    let parameters = stream.pointee.codecpar.pointee
    let name = name(of: parameters)
    let version = String(cString: av_version_info())
    let advice =
      name.lowercased().hasPrefix("encrypted")
      ? "it can't be read without its key"
      : name.lowercased().hasPrefix("vvc")
        ? "FFmpeg decodes it from version 7.1 on: convert it there (ffmpeg -i … -c:v ffv1 -c:a copy x.mkv)"
        : "convert it with a program that reads it, for example to FFV1 in .mkv"
    return MediaError(
      .unsupported,
      "\(path): this FFmpeg (\(version)) has no decoder for \(name) (stream \(stream.pointee.index)); \(advice)"
    )
  }
}
