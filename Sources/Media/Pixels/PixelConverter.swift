internal import CFFmpeg

/// Converts pictures between pixel formats, with stated ranges and matrices; owns FFmpeg's scaler.
final class PixelConverter {
  private let context: OpaquePointer
  private let path: String

  /// - Parameters:
  ///   - from: format, matrix and range of the pictures to convert
  ///   - to: those of the result
  init(
    from: PixelLayout, matrix: AVColorSpace, isFullRange: Bool, to: PixelLayout, toMatrix: AVColorSpace,
    toFullRange: Bool, width: Int, height: Int, path: String
  ) throws {
    let flags = SWS_LANCZOS | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    let size = (Int32(clamping: width), Int32(clamping: height))
    guard
      let context = sws_getContext(
        size.0, size.1, from.pixelFormat, size.0, size.1, to.pixelFormat, Int32(flags), nil, nil, nil)
    else {
      throw MediaError(.unsupported, "\(path): cannot convert pixel format \(from.name) to \(to.name)")
    }
    let one: Int32 = 1 << 16
    let code = sws_setColorspaceDetails(
      context, sws_getCoefficients(PixelConverter.coefficients(matrix)), isFullRange ? 1 : 0,
      sws_getCoefficients(PixelConverter.coefficients(toMatrix)), toFullRange ? 1 : 0, 0, one, one)
    // Formats without colour, such as gray, have no matrix to set.
    if code < 0 && from.isRGB != to.isRGB {
      sws_freeContext(context)
      throw MediaError(
        .unsupported, "\(path): cannot convert pixel format \(from.name) to \(to.name) with exact colours")
    }
    self.context = context
    self.path = path
  }

  deinit { sws_freeContext(context) }

  /// Converts one picture into another that has its memory already.
  func convert(_ from: PicturePointer, to: PicturePointer) throws {
    try MediaError.check(
      sws_scale_frame(context, to, from), .cannotWrite, "\(path): cannot convert the pixel format")
  }

  private static func coefficients(_ matrix: AVColorSpace) -> Int32 {
    switch matrix {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    default: SWS_CS_ITU601
    }
  }
}
