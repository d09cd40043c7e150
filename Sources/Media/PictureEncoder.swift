internal import CFFmpeg
import Foundation

/// Still pictures as files in memory.
public enum PictureEncoder {
  public enum Format: Sendable, Equatable {
    case png
    /// - Parameter quality: 1 ... 100.
    case jpeg(quality: Int)

    /// As web pages name it.
    public var mediaType: String { self == .png ? "image/png" : "image/jpeg" }
  }

  /// The picture as a PNG or JPEG file.
  ///
  /// - Throws: `MediaError`: `.unsupported` or `.outOfMemory`.
  public static func data(of picture: RGBPicture, as format: Format) throws -> Data {
    FFmpegLog.install()
    let name = format == .png ? "png" : "mjpeg"
    let what = "a picture can't be written as \(name)"
    guard let codec = avcodec_find_encoder_by_name(name) else {
      throw MediaError(.unsupported, "\(what): this FFmpeg has no such encoder")
    }
    guard let source = try PixelLayout.named("rgb24", path: what),
      let target = try PixelLayout.named(format == .png ? "rgb24" : "yuvj420p", path: what)
    else { throw MediaError(.unsupported, what) }
    var context = avcodec_alloc_context3(codec)
    defer { avcodec_free_context(&context) }
    guard let opened = context else { throw MediaError.outOfMemory(what) }
    opened.pointee.width = Int32(clamping: picture.width)
    opened.pointee.height = Int32(clamping: picture.height)
    opened.pointee.pix_fmt = target.pixelFormat
    opened.pointee.time_base = AVRational(num: 1, den: 25)
    opened.pointee.thread_count = 1
    if case .jpeg(let quality) = format {
      opened.pointee.color_range = AVCOL_RANGE_JPEG
      opened.pointee.flags |= AV_CODEC_FLAG_QSCALE
      opened.pointee.global_quality = quantiser(quality) * FF_QP2LAMBDA
    }
    try MediaError.check(avcodec_open2(opened, codec, nil), .unsupported, what)

    let (width, height) = (picture.width, picture.height)
    return try source.withPicture(width: width, height: height, path: what) { frame in
      fill(frame, with: picture)
      if source.pixelFormat == target.pixelFormat { return try encode(frame, by: opened, what) }
      return try target.withPicture(width: width, height: height, path: what) { converted in
        let converter = try PixelConverter(
          from: source, matrix: AVCOL_SPC_RGB, isFullRange: true, to: target, toMatrix: AVCOL_SPC_SMPTE170M,
          toFullRange: true, width: width, height: height, path: what)
        try converter.convert(frame, to: converted)
        converted.pointee.color_range = AVCOL_RANGE_JPEG
        converted.pointee.quality = opened.pointee.global_quality
        return try encode(converted, by: opened, what)
      }
    }
  }

  private static func encode(
    _ frame: UnsafeMutablePointer<AVFrame>, by context: UnsafeMutablePointer<AVCodecContext>, _ what: String
  ) throws -> Data {
    var packet = av_packet_alloc()
    defer { av_packet_free(&packet) }
    try MediaError.check(avcodec_send_frame(context, frame), .unsupported, what)
    try MediaError.check(avcodec_receive_packet(context, packet), .unsupported, what)
    guard let packet, let bytes = packet.pointee.data else { throw MediaError.outOfMemory(what) }
    return Data(bytes: bytes, count: Int(packet.pointee.size))
  }

  /// FFmpeg's scale of JPEG, 2 ... 31 with small ones good.
  private static func quantiser(_ quality: Int) -> Int32 {
    Int32(min(max(2 + (100 - quality) * 29 / 99, 2), 31))
  }

  private static func fill(_ frame: UnsafeMutablePointer<AVFrame>, with picture: RGBPicture) {
    picture.samples.withUnsafeBytes { bytes in
      guard let from = bytes.baseAddress, let to = inrr_plane(frame, 0) else { return }
      for y in 0..<picture.height {
        memcpy(to + y * inrr_stride(frame, 0), from + y * picture.width * 3, picture.width * 3)
      }
    }
  }
}
