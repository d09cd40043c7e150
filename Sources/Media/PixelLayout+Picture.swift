internal import CFFmpeg

extension PixelLayout {
  /// A picture of this layout with memory for its samples, which the caller frees.
  ///
  /// - Throws: `MediaError.outOfMemory`, its sentence beginning with `path`.
  func newPicture(width: Int, height: Int, path: String) throws -> UnsafeMutablePointer<AVFrame> {
    var made = av_frame_alloc()
    guard let picture = made else { throw MediaError.outOfMemory(path) }
    picture.pointee.format = pixelFormat.rawValue
    picture.pointee.width = Int32(clamping: width)
    picture.pointee.height = Int32(clamping: height)
    let code = av_frame_get_buffer(picture, 0)
    if code < 0 {
      av_frame_free(&made)
      throw MediaError(code: code, .outOfMemory, "\(path): no memory for a picture")
    }
    return picture
  }

  /// The same for as long as `body` takes, which must not keep the picture.
  ///
  /// - Throws: `MediaError.outOfMemory`, or what `body` throws.
  func withPicture<Result>(
    width: Int, height: Int, path: String, _ body: (UnsafeMutablePointer<AVFrame>) throws -> Result
  ) throws -> Result {
    let picture = try newPicture(width: width, height: height, path: path)
    var freed: UnsafeMutablePointer<AVFrame>? = picture
    defer { av_frame_free(&freed) }
    return try body(picture)
  }
}
