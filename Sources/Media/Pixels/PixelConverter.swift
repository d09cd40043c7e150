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
    let size = (Int32(clamping: width), Int32(clamping: height))
    guard
      let context = inrr_make_converter(size.0, size.1, from.pixelFormat, to.pixelFormat)
    else {
      throw MediaError(.unsupported, "\(path): cannot convert pixel format \(from.name) to \(to.name)")
    }
    let code = inrr_set_colours(
      context, PixelConverter.coefficients(matrix), isFullRange ? 1 : 0,
      PixelConverter.coefficients(toMatrix),
      toFullRange ? 1 : 0)
    // Formats without colour, such as gray, have no matrix to set.
    if code < 0 && from.isRGB != to.isRGB {
      inrr_free_converter(context)
      throw MediaError(
        .unsupported, "\(path): cannot convert pixel format \(from.name) to \(to.name) with exact colours")
    }
    self.context = context
    self.path = path
  }

  deinit { inrr_free_converter(context) }

  /// Converts one picture into another that has its memory already.
  func convert(_ from: PicturePointer, to: PicturePointer) throws {
    try MediaError.check(
      inrr_convert(context, to, from), .cannotWrite, "\(path): cannot convert the pixel format")
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
