internal import CFFmpeg
import Frames

/// Converts frames of a video to red, green and blue of 16 bits by the video's own matrix and range. Resolution,
/// orientation and transfer function stay as they are stored.
public final class RGBConverter {
  private let layout: PixelLayout
  private let format: FrameFormat
  private let isFullRange: Bool
  private let path: String
  /// For luma with chroma; other frames are only scaled.
  private let converter: PixelConverter?
  private let target: PixelLayout?

  /// - Throws: `MediaError.unsupported`.
  public init(reader: VideoReader) throws {
    layout = reader.layout
    format = reader.format
    path = reader.path
    let properties = VideoProperties(source: reader)
    isFullRange = properties.isFullRange || reader.layout.isRGB
    guard format.planes.contains(where: { $0.role.isChroma }) else {
      (converter, target) = (nil, nil)
      return
    }
    guard let deep = try PixelLayout.named("rgb48le", path: path) else {
      throw MediaError(.unsupported, "\(path): this FFmpeg knows no RGB of 16 bits")
    }
    target = deep
    let matrix = AVColorSpace(rawValue: UInt32(max(0, av_color_space_from_name(reader.info.displayedMatrix))))
    converter = try PixelConverter(
      from: layout, matrix: matrix, isFullRange: isFullRange, to: deep, toMatrix: AVCOL_SPC_RGB,
      toFullRange: true, width: format.width, height: format.height, path: path)
  }

  /// The frame's samples, (height, width, 3) with full scale 65535; transparency is left out.
  ///
  /// - Throws: `MediaError`.
  public func samples(of frame: Frame) throws -> [UInt16] {
    precondition(frame.format == format, "a frame of the video that the converter was made for")
    guard let converter, let target else { return direct(frame) }
    let (width, height) = (format.width, format.height)
    return try PicturePointer.with(layout, width: width, height: height, path: path) { source in
      try PicturePointer.with(target, width: width, height: height, path: path) { result in
        layout.write(frame, to: source)
        try converter.convert(source, to: result)
        return PixelLayout.memory(width * height * 3, of: result, plane: 0) {
          (to: UnsafeMutablePointer<UInt16>, from, stride) in
          for y in 0..<height { memcpy(to + y * width * 3, from + y * stride, width * 6) }
        }
      }
    }
  }

  /// Gray, or red, green and blue: scaled only.
  private func direct(_ frame: Frame) -> [UInt16] {
    let maximum = Double(format.maximumValue)
    let step = Double(1 << max(format.bitDepth - 8, 0))
    let (low, span) = isFullRange ? (0, maximum) : (16 * step, 219 * step)
    let table = (0...format.maximumValue).map {
      UInt16((min(max((Double($0) - low) / span, 0), 1) * 65535).rounded())
    }
    let isGray = format.planes.first?.role == .luma
    let roles: [PlaneRole] = isGray ? [.luma, .luma, .luma] : [.red, .green, .blue]
    var result = [UInt16](repeating: 0, count: format.width * format.height * 3)
    for (channel, role) in roles.enumerated() {
      guard let plane = format.planes.firstIndex(where: { $0.role == role }) else { continue }
      frame.planes[plane].withView { samples in
        for i in 0..<samples.count {
          result[3 * i + channel] = table[min(Int(samples[i]), format.maximumValue)]
        }
      }
    }
    return result
  }
}
