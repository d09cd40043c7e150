internal import CFFmpeg
import Foundation

/// An animation of 256 colours that repeats for ever, as a GIF file in memory.
public enum MovingGIF {
  /// - Parameters:
  ///   - colours: at most 256, red, green and blue.
  ///   - delay: how long each picture is shown, in hundredths of a second.
  ///   - indices: the colour of each pixel of a picture, row by row; called once for each picture, in order.
  /// - Throws: `MediaError`, or what `indices` throws.
  public static func data(
    width: Int, height: Int, colours: [(red: UInt8, green: UInt8, blue: UInt8)], count: Int, delay: Int,
    indices: (Int) throws -> [UInt8]
  ) throws -> Data {
    precondition(colours.count <= 256, "a GIF has 256 colours")
    let what = "a GIF can't be written"
    FFmpegLog.install()
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_GIF) else {
      throw MediaError(.unsupported, "\(what): this FFmpeg has no such encoder")
    }
    var file: UnsafeMutablePointer<AVFormatContext>?
    var bytes: UnsafeMutablePointer<UInt8>?
    let context = try MediaError.allocated(avcodec_alloc_context3(codec), what)
    defer { context.free() }
    let frame = try MediaError.allocated(av_frame_alloc(), what)
    defer { frame.free() }
    let packet = try PacketPointer.make(what)
    defer { packet.free() }
    defer {
      if let buffer = file?.pointee.pb { avio_close_dyn_buf(buffer, &bytes) }
      avformat_free_context(file)
      av_free(bytes)
    }
    try MediaError.check(avformat_alloc_output_context2(&file, nil, "gif", nil), .unsupported, what)
    guard let file, let stream = avformat_new_stream(file, codec) else { throw MediaError.outOfMemory(what) }
    (context.pointee.width, context.pointee.height) = (Int32(clamping: width), Int32(clamping: height))
    context.pointee.pix_fmt = AV_PIX_FMT_PAL8
    context.pointee.time_base = AVRational(num: 1, den: 100)
    stream.pointee.time_base = context.pointee.time_base
    try MediaError.check(avcodec_open2(context, codec, nil), .unsupported, what)
    try MediaError.check(
      avcodec_parameters_from_context(stream.pointee.codecpar, context), .unsupported, what)
    (frame.pointee.width, frame.pointee.height) = (context.pointee.width, context.pointee.height)
    frame.pointee.format = AV_PIX_FMT_PAL8.rawValue
    try MediaError.check(av_frame_get_buffer(frame, 0), .outOfMemory, what)

    try MediaError.check(avio_open_dyn_buf(&file.pointee.pb), .outOfMemory, what)
    try MediaError.check(avformat_write_header(file, nil), .unsupported, what)
    for index in 0..<count {
      // The encoder keeps the picture before, because it writes only what differs.
      try MediaError.check(av_frame_make_writable(frame), .outOfMemory, what)
      fill(frame, with: try indices(index), width: width, height: height, colours: colours)
      frame.pointee.pts = Int64(index * delay)
      try MediaError.check(avcodec_send_frame(context, frame), .unsupported, what)
      try MediaError.check(avcodec_receive_packet(context, packet), .unsupported, what)
      packet.pointee.duration = Int64(delay)
      try MediaError.check(av_write_frame(file, packet), .unsupported, what)
      av_packet_unref(packet)
    }
    try MediaError.check(av_write_trailer(file), .unsupported, what)
    let size = avio_close_dyn_buf(file.pointee.pb, &bytes)
    file.pointee.pb = nil
    guard let bytes, size > 0 else { throw MediaError.outOfMemory(what) }
    return Data(bytes: bytes, count: Int(size))
  }

  private static func fill(
    _ frame: PicturePointer, with indices: [UInt8], width: Int, height: Int,
    colours: [(red: UInt8, green: UInt8, blue: UInt8)]
  ) {
    precondition(indices.count == width * height, "a picture needs an index for each pixel")
    frame.copyRows(indices, rowBytes: width, rows: height)
    inrr_plane(frame, 1)?.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      for i in 0..<256 {
        let colour = i < colours.count ? colours[i] : (0, 0, 0)
        entries[i] = 255 << 24 | UInt32(colour.0) << 16 | UInt32(colour.1) << 8 | UInt32(colour.2)
      }
    }
  }
}
