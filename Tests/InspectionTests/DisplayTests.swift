import Frames
import Masks
import Media
import TestSupport
import Testing

@testable import Inspection

/// What screens show of a video, compared with what FFmpeg makes of it.
@Suite struct DisplayTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func first(_ path: String) throws -> (picture: RGBPicture, converter: DisplayConverter) {
    let reader = try VideoReader(path: path)
    let frame = try #require(try reader.nextFrame())
    let converter = try DisplayConverter(reader: reader)
    return (try converter.picture(of: frame), converter)
  }

  @Test(arguments: [
    ("yuv420p", "bt709", "tv"), ("yuv420p", "smpte170m", "tv"), ("yuv444p", "bt709", "pc"),
    ("yuv420p10le", "bt709", "tv"), ("gbrp", "gbr", "pc"), ("gray", "bt709", "pc"),
    ("gray10le", "bt709", "tv"),
  ])
  func coloursAreTheVideosOwn(pixelFormat: String, matrix: String, range: String) throws {
    // Flat bars, so that the way chroma is interpolated does not count.
    let colours = matrix == "gbr" ? [] : ["-colorspace", matrix]
    try folder.ffmpeg(
      [
        "-f", "lavfi", "-i", "smptebars=s=560x96:r=25", "-frames:v", "1", "-vf",
        "scale=out_color_matrix=\(matrix == "gbr" ? "bt709" : matrix):out_range=\(range),format=\(pixelFormat)",
        "-color_range", range,
      ] + colours + ["-c:v", "ffv1", "bars.mkv"])
    let shown = try first(folder.file("bars.mkv")).picture
    let input = matrix == "gbr" ? "" : "in_color_matrix=\(matrix):in_range=\(range):"
    let bytes = try folder.ffmpeg(
      "-i", "bars.mkv", "-vf",
      "scale=\(input)flags=accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24",
      "-f", "rawvideo", "-")
    let expected = [UInt8](bytes)
    #expect(expected.count == shown.samples.count)
    // In the middle of each bar.
    for x in stride(from: 40, to: 560, by: 80) {
      for c in 0..<3 {
        let i = (20 * 560 + x) * 3 + c
        #expect(abs(Int(expected[i]) - Int(shown.samples[i])) <= 2, "\(x) \(c)")
      }
    }
  }

  @Test func picturesAreTurnedAndStretched() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=black:s=64x48:r=25,drawbox=0:0:16:8:white:fill,setsar=4/3", "-frames:v",
      "2",
      "-c:v", "libx264", "-qp", "0", "flat.mp4")
    try folder.turn("flat.mp4", clockwise: 90, to: "turned.mp4")
    let (picture, converter) = try first(folder.file("turned.mp4"))
    #expect((converter.width, converter.height) == (48, 64))
    #expect(abs(converter.sampleAspect - 0.75) < 1e-6)
    // The corner that was top left is where the turn brings it.
    #expect(converter.orientation.quarterTurns == 1)
    #expect(picture.samples[(0 * 48 + 47) * 3] > 250)
    #expect(picture.samples[(32 * 48 + 24) * 3] < 5)
    let view = PictureView(width: 48, height: 64, zoom: 2, aspect: converter.sampleAspect)
    #expect((view.width, view.height) == (96, 171))
  }

  @Test func highDynamicRangeIsReduced() throws {
    let curve = try #require(ToneCurve(transfer: "smpte2084", primaries: "bt709"))
    // 0, about reference white (203 cd/m2), 1000 and 10000 cd/m2.
    let signals: [UInt16] = [0, 38043, 49286, 65535]
    var result = [UInt8](repeating: 0, count: 12)
    curve.apply(to: signals.flatMap { [$0, $0, $0] }, into: &result)
    let grays = stride(from: 0, to: 12, by: 3).map { Int(result[$0]) }
    #expect(grays[0] == 0 && grays[3] == 255)
    #expect((228...245).contains(grays[1]))
    #expect(grays == grays.sorted())
    #expect(ToneCurve(transfer: "bt709", primaries: "bt709") == nil)
    #expect(ToneCurve(transfer: "arib-std-b67", primaries: "bt2020") != nil)
  }

  @Test func viewsCutRepeatAndAverage() {
    var picture = RGBPicture(width: 4, height: 2)
    for i in 0..<8 { for c in 0..<3 { picture.samples[3 * i + c] = UInt8(i * 20) } }
    let cut = PictureView(
      width: 4, height: 2, crop: Box(x: 1, y: 1, width: 2, height: 1), zoom: 2
    ).picture(picture)
    #expect((cut.width, cut.height) == (4, 2))
    #expect(
      stride(from: 0, to: 24, by: 3).map { cut.samples[$0] } == [100, 100, 120, 120, 100, 100, 120, 120])
    let half = PictureView(width: 4, height: 2, zoom: 0.5).picture(picture)
    #expect((half.width, half.height) == (2, 1))
    #expect([half.samples[0], half.samples[3]] == [50, 90])
    let mask = FrameMask(width: 4, height: 2, missing: [0, 1, 0, 0, 0, 0, 0, 0])
    #expect(PictureView(width: 4, height: 2, zoom: 2).mask(mask)[0..<8] == [0, 0, 1, 1, 0, 0, 0, 0])
  }
}
