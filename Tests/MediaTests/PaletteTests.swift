import Foundation
import Frames
import Media
import Testing

/// Palettes and single bits are read as the colours and grays they stand for.
@Suite struct PaletteTests {
  @Test(arguments: ["a.png", "a.bmp", "a.avi"]) func palettesAreRGB(_ name: String) throws {
    let folder = try TemporaryFolder()
    let codec = name.hasSuffix("avi") ? "-c:v rawvideo -pix_fmt pal8" : "-pix_fmt pal8"
    let path = folder.path(name)
    try ffmpeg(
      "-f lavfi -i testsrc=s=37x27:r=25:d=0.04 -filter_complex split[a][b];[a]palettegen=reserve_transparent=0[p];"
        + "[b][p]paletteuse=dither=none \(codec) \(path)")
    let reader = try VideoReader(path: path)
    #expect(reader.info.pixelFormat == "pal8")
    #expect(reader.format == FrameFormat(width: 37, height: 27, bitDepth: 8, roles: [.red, .green, .blue]))
    let frames = try allFrames(path)
    #expect(frames.count == 1)
    let expected = try PixelFormatTests.raw(path, "rgb24")
    #expect(
      frames.flatMap { frame in
        frame.planes[0].indices.flatMap { i in frame.planes.map { UInt8($0[i]) } }
      } == expected)
    // Written back as RGB, losslessly.
    try transcode(path, folder.path("b.mkv"), lossless)
    #expect(try allFrames(folder.path("b.mkv")).map(\.planes) == frames.map(\.planes))
    try transcode(path, folder.path("b.png"))
    #expect(try allFrames(folder.path("b.png")).map(\.planes) == frames.map(\.planes))
  }

  @Test func transparentPalettesHaveAnAlphaPlane() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.png")
    try ffmpeg(
      "-f lavfi -i testsrc=s=32x24:r=25:d=0.04 -filter_complex "
        + "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*gt(X,9)',split[a][b];[a]palettegen[p];"
        + "[b][p]paletteuse=dither=none -pix_fmt pal8 \(path)")
    let frame = try #require(try allFrames(path).first)
    #expect(frame.format.planes.map(\.role) == [.red, .green, .blue, .alpha])
    #expect(frame.planes[3].words == (0..<32 * 24).map { $0 % 32 > 9 ? 255 : 0 })
  }

  @Test(arguments: [("a.png", "monob"), ("a.pbm", "monow")])
  func bitsAreGray(_ name: String, _ format: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(name)
    // An odd width: the last byte of a row is not full.
    try ffmpeg(
      "-f lavfi -i nullsrc=s=37x27,format=gray,geq=255*mod(X+Y\\,2) -frames:v 1 -sws_dither none "
        + "-pix_fmt \(format) \(path)")
    let reader = try VideoReader(path: path)
    #expect(reader.info.pixelFormat == format)
    let frame = try #require(try reader.nextFrame())
    #expect(frame.format == FrameFormat(width: 37, height: 27, bitDepth: 8, roles: [.luma]))
    #expect(frame.planes[0].words == (0..<37 * 27).map { ($0 % 37 + $0 / 37) % 2 == 1 ? 255 : 0 })
    try transcode(path, folder.path("b.mkv"), lossless)
    #expect(try allFrames(folder.path("b.mkv")).map(\.planes) == [frame.planes])
  }
}
