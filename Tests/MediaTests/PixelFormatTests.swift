import Foundation
import Frames
import Media
import Testing

/// Every sample of every pixel format comes in and goes out as it is.
@Suite struct PixelFormatTests {
  /// Formats with the planar, little-endian format that holds the same samples.
  static let formats: [(String, String)] = [
    ("gray", "gray"), ("gray10le", "gray10le"), ("gray16be", "gray16le"), ("ya8", "ya8"),
    ("yuv410p", "yuv410p"), ("yuv411p", "yuv411p"), ("yuv420p", "yuv420p"), ("yuv422p", "yuv422p"),
    ("yuv440p", "yuv440p"), ("yuv444p", "yuv444p"), ("yuv420p10le", "yuv420p10le"),
    ("yuv422p10le", "yuv422p10le"), ("yuv444p10le", "yuv444p10le"), ("yuv420p12le", "yuv420p12le"),
    ("yuv444p16le", "yuv444p16le"), ("yuv420p10be", "yuv420p10le"), ("yuva420p", "yuva420p"),
    ("nv12", "yuv420p"), ("nv21", "yuv420p"), ("yuyv422", "yuv422p"), ("uyvy422", "yuv422p"),
    ("gbrp", "gbrp"), ("gbrp10le", "gbrp10le"),
    ("gbrp16le", "gbrp16le"), ("gbrap", "gbrap"), ("rgb24", "gbrp"), ("bgr24", "gbrp"), ("bgr0", "gbrp"),
    ("rgb0", "gbrp"), ("0rgb", "gbrp"), ("0bgr", "gbrp"), ("bgra", "rgba"), ("rgba", "rgba"),
    ("argb", "rgba"), ("rgb48le", "gbrp16le"), ("rgb48be", "gbrp16le"),
  ]

  /// Bytes as `ffmpeg -f rawvideo` writes the planar format, from the planes of a frame.
  static func bytes(_ frame: Frame, _ format: String) -> [UInt8] {
    if format == "rgba" {
      return frame.planes[0].indices.flatMap { i in frame.planes.map { UInt8($0[i]) } }
    }
    if frame.format.planes.map(\.role) == [.luma, .alpha] {
      return zip(frame.planes[0], frame.planes[1]).flatMap { [UInt8($0), UInt8($1)] }
    }
    let isRGB = frame.format.planes[0].role == .red
    let order = isRGB ? [1, 2, 0] + Array(3..<max(3, frame.planes.count)) : Array(frame.planes.indices)
    return order.flatMap { plane -> [UInt8] in
      frame.format.bitDepth <= 8
        ? frame.planes[plane].map { UInt8($0) }
        : frame.planes[plane].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }
  }

  static func raw(_ path: String, _ format: String) throws -> [UInt8] {
    [UInt8](try ffmpeg("-i \(path) -map 0:v:0 -f rawvideo -pix_fmt \(format) -sws_flags neighbor -"))
  }

