import Foundation
import TestSupport
import Testing

/// Runs of the built tool on TIFF pictures and stacks.
@Suite struct TIFFTests {
  private let folder: ScratchFolder
  private static let (width, height) = (48, 32)

  init() throws { folder = try ScratchFolder() }

  private func run(_ arguments: String...) throws -> Command.Result {
    try Command.run(BuiltTool.path, arguments, in: folder.path)
  }

  private func value(_ x: Int, _ y: Int, _ sample: Int) -> UInt8 { UInt8(30 + 2 * x + 2 * y + 10 * sample) }

  /// RGB in tiles, with a description and a tag that nobody knows.
  private func tiled() -> [UInt8] {
    var page = TIFFFile.Page(
      width: Self.width, height: Self.height, samples: 3, photometric: 2, blocks: [])
    page.cutIntoTiles(
      16,
      rows: (0..<Self.height).map { y in
        (0..<Self.width).flatMap { x in (0..<3).map { value(x, y, $0) } }
      }, bytesPerPlace: 3)
    page.texts[270] = "from a microscope"
    page.numbers[65000] = (4, [4711])
    return TIFFFile([page]).bytes()
  }

  @Test func tiledPicturesKeepAllButTheirHoles() throws {
    let before = tiled()
    try folder.write(before, to: "a.tif")
    let result = try run(
      "a.tif", "--mask-rect", "20,10,6,5", "--preset", "fast", "--iterations", "2", "-o", "b.tif")
    #expect(result.status == 0, "\(result.errors)")
    let after = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("b.tif"))))
    // The hole lies in one tile, of three bytes a place; nothing else differs, so the tags are there.
    #expect(after.count == before.count)
    let changed = before.indices.filter { before[$0] != after[$0] }
    #expect(changed.count <= 6 * 5 * 3 && (changed.last ?? 0) < 16 * 16 * 3 * 2 + 16)
    #expect(!changed.contains { abs(Int(before[$0]) - Int(after[$0])) > 60 })
    // Into a format without such tags.
    let converted = try run(
      "a.tif", "--mask-rect", "20,10,6,5", "--preset", "fast", "--iterations", "2", "-o", "b.png")
    #expect(converted.status == 0 && converted.errors.contains("tag 65000"))
  }

  @Test func tiledPicturesAreMasks() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=48x32", "-frames:v", "2", "-c:v", "ffv1", folder.file("in.mkv"))
    var page = TIFFFile.Page(width: Self.width, height: Self.height, blocks: [])
    page.cutIntoTiles(
      16,
      rows: (0..<Self.height).map { y in
        (0..<Self.width).map { x in (20..<24).contains(x) && (8..<12).contains(y) ? 255 : 0 }
      }, bytesPerPlace: 1)
    try folder.write(TIFFFile([page]).bytes(), to: "mask.tif")
    let result = try run(
      "in.mkv", "--mask", "mask.tif", "--preset", "fast", "--iterations", "1", "-o", "out.mkv", "--metrics",
      "m.json")
    #expect(result.status == 0, "\(result.errors)")
    let report = try String(contentsOfFile: folder.file("m.json"), encoding: .utf8)
    #expect(report.contains("\"missing_fraction\" : 0.01"), "\(report.prefix(2000))")
    let two = TIFFFile([page, page]).bytes()
    try folder.write(two, to: "two.tif")
    let refused = try run("in.mkv", "--mask", "two.tif", "-o", "no.mkv")
    #expect(refused.status == 3 && refused.errors.contains("2 pages"), "\(refused.errors)")
  }

  @Test func whatCanNotBeReadOrWrittenIsSaid() throws {
    var page = TIFFFile.Page(
      width: 32, height: 32, samples: 4, photometric: 5, blocks: [[UInt8](repeating: 9, count: 4096)])
    try folder.write(TIFFFile([page]).bytes(), to: "inks.tif")
    let inks = try run("inks.tif", "--mask-rect", "4,4,4,4", "-o", "out.png")
    #expect(inks.status == 2 && inks.errors.contains("inks"), "\(inks.errors)")
    page.numbers[259] = (3, [34712])
    try folder.write(TIFFFile([page]).bytes(), to: "j2k.tif")
    let unknown = try run("j2k.tif", "--mask-rect", "4,4,4,4", "-o", "out.tif")
    #expect(unknown.status == 3 && unknown.errors.contains("JPEG 2000"), "\(unknown.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out.tif")))
  }

  @Test func aTurnIsSaid() throws {
    var page = TIFFFile.Page(width: 32, height: 32, blocks: [[UInt8](repeating: 90, count: 1024)])
    page.numbers[274] = (3, [6])
    try folder.write(TIFFFile([page]).bytes(), to: "turned.tif")
    for (output, isTurned) in [("out.tif", true), ("out.png", false)] {
      let result = try run("turned.tif", "--mask-rect", "4,4,4,4", "-o", output)
      #expect(result.status == 0 && result.errors.contains("as it is stored"), "\(result.errors)")
      #expect(result.errors.contains("the output is not turned") != isTurned, "\(result.errors)")
    }
  }

  /// Ten slices that tifffile's ImageJ format calls channels.
  private func channels() throws {
    var file = TIFFFile(
      (0..<10).map { (page: Int) -> TIFFFile.Page in
        let samples = (0..<480).map { (place: Int) -> UInt8 in
          let (x, y) = (place % 24, place / 24)
          return UInt8(60 + 4 * page + 3 * x + y)
        }
        return TIFFFile.Page(width: 24, height: 20, blocks: [samples])
      })
    file.pages[0].texts[270] = "ImageJ=1.11a\nimages=10\nchannels=10\nmode=grayscale\n"
    try folder.write(file.bytes(), to: "s.tif")
  }

  @Test func stacksAreReadAsAPersonSays() throws {
    try channels()
    let options = ["--preset", "fast", "--iterations", "2"]
    let asSaid = try Command.run(
      BuiltTool.path, ["s.tif", "--mask-box", "2,2,0,4,4,1", "-o", "a.tif"] + options, in: folder.path)
    #expect(
      asSaid.status == 0 && asSaid.errors.contains("s.tif is read as 10 channels of 24 x 20 x 1, uint8"))
    #expect(asSaid.errors.contains("--stack-as z"))
    let slices = try Command.run(
      BuiltTool.path, ["s.tif", "--missing-slices", "4", "--stack-as", "z", "-o", "b.tif"] + options,
      in: folder.path)
    #expect(slices.status == 0 && slices.errors.contains("s.tif is read as 24 x 20 x 10"), "\(slices.errors)")
    #expect(
      slices.output.contains("--result b.tif --missing-slices 4 --stack-as z --html"), "\(slices.output)")
    let quality = try run(
      "evaluate", "--reference", "s.tif", "--result", "b.tif", "--missing-slices", "4", "--stack-as", "z")
    #expect(quality.status == 0, "\(quality.errors)")
    #expect(try run("s.tif", "--missing-slices", "4", "--stack-as", "q", "-o", "c.tif").status == 2)
  }

  @Test func volumesAreProbed() throws {
    try channels()
    let text = try run("probe", "s.tif")
    #expect(text.status == 0 && text.output.contains("10 channels of 24 x 20 x 1, uint8"))
    let json = try run("probe", "s.tif", "--json", "--stack-as", "z")
    let object = try #require(
      try JSONSerialization.jsonObject(with: json.outputData) as? [String: [String: Any]])
    #expect(object["volume"]?["shape"] as? [Int] == [24, 20, 10, 1])
    #expect(object["volume"]?["doubt"] == nil)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("s.tif"))))
    try folder.write(bytes.dropLast(30), to: "cut.tif")
    let cut = try run("probe", "cut.tif")
    #expect(cut.status == 3 && cut.errors.contains("page 10 can't be read"), "\(cut.errors)")
  }
}
