import Frames
import Testing

@testable import Inspection

/// A pixel format, and the names that FFmpeg's filters give its planes in its own order.
struct Layout: Sendable, CustomTestStringConvertible {
  var pixelFormat: String
  var format: FrameFormat
  var names: [String]

  var testDescription: String { "\(pixelFormat) \(format.width)x\(format.height)" }

  static let all = [
    yuv("yuv420p", width: 64, height: 48, bitDepth: 8), yuv("yuv420p", width: 37, height: 29, bitDepth: 8),
    yuv("yuv420p10le", width: 64, height: 48, bitDepth: 10),
    Layout(
      pixelFormat: "yuv444p",
      format: FrameFormat(width: 40, height: 24, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed]),
      names: ["y", "u", "v"]),
    Layout(
      pixelFormat: "gbrp",
      format: FrameFormat(width: 40, height: 24, bitDepth: 8, roles: [.green, .blue, .red]),
      names: ["g", "b", "r"]),
    Layout(
      pixelFormat: "gray", format: FrameFormat(width: 40, height: 24, bitDepth: 8, roles: [.luma]),
      names: ["y"]),
  ]

  private static func yuv(_ pixelFormat: String, width: Int, height: Int, bitDepth: Int) -> Layout {
    Layout(
      pixelFormat: pixelFormat,
      format: FrameFormat(
        width: width, height: height, bitDepth: bitDepth, roles: [.luma, .chromaBlue, .chromaRed],
        chromaHorizontalShift: 1, chromaVerticalShift: 1), names: ["y", "u", "v"])
  }
}

@Suite struct AgreementWithFFmpegTests {
  /// Compares a figure of the whole video and those of its planes with what FFmpeg's filter of that name says.
  private func compare(
    _ filter: String, _ layout: Layout, error: Int, within tolerance: Double,
    whole: (name: String, figure: KeyPath<VideoQuality, Double?>), planes: KeyPath<VideoQuality, [Double?]>
  ) throws {
    let clips = ClipPair(
      format: layout.format, pixelFormat: layout.pixelFormat, frames: 5,
      error: error << (layout.format.bitDepth - 8))
    var quality = VideoQuality(format: clips.format)
    let mask = FrameMask(width: clips.format.width, height: clips.format.height)
    for (reference, result) in zip(clips.reference, clips.result) {
      quality.add(reference: reference, result: result, mask: mask)
    }
    let expected = try clips.figures(of: filter)
    let figures = [(whole.name, quality[keyPath: whole.figure])] + zip(layout.names, quality[keyPath: planes])
    for (name, value) in figures {
      #expect(abs(try #require(value) - #require(expected[name])) < tolerance, "\(name)")
    }
  }

  @Test(arguments: Layout.all, [1, 12])
  func psnr(layout: Layout, error: Int) throws {
    try compare(
      "psnr", layout, error: error, within: 0.006, whole: ("average", \.psnr), planes: \.planePSNR)
  }

  @Test(arguments: Layout.all, [1, 12])
  func ssim(layout: Layout, error: Int) throws {
    try compare("ssim", layout, error: error, within: 1e-5, whole: ("all", \.ssim), planes: \.planeSSIM)
  }
}
