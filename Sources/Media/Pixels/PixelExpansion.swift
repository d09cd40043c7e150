internal import CFFmpeg
import Frames

/// Reads pictures whose samples stand for others: indices into a palette are read as their colours, and bits as gray of
/// 8 bits.
struct PixelExpansion {
  private enum Kind {
    case palette
    case bits(zeroIsWhite: Bool)
  }

  private let kind: Kind
  /// The layout of the frames, in which they are written too.
  let layout: PixelLayout

  /// Nil for a picture that holds its samples themselves.
  init?(_ picture: PicturePointer, path: String) throws {
    switch AVPixelFormat(rawValue: picture.pointee.format) {
    case AV_PIX_FMT_PAL8:
      // A plane of transparency only where the palette has some: few encoders take such a plane.
      layout = try PixelLayout(Self.hasAlpha(picture) ? AV_PIX_FMT_GBRAP : AV_PIX_FMT_GBRP, path: path)
      kind = .palette
    case AV_PIX_FMT_MONOWHITE, AV_PIX_FMT_MONOBLACK:
      layout = try PixelLayout(AV_PIX_FMT_GRAY8, path: path)
      kind = .bits(zeroIsWhite: picture.pointee.format == AV_PIX_FMT_MONOWHITE.rawValue)
    default:
      return nil
    }
  }

  /// Whether a picture has transparent parts for which the frames have no plane.
  func losesAlpha(of picture: PicturePointer) -> Bool {
    guard case .palette = kind else { return false }
    return Self.hasAlpha(picture) && !layout.roles.contains(.alpha)
  }

  /// The samples of a picture, which must have the size of `format`.
  func readPlanes(of picture: PicturePointer, format: FrameFormat) -> [SamplePlane] {
    let (width, height) = (Int32(format.width), Int32(format.height))
    return layout.components.map { component in
      .bytes(
        PixelLayout.memory(format.width * format.height, of: picture, plane: 0) { to, from, stride in
          switch kind {
          case .palette:
            guard let colours = inrr_plane(picture, 1) else {
              to.initialize(repeating: 0, count: format.width * format.height)
              return
            }
            let shift = PixelExpansion.shift(of: component.role)
            inrr_read_palette(to, width, height, from, stride, colours, shift)
          case .bits(let zeroIsWhite): inrr_read_bits(to, width, height, from, stride, zeroIsWhite ? 1 : 0)
          }
        })
    }
  }

  private static func hasAlpha(_ picture: PicturePointer) -> Bool {
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
