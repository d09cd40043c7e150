internal import CFFmpeg
import Frames

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

  /// What samples lose that are converted from another layout, the worst first: planes of transparency and colour, colours
  /// as such, places of chroma, bits; then what they take beyond need.
  func losses(from other: PixelLayout) -> [Int] {
    func has(_ role: PlaneRole, _ layout: PixelLayout) -> Bool {
      layout.components.contains { $0.role == role }
    }
    let alpha = has(.alpha, other) && !has(.alpha, self)
    let colour = !has(.luma, other) || other.components.count > 2
    let isGray = colour && has(.luma, self) && components.count <= 2
    let chroma =
      max(0, chromaHorizontalShift - other.chromaHorizontalShift)
      + max(0, chromaVerticalShift - other.chromaVerticalShift)
    let bits = max(0, other.bitDepth - bitDepth)
    let surplus =
      max(0, bitDepth - other.bitDepth) + max(0, components.count - other.components.count)
      + max(0, other.chromaHorizontalShift - chromaHorizontalShift)
    return [isGray ? 1 : 0, alpha ? 1 : 0, isRGB == other.isRGB ? 0 : 1, chroma, bits, surplus]
  }

  /// A new picture for as long as `body` takes, which must not keep it.
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
