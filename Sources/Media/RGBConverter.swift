internal import CFFmpeg
import Frames

/// Brings frames of a video to red, green and blue of 16 bits by the video's own matrix and range, at the resolution and
/// in the orientation they are stored in; the transfer function stays as it is.
public final class RGBConverter {
  private let layout: PixelLayout
  private let format: FrameFormat
  private let isFullRange: Bool
  private let path: String
  /// For luma with chroma; anything else needs no more than a shift.
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
    return try layout.withPicture(width: width, height: height, path: path) { source in
      try target.withPicture(width: width, height: height, path: path) { result in
        layout.write(frame, to: source)
        try converter.convert(source, to: result)
        return samples(of: result)
      }
    }
  }

  /// The samples of a converted picture, without what lies between its rows.
  private func samples(of result: UnsafePointer<AVFrame>) -> [UInt16] {
    let count = format.width * 3
    return [UInt16](unsafeUninitializedCapacity: count * format.height) { buffer, filled in
      filled = count * format.height
      guard let to = buffer.baseAddress, let from = inrr_plane(result, 0) else {
        buffer.initialize(repeating: 0)
        return
      }
      for y in 0..<format.height {
        memcpy(to + y * count, from + y * inrr_stride(result, 0), count * 2)
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
      frame.planes[plane].withUnsafeBufferPointer { samples in
        for i in samples.indices {
          result[3 * i + channel] = table[min(Int(samples[i]), format.maximumValue)]
        }
      }
    }
    return result
  }
}
