import Frames
import Media
import TestSupport
import Testing

@testable import Masks

/// Masks on real files: FFmpeg draws and shows, and what it shows must be what the masks say.
@Suite struct RealVideoTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A dark clip with a bright box, turned for display; players show it as FFmpeg decodes it.
  @Test(arguments: [90, 180, 270])
  func aMaskDrawnOnTheShownPictureFits(turn: Int) throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=black:s=48x32:r=25,drawbox=4:6:10:5:white:fill", "-frames:v", "2", "-c:v",
      "libx264", "-qp", "0", "-pix_fmt", "yuv420p", folder.file("flat.mp4"))
    try folder.turn("flat.mp4", clockwise: turn, to: "turned.mp4")
    try folder.ffmpeg(
      "-i", folder.file("turned.mp4"), "-frames:v", "1", "-pix_fmt", "gray", folder.file("shown.pgm"))
    let reader = try VideoReader(path: folder.file("turned.mp4"))
    #expect(reader.info.rotation == turn)
    var options = MaskOptions()
    options.file = folder.file("shown.pgm")
    let frame = try #require(try reader.nextFrame())
    let mask = try CombinedMask(options: options, input: MaskedInput(reader: reader)).mask(for: frame)
    #expect(mask.missing == frame.planes[0].map { $0 >= 128 ? 1 : 0 })
    #expect(mask.missingCount == 50)
  }

  @Test(arguments: [("yuv420p", "bt709"), ("yuv444p", "smpte170m"), ("gbrp", ""), ("yuv420p10le", "bt709")])
  func aColourIsFoundInEveryFormat(pixelFormat: String, matrix: String) throws {
    var filter = "color=gray:s=32x24:r=25,format=gbrp,drawbox=8:6:10:8:0x00ff00:fill"
    if !matrix.isEmpty { filter += ",scale=out_color_matrix=\(matrix):out_range=tv,format=\(pixelFormat)" }
    var arguments = ["-f", "lavfi", "-i", filter, "-frames:v", "1", "-c:v", "ffv1", "-pix_fmt", pixelFormat]
    if !matrix.isEmpty { arguments += ["-colorspace", matrix, "-color_range", "tv"] }
    try folder.ffmpeg(arguments + [folder.file("green.mkv")])
    let reader = try VideoReader(path: folder.file("green.mkv"))
    var options = MaskOptions()
    options.colour = try MaskColour(parsing: "#00ff00")
    let frame = try #require(try reader.nextFrame())
    let mask = try CombinedMask(options: options, input: MaskedInput(reader: reader)).mask(for: frame)
    for y in 0..<24 {
      for x in 0..<32 {
        let inside = (8..<18).contains(x) && (6..<14).contains(y)
        if (mask.missing[y * 32 + x] != 0) != inside { Issue.record("sample \(x), \(y)") }
      }
    }
  }

  @Test func aLossyMaskInLimitedRange() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=black:s=64x48:r=25,drawbox=16:16:16:16:white:fill", "-frames:v", "3",
      "-c:v",
      "libx264", "-crf", "28", "-pix_fmt", "yuv420p", folder.file("mask.mp4"))
    let source = try MaskPictures(
      video: folder.file("mask.mp4"), reader: MaskReader(path: "mask.mp4", threshold: MaskThreshold()))
    let mask = try #require(try source.nextMask())
    #expect(mask.missingCount == 256)
  }

  @Test func framesThatTheDecoderFlagged() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25,noise=alls=20:all_seed=1", "-frames:v", "12", "-c:v",
      "mpeg2video",
      "-q:v", "4", "-bf", "0", folder.file("whole.mkv"))
    try folder.ffmpeg(
      "-i", folder.file("whole.mkv"), "-c", "copy", "-bsf:v", "noise=amount=600", folder.file("noisy.mkv"))
    let reader = try VideoReader(path: folder.file("noisy.mkv"))
    var options = MaskOptions()
    options.corruptFrames = true
    let masks = try CombinedMask(options: options, input: MaskedInput(reader: reader))
    var flagged = 0
    while let frame = try reader.nextFrame() {
      let isCorrupt = (frame.attachment as? DecodedPicture)?.isCorrupt ?? false
      if isCorrupt { flagged += 1 }
      #expect(try masks.mask(for: frame).missingCount == (isCorrupt ? 64 * 48 : 0))
    }
    #expect(flagged > 0)
  }
}
