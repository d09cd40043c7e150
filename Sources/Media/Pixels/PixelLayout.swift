internal import CFFmpeg
import Frames

/// Where the samples of a pixel format lie in memory, by FFmpeg's description of the format.
struct PixelLayout {
  struct Component {
    var role: PlaneRole
    /// Index of the plane of memory, and the first sample's offset in it, in bytes.
    var plane: Int32
    var offset: Int
    var samples: inrr_samples
  }

  let pixelFormat: AVPixelFormat
  let name: String
  let components: [Component]
  let bitDepth: Int
  let chromaHorizontalShift: Int
  let chromaVerticalShift: Int

  /// - Throws: `MediaError.unsupported`, its sentence beginning with `path`, for palettes, bit streams, floats,
  ///   sensor mosaics, surfaces of hardware, and components of different or more than 16 bits.
  init(_ pixelFormat: AVPixelFormat, path: String) throws {
    guard let descriptor = av_pix_fmt_desc_get(pixelFormat) else {
      throw MediaError(.unsupported, "\(path): the video's pixel format is unknown")
    }
    let name = String(cString: descriptor.pointee.name)
    func refuse(_ reason: String) -> MediaError {
      MediaError(
        .unsupported,
        "\(path): pixel format \(name) is not supported (\(reason)); convert the file first, for example with "
          + "ffmpeg -pix_fmt")
    }
    let flags = Int32(truncatingIfNeeded: descriptor.pointee.flags)
    let refused: [(Int32, String)] = [
      (AV_PIX_FMT_FLAG_HWACCEL, "frames in a device's memory"), (AV_PIX_FMT_FLAG_PAL, "a palette"),
      (AV_PIX_FMT_FLAG_BITSTREAM, "samples of less than a byte"),
      (AV_PIX_FMT_FLAG_BAYER, "a sensor's mosaic"), (AV_PIX_FMT_FLAG_FLOAT, "floating point"),
    ]
    for (flag, reason) in refused where flags & flag != 0 { throw refuse(reason) }
    if name.hasPrefix("xyz") { throw refuse("XYZ colour") }

    let count = Int32(descriptor.pointee.nb_components)
    let isRGB = flags & AV_PIX_FMT_FLAG_RGB != 0
    let hasAlpha = flags & AV_PIX_FMT_FLAG_ALPHA != 0
    var roles: [PlaneRole] =
      isRGB ? [.red, .green, .blue] : count <= 2 ? [.luma] : [.luma, .chromaBlue, .chromaRed]
    if hasAlpha { roles.append(.alpha) }
    guard roles.count == count else { throw refuse("an unknown set of components") }

    let isBigEndian = flags & AV_PIX_FMT_FLAG_BE != 0
    let depth = inrr_component(descriptor, 0).depth
    var components: [Component] = []
    for (index, role) in roles.enumerated() {
      let c = inrr_component(descriptor, Int32(index))
      guard c.depth == depth else { throw refuse("components of different depths") }
      guard (1...16).contains(c.depth), c.shift + c.depth <= 16 else { throw refuse("more than 16 bits") }
      let isByte = c.shift + c.depth <= 8
      // As in av_read_image_line2: a byte in a big-endian word is its second one.
      components.append(
        Component(
          role: role, plane: c.plane, offset: Int(c.offset) + (isByte && isBigEndian ? 1 : 0),
          samples: inrr_samples(
            step: c.step, bytes: isByte ? 1 : 2, shift: c.shift, depth: c.depth,
            big_endian: isBigEndian ? 1 : 0)))
    }
    self.pixelFormat = pixelFormat
    self.name = name
    self.components = components
    self.bitDepth = Int(depth)
    self.chromaHorizontalShift = isRGB || count <= 2 ? 0 : Int(descriptor.pointee.log2_chroma_w)
    self.chromaVerticalShift = isRGB || count <= 2 ? 0 : Int(descriptor.pointee.log2_chroma_h)
  }

  var roles: [PlaneRole] { components.map(\.role) }
  var isRGB: Bool { components.first?.role == .red }

  /// Whether the format has one of the old names that stand for the full range of values.
  var isFullRangeByName: Bool { name.hasPrefix("yuvj") }

  /// The planes of frames of this layout.
  func frameFormat(width: Int, height: Int) -> FrameFormat {
    FrameFormat(
      width: width, height: height, bitDepth: bitDepth, roles: roles,
      chromaHorizontalShift: chromaHorizontalShift, chromaVerticalShift: chromaVerticalShift)
  }

  /// Whether both formats hold the same samples, in whatever places.
  func holdsSameSamples(as other: PixelLayout) -> Bool {
    bitDepth == other.bitDepth && roles == other.roles
      && chromaHorizontalShift == other.chromaHorizontalShift
      && chromaVerticalShift == other.chromaVerticalShift
  }

  /// What samples lose that are converted from another layout, the worst loss first: colour, transparency, exact colours
  /// (between RGB and luma with chroma), resolution of chroma, bits; last, what the layout stores beyond need.
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

  /// The layout of a name such as "yuv420p10le"; nil if there is no such format.
  static func named(_ name: String, path: String) throws -> PixelLayout? {
    let format = av_get_pix_fmt(name)
    return format == AV_PIX_FMT_NONE ? nil : try PixelLayout(format, path: path)
  }

  /// The first layout that holds frames of `format`, with a plane of memory for each plane if there is one.
  static func holding(_ format: FrameFormat, path: String) throws -> PixelLayout {
    var packed: PixelLayout?
    for pixelFormat in AVPixelFormat.all {
      guard let layout = try? PixelLayout(pixelFormat, path: path), !layout.isFullRangeByName,
        layout.components.allSatisfy({ $0.samples.big_endian == 0 }),
        layout.frameFormat(width: format.width, height: format.height) == format
      else { continue }
      if Set(layout.components.map(\.plane)).count == layout.components.count { return layout }
      packed = packed ?? layout
    }
    guard let packed else {
      throw MediaError(
        .unsupported,
        "\(path): no pixel format holds frames of \(format.bitDepth) bits with the planes "
          + format.planes.map(\.role.rawValue).joined(separator: ", "))
    }
    return packed
  }
}