  @Test(arguments: formats) func samplesAreExact(_ name: String, _ planar: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path("in.nut")
    // Odd sizes wherever raw video of the format can have them.
    let size = name.hasPrefix("uyvy") || name.hasPrefix("yuyv") ? "38x27" : "37x27"
    try ffmpeg(
      "-f lavfi -i testsrc=s=\(size):r=25:d=0.12 -vf format=rgba,colorchannelmixer=aa=0.5,format=\(name) -c:v rawvideo -pix_fmt \(name) \(source)"
    )
    let frames = try allFrames(source)
    #expect(frames.count == 3)
    #expect(frames.first?.format.height == 27)
    let expected = try Self.raw(source, planar)
    #expect(frames.flatMap { Self.bytes($0, planar) } == expected)

    let output = folder.path("out.mkv")
    // FFV1 knows no gray with alpha; PNG does.
    let settings = name == "ya8" ? EncodeSettings(codec: "png") : lossless
    let (writer, reader) = try transcode(source, output, settings)
    #expect(writer.encoderName == (name == "ya8" ? "png" : "ffv1"))
    #expect(reader.damage == nil)
    let again = try allFrames(output)
    #expect(again.map(\.planes) == frames.map(\.planes))
    #expect(again.first?.format == frames.first?.format)
    // swscale does not keep the colours of what is transparent.
    if name != "gbrap" { #expect(try Self.raw(output, planar) == expected) }
  }

  @Test func imagesInAndOut() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc=s=33x21:r=25:d=0.2 -pix_fmt rgb24 -start_number 3 \(folder.path("a_%03d.png"))")
    let (writer, reader) = try transcode(folder.path("a_%03d.png"), folder.path("b_%03d.png"))
    #expect(writer.encoderName == "png")
    #expect(reader.info.pixelFormat == "rgb24")
    #expect(reader.info.estimatedFrameCount == 5)
    #expect(folder.names.filter { $0.hasPrefix("b_") } == (3...7).map { "b_00\($0).png" })
    #expect(!folder.names.contains { $0.hasSuffix(".partial") })
    let before = try allFrames(folder.path("a_%03d.png"))
    let after = try allFrames(folder.path("b_%03d.png"))
    #expect(before.map(\.planes) == after.map(\.planes))
    let error = #expect(throws: MediaError.self) {
      try transcode(folder.path("a_%03d.png"), folder.path("b_%03d.png"))
    }
    #expect(error?.kind == .exists)
  }

  @Test func stillImage() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc=s=33x21 -frames:v 1 -pix_fmt rgb24 \(folder.path("still.png"))")
    let frames = try allFrames(folder.path("still.png"))
    #expect(frames.count == 1)
    try transcode(folder.path("still.png"), folder.path("copy.png"))
    #expect(try allFrames(folder.path("copy.png")).map(\.planes) == frames.map(\.planes))
  }

  @Test(arguments: [("rgb565le", "in.nut", "rawvideo"), ("gbrpf32le", "in.exr", "exr")])
  func unsupportedFormatsAreNamed(_ name: String, _ file: String, _ codec: String) throws {
    let folder = try TemporaryFolder()
    let source = folder.path(file)
    try ffmpeg("-f lavfi -i testsrc2=s=32x16:r=25:d=0.04 -c:v \(codec) -pix_fmt \(name) \(source)")
    let error = #expect(throws: MediaError.self) { try VideoReader(path: source) }
    #expect(error?.kind == .unsupported)
    #expect(error?.description.contains(name) == true)
  }

  @Test func fullRangeKeepsItsSamples() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("a.avi")
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -pix_fmt yuvj420p -c:v mjpeg -q:v 2 \(source)")
    let (_, reader) = try transcode(source, folder.path("b.mkv"), lossless)
    #expect(reader.info.pixelFormat == "yuvj420p")
    #expect(reader.info.colorRange == "pc")
    #expect(try VideoReader(path: folder.path("b.mkv")).info.colorRange == "pc")
    #expect(try allFrames(folder.path("b.mkv")).map(\.planes) == allFrames(source).map(\.planes))
    let (writer, _) = try transcode(source, folder.path("c.mp4"))
    #expect(writer.pixelFormat == "yuvj420p")
    #expect(try probe(folder.path("c.mp4"), "-show_entries stream=color_range") == ["pc"])
  }

  @Test func convertsOnRequest() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("a.mkv")
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -vf scale=out_color_matrix=bt709,format=yuv420p "
        + "-colorspace bt709 -color_range tv -c:v ffv1 \(source)")
    var settings = lossless
    settings.pixelFormat = "yuv444p10le"
    let (writer, _) = try transcode(source, folder.path("b.mkv"), settings)
    #expect(writer.pixelFormat == "yuv444p10le")
    // More bits of the same luma: four times the value.
    for (a, b) in zip(try allFrames(source), try allFrames(folder.path("b.mkv"))) {
      #expect(zip(a.planes[0], b.planes[0]).allSatisfy { abs(Int($0) * 4 - Int($1)) <= 1 })
    }
    settings.pixelFormat = "no_such_format"
    let error = #expect(throws: MediaError.self) { try transcode(source, folder.path("c.mkv"), settings) }
    #expect(error?.kind == .unsupported)
  }

  /// Primary colours of BT.709, which a conversion with the wrong matrix or range would miss by far.
  @Test func conversionUsesTheMatrixOfTheSource() throws {
    let folder = try TemporaryFolder()
    let source = folder.path("red.mkv")
    // Red in BT.709, limited range: Y 63, Cb 102, Cr 240.
    try ffmpeg(
      "-f lavfi -i nullsrc=s=32x32:r=25:d=0.04,format=yuv444p,geq=63:102:240 "
        + "-vf setparams=colorspace=bt709:range=tv -c:v ffv1 \(source)")
    let red = try #require(try allFrames(source).first)
    #expect(red.planes.map { $0[0] } == [63, 102, 240])
    var settings = lossless
    settings.pixelFormat = "gbrp10le"
    try transcode(source, folder.path("rgb.mkv"), settings)
    let frame = try #require(try allFrames(folder.path("rgb.mkv")).first)
    let middle = 16 * 32 + 16
    #expect(abs(Int(frame.planes[0][middle]) - 1023) <= 8)
    #expect(frame.planes[1][middle] <= 8)
    #expect(frame.planes[2][middle] <= 8)
  }
}
