/// What one plane of a frame holds.
public enum PlaneRole: String, Sendable, Hashable, Codable {
  case luma, chromaBlue, chromaRed, red, green, blue, alpha

  /// Chroma planes are the only ones that may be subsampled.
  public var isChroma: Bool { self == .chromaBlue || self == .chromaRed }
}

/// One plane's place in a `FrameFormat`.
///
/// A plane's sample (x, y) covers the luma samples
/// `x << horizontalShift ..< (x + 1) << horizontalShift` by the same in y, cut at the frame's edge.
public struct PlaneFormat: Sendable, Hashable {
  public var role: PlaneRole
  /// Width in samples of this plane: ceil(frame width / 2^horizontalShift).
  public var width: Int
  /// Height in samples of this plane: ceil(frame height / 2^verticalShift).
  public var height: Int
  /// log2 of the horizontal subsampling against the frame.
  public var horizontalShift: Int
  /// log2 of the vertical subsampling against the frame.
  public var verticalShift: Int

  public var count: Int { width * height }

  public init(role: PlaneRole, width: Int, height: Int, horizontalShift: Int = 0, verticalShift: Int = 0) {
    self.role = role
    self.width = width
    self.height = height
    self.horizontalShift = horizontalShift
    self.verticalShift = verticalShift
  }
}

/// The layout of a video's or volume's frames: size, bit depth and planes.
///
/// Samples are whole numbers, 0 ... `maximumValue`: see `SamplePlane`.
public struct FrameFormat: Sendable, Hashable {
  public var width: Int
  public var height: Int
  /// Bits per sample, 1 ... 16, the same for all planes.
  public var bitDepth: Int
  public var planes: [PlaneFormat]

  public init(width: Int, height: Int, bitDepth: Int, planes: [PlaneFormat]) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.planes = planes
  }

  /// A format whose planes have the given roles, chroma planes subsampled by the given shifts.
  public init(
    width: Int, height: Int, bitDepth: Int, roles: [PlaneRole], chromaHorizontalShift: Int = 0,
    chromaVerticalShift: Int = 0
  ) {
    self.init(
      width: width, height: height, bitDepth: bitDepth,
      planes: roles.map { role in
        let sx = role.isChroma ? chromaHorizontalShift : 0
        let sy = role.isChroma ? chromaVerticalShift : 0
        return PlaneFormat(
          role: role, width: (width + (1 << sx) - 1) >> sx, height: (height + (1 << sy) - 1) >> sy,
          horizontalShift: sx, verticalShift: sy)
      })
  }

  /// Largest sample value, 2^bitDepth - 1.
  public var maximumValue: Int { (1 << bitDepth) - 1 }

  /// Bytes that the samples of one frame take in memory.
  public var bytesPerFrame: Int { planes.reduce(0) { $0 + $1.count } * (bitDepth > 8 ? 2 : 1) }
}
