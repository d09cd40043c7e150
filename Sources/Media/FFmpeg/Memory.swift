internal import CFFmpeg

typealias PacketPointer = UnsafeMutablePointer<AVPacket>
typealias PicturePointer = UnsafeMutablePointer<AVFrame>
typealias StreamPointer = UnsafeMutablePointer<AVStream>
typealias CodecContextPointer = UnsafeMutablePointer<AVCodecContext>

extension PacketPointer {
  /// A new, empty packet, which the caller frees.
  ///
  /// - Throws: `MediaError.outOfMemory`, as everything here does; its sentence begins with `path`.
  static func make(_ path: String) throws -> Self { try MediaError.allocated(av_packet_alloc(), path) }

  /// Runs `body` with an empty packet and frees the packet afterwards.
  static func with<Result>(_ path: String, _ body: (Self) throws -> Result) throws -> Result {
    let packet = try make(path)
    defer { packet.free() }
    return try body(packet)
  }

  func free() {
    var freed: Self? = self
    av_packet_free(&freed)
  }

  /// Gives an empty packet a copy of some bytes.
  func fill(_ bytes: [UInt8], path: String) throws {
    guard let size = Int32(exactly: bytes.count), av_new_packet(self, size) >= 0 else {
      throw MediaError.outOfMemory(path)
    }
    if size > 0 { memcpy(pointee.data, bytes, bytes.count) }
  }

  /// What the packet holds, until it is changed or freed.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: pointee.data, count: pointee.data == nil ? 0 : Int(Swift.max(0, pointee.size)))
  }
}

extension PicturePointer {
  /// A picture with memory for samples of a layout, which the caller frees.
  static func make(_ layout: PixelLayout, width: Int, height: Int, path: String) throws -> Self {
    let picture = try MediaError.allocated(av_frame_alloc(), path)
    let code = picture.allocate(layout, width: width, height: height)
    if code < 0 {
      picture.free()
      throw MediaError(code: code, .outOfMemory, "\(path): no memory for a picture")
    }
    return picture
  }

  /// Runs `body` with a new picture and frees the picture afterwards.
  static func with<Result>(
    _ layout: PixelLayout, width: Int, height: Int, path: String, _ body: (Self) throws -> Result
  ) throws -> Result {
    let picture = try make(layout, width: width, height: height, path: path)
    defer { picture.free() }
    return try body(picture)
  }

  /// Gives an empty picture memory for samples of a layout. Returns FFmpeg's code.
  func allocate(_ layout: PixelLayout, width: Int, height: Int) -> Int32 {
    pointee.format = layout.pixelFormat.rawValue
    pointee.width = Int32(clamping: width)
    pointee.height = Int32(clamping: height)
    return av_frame_get_buffer(self, 0)
  }

  func free() {
    var freed: Self? = self
    av_frame_free(&freed)
  }

  /// Copies rows of bytes that follow each other without padding into the first plane.
  func copyRows(_ bytes: [UInt8], rowBytes: Int, rows: Int) {
    guard let plane = inrr_plane(self, 0) else { return }
    bytes.withUnsafeBytes { from in
      guard let from = from.baseAddress else { return }
      for y in 0..<rows { memcpy(plane + y * inrr_stride(self, 0), from + y * rowBytes, rowBytes) }
    }
  }
}

extension CodecContextPointer {
  func free() {
    var freed: Self? = self
    avcodec_free_context(&freed)
  }
}
