internal import CFFmpeg
import Frames
internal import TIFF

extension TIFFPicture {
  /// FFmpeg's name of the picture's samples. Inks are four planes like colours with transparency.
  private var pixelFormat: AVPixelFormat {
    let isDeep = bitDepth > 8
    switch roles.count {
    case 1: return isDeep ? AV_PIX_FMT_GRAY16LE : AV_PIX_FMT_GRAY8
    case 2: return isDeep ? AV_PIX_FMT_YA16LE : AV_PIX_FMT_YA8
    case 3: return isDeep ? AV_PIX_FMT_RGB48LE : AV_PIX_FMT_RGB24
    default: return isDeep ? AV_PIX_FMT_RGBA64LE : AV_PIX_FMT_RGBA
    }
  }

  /// Makes an empty picture this one.
  ///
  /// - Throws: `MediaError`.
  func fill(_ picture: PicturePointer, packet: PacketPointer, path: String) throws {
    let layout = try PixelLayout(pixelFormat, path: path)
    let code = picture.allocate(layout, width: width, height: height)
    try MediaError.check(code, .unsupported, "\(path): a picture of \(width) x \(height) can't be held")
    layout.write(
      Frame(format: layout.frameFormat(width: width, height: height), planes: planes, index: 0), to: picture)
    picture.pointee.pts = packet.pointee.pts
    picture.pointee.pkt_dts = packet.pointee.dts
    inrr_frame_set_duration(picture, packet.pointee.duration)
    inrr_frame_set_key(picture)
    picture.pointee.pict_type = AV_PICTURE_TYPE_I
    // The more samples there are to a unit of width, the narrower a sample is.
    let (x, y) = (resolution.x, resolution.y)
    if x > 0, y > 0, x.isFinite, y.isFinite, abs(x / y - 1) > 1e-3 {
      picture.pointee.sample_aspect_ratio = av_d2q(y / x, 10000)
    }
    if !profile.isEmpty,
      let data = av_frame_new_side_data(picture, AV_FRAME_DATA_ICC_PROFILE, profile.count)
    {
      memcpy(data.pointee.data, profile, profile.count)
    }
  }
}

extension MediaError {
  /// - Parameter afterFirst: whether pictures before this one could be read.
  init(_ error: TIFFError, afterFirst: Bool = false) {
    let kind: Kind =
      switch error.kind {
      case .cannotRead: .damaged
      case .unsupported: afterFirst ? .damaged : .unsupported
      case .cannotWrite: .cannotWrite
      }
    self.init(kind, error.description)
  }
}
