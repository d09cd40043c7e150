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
    let context = try MediaError.allocated(avcodec_alloc_context3(codec), what)
    defer { context.free() }
    let (width, height) = (picture.width, picture.height)
    context.pointee.width = Int32(clamping: width)
    context.pointee.height = Int32(clamping: height)
    context.pointee.pix_fmt = target.pixelFormat
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.thread_count = 1
    if case .jpeg(let quality) = format {
      context.pointee.color_range = AVCOL_RANGE_JPEG
      context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      context.pointee.global_quality = quantiser(quality) * FF_QP2LAMBDA
    }
    try MediaError.check(avcodec_open2(context, codec, nil), .unsupported, what)

    return try PicturePointer.with(source, width: width, height: height, path: what) { frame in
      frame.copyRows(picture.samples, rowBytes: width * 3, rows: height)
      if source.pixelFormat == target.pixelFormat { return try encode(frame, by: context, what) }
      return try PicturePointer.with(target, width: width, height: height, path: what) { converted in
        let converter = try PixelConverter(
          from: source, matrix: AVCOL_SPC_RGB, isFullRange: true, to: target, toMatrix: AVCOL_SPC_SMPTE170M,
          toFullRange: true, width: width, height: height, path: what)
        try converter.convert(frame, to: converted)
        converted.pointee.color_range = AVCOL_RANGE_JPEG
        converted.pointee.quality = context.pointee.global_quality
        return try encode(converted, by: context, what)
      }
    }
  }

  private static func encode(
    _ frame: PicturePointer, by context: CodecContextPointer, _ what: String
  ) throws -> Data {
    try PacketPointer.with(what) { packet in
      try MediaError.check(avcodec_send_frame(context, frame), .unsupported, what)
      try MediaError.check(avcodec_receive_packet(context, packet), .unsupported, what)
      return Data(packet.bytes)
    }
  }

  /// FFmpeg's quantiser scale of JPEG, from 2 (best) to 31.
  private static func quantiser(_ quality: Int) -> Int32 {
    Int32(min(max(2 + (100 - quality) * 29 / 99, 2), 31))
  }
}
