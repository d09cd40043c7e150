internal import CFFmpeg
import Frames

/// Reads pictures of pixel formats whose samples stand for other samples: indices into a palette are read as
/// the colours they stand for, and bits as gray of 8 bits.
struct PixelExpansion {
  private enum Kind {
    case palette
    case bits(zeroIsWhite: Bool)
  }

  private let kind: Kind
  /// What the frames hold, and what they are written as.
  let layout: PixelLayout

  /// Nil for a picture whose samples are what they are.
  init?(_ picture: UnsafePointer<AVFrame>, path: String) throws {
    switch AVPixelFormat(rawValue: picture.pointee.format) {
    case AV_PIX_FMT_PAL8:
      // A plane of transparency only where there is some: few encoders take one.
      let hasAlpha = PixelExpansion.hasAlpha(picture)
      layout = try PixelLayout(hasAlpha ? AV_PIX_FMT_GBRAP : AV_PIX_FMT_GBRP, path: path)
      kind = .palette
    case AV_PIX_FMT_MONOWHITE, AV_PIX_FMT_MONOBLACK:
      layout = try PixelLayout(AV_PIX_FMT_GRAY8, path: path)
      kind = .bits(zeroIsWhite: picture.pointee.format == AV_PIX_FMT_MONOWHITE.rawValue)
    default:
      return nil
    }
  }

  /// Whether a picture has transparent parts for which the frames have no plane.
  func losesAlpha(of picture: UnsafePointer<AVFrame>) -> Bool {
    if case .palette = kind {
      PixelExpansion.hasAlpha(picture) && !layout.roles.contains(.alpha)
    } else {
      false
    }
  }

  /// The samples of a picture, which must have the size of `format`.
  func readPlanes(of picture: UnsafePointer<AVFrame>, format: FrameFormat) -> [[UInt16]] {
    layout.components.map { component in
      [UInt16](unsafeUninitializedCapacity: format.width * format.height) { buffer, count in
        count = format.width * format.height
        guard let to = buffer.baseAddress, let from = inrr_plane(picture, 0) else {
          buffer.initialize(repeating: 0)
          return
        }
        let (width, height) = (Int32(format.width), Int32(format.height))
        switch kind {
        case .palette:
          guard let colours = inrr_plane(picture, 1) else {
            buffer.initialize(repeating: 0)
            return
          }
          inrr_read_palette(
            to, width, height, from, inrr_stride(picture, 0), colours,
            PixelExpansion.shift(of: component.role))
        case .bits(let zeroIsWhite):
          inrr_read_bits(to, width, height, from, inrr_stride(picture, 0), zeroIsWhite ? 1 : 0)
        }
      }
    }
  }

  private static func hasAlpha(_ picture: UnsafePointer<AVFrame>) -> Bool {
    inrr_plane(picture, 1).map { inrr_palette_has_alpha($0) != 0 } ?? false
  }

  /// Where a component lies in a colour of a palette, 0xAARRGGBB.
  private static func shift(of role: PlaneRole) -> Int32 {
    switch role {
    case .alpha: 24
    case .red: 16
    case .green: 8
    default: 0
    }
  }
}
