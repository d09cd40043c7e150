import Foundation
import TestSupport
import Testing

@testable import TIFF

@Suite struct TIFFPictureTests {
  /// How a picture of 40 x 24 is stored, and the value that each of its samples reads as.
  struct Layout: Sendable, CustomTestStringConvertible {
    var name: String
    var bits = 8
    var samples = 1
    var photometric = 1
    var isTiled = false
    var isPlanar = false
    var isBig = false
    var isBigEndian = false
    var testDescription: String { name }
  }

  static let layouts: [Layout] = [
    .init(name: "gray"), .init(name: "gray, tiled", isTiled: true), .init(name: "white is 0", photometric: 0),
    .init(name: "16 bits, big-endian", bits: 16, isBigEndian: true),
    .init(name: "RGB, tiled", samples: 3, photometric: 2, isTiled: true),
    .init(name: "RGB of 16 bits, BigTIFF", bits: 16, samples: 3, photometric: 2, isBig: true),
    .init(
      name: "RGB, tiled, big-endian BigTIFF", samples: 3, photometric: 2, isTiled: true, isBig: true,
      isBigEndian: true),
    .init(name: "RGB, planes apart", samples: 3, photometric: 2, isPlanar: true),
    .init(name: "transparency", samples: 4, photometric: 2), .init(name: "gray, transparency", samples: 2),
    .init(name: "CMYK", samples: 4, photometric: 5), .init(name: "bilevel", bits: 1),
    .init(name: "4 bits", bits: 4), .init(name: "12 bits", bits: 12), .init(name: "palette", photometric: 3),
    .init(name: "palette of 4 bits", bits: 4, photometric: 3),
  ]

  private static let (width, height) = (40, 24)

  private func stored(_ x: Int, _ y: Int, _ sample: Int, _ layout: Layout) -> Int {
    (x * 7 + y * 13 + sample * 31) * (layout.bits > 8 ? 11 : 1) % (1 << layout.bits)
  }

  private func file(_ layout: Layout) -> [UInt8] {
    let (width, height) = (Self.width, Self.height)
    var made = TIFFFile([])
    (made.isBig, made.isBigEndian) = (layout.isBig, layout.isBigEndian)
    func row(_ y: Int, _ samples: Range<Int>) -> [UInt8] {
      let values = (0..<width).flatMap { x in samples.map { stored(x, y, $0, layout) } }
      if layout.bits == 16 { return values.flatMap { made.number($0, 2) } }
      let bits = values.flatMap { value in
        (0..<layout.bits).reversed().map { UInt8(value >> $0 & 1) }
      }
      return stride(from: 0, to: bits.count, by: 8).map { start in
        (start..<start + 8).reduce(UInt8(0)) { $0 << 1 | ($1 < bits.count ? bits[$1] : 0) }
      }
    }
    let planes = layout.isPlanar ? (0..<layout.samples).map { $0..<$0 + 1 } : [0..<layout.samples]
    var page = TIFFFile.Page(
      width: width, height: height, bits: layout.bits, samples: layout.samples,
      photometric: layout.photometric,
      blocks: planes.map { plane in (0..<height).flatMap { row($0, plane) } })
    if layout.isTiled {
      page.cutIntoTiles(
        16, rows: (0..<height).map { row($0, planes[0]) }, bytesPerPlace: layout.bits / 8 * layout.samples)
    }
    if layout.isPlanar { page.numbers[284] = (3, [2]) }
    if layout.samples % 2 == 0 && layout.photometric != 5 { page.numbers[338] = (3, [2]) }
    if layout.photometric == 3 {
      page.numbers[320] = (
        3, (0..<3).flatMap { k in (0..<1 << layout.bits).map { ($0 * (k + 1) * 257) & 0xffff } }
      )
    }
    page.texts[270] = "a description"
    page.numbers[65000] = (4, [4711])
    made.pages = [page]
    return made.bytes()
  }

  private func expected(_ x: Int, _ y: Int, _ plane: Int, _ layout: Layout) -> Int {
    let full = (1 << layout.bits) - 1
    if layout.photometric == 3 { return ((stored(x, y, 0, layout) * (plane + 1) * 257) & 0xffff) >> 8 }
    let value = stored(x, y, plane, layout)
    let shown = layout.photometric == 0 && plane == 0 ? full - value : value
    let most = layout.bits > 8 ? 65535 : 255
    return (shown * most + full / 2) / full
  }

  @Test(arguments: layouts) func everyLayoutIsReadAndChangedInPlace(_ layout: Layout) throws {
    let before = file(layout)
    let picture = try TIFFPicture(before, path: "a.tif")
    #expect(picture.recoding == nil)
    for (k, plane) in picture.planes.enumerated() {
      for i in plane.indices {
        let value = expected(i % Self.width, i / Self.width, k, layout)
        if Int(plane[i]) != value {
          Issue.record("plane \(k), sample \(i): \(plane[i]), not \(value)")
          return
        }
      }
    }
    // One place becomes another one's colour.
    var planes = picture.planes
    let (place, other) = (9 * Self.width + 33, 3 * Self.width + 2)
    for k in planes.indices { planes[k][place] = planes[k][other] }
    var warnings: [String] = []
    let after = try picture.file(with: planes, output: "b.tif") { warnings.append($0) }
    #expect(warnings.isEmpty)
    #expect(try TIFFPicture(after, path: "b.tif").planes == planes)
    // Nothing else of the file has changed.
    #expect(after.count == before.count)
    #expect(before.indices.count { before[$0] != after[$0] } <= (layout.bits + 7) / 8 * layout.samples + 1)
    #expect(try picture.file(with: picture.planes, output: "b.tif") { _ in } == before)
  }

  @Test func lossyPagesAreWrittenAnewWithAllTags() throws {
    let folder = try ScratchFolder()
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=48x32", "-frames:v", "1", "-pix_fmt", "yuvj420p", "-q:v", "2",
      folder.file("a.jpg"))
    var page = TIFFFile.Page(
      width: 48, height: 32, samples: 3, photometric: 6, compression: 7,
      blocks: [[UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("a.jpg"))))])
    page.numbers[530] = (3, [2, 2])
    page.numbers[65000] = (4, [4711])
    page.texts[270] = "a description"
    let picture = try TIFFPicture(TIFFFile([page]).bytes(), path: "a.tif")
    #expect(picture.recoding?.contains("JPEG") == true && picture.roles == [.red, .green, .blue])
    var planes = picture.planes
    #expect(Set(planes[0]).count > 10)
    planes[1][77] = 3
    var warnings: [String] = []
    let after = try picture.file(with: planes, output: "b.tif") { warnings.append($0) }
    #expect(warnings.count == 1 && warnings[0].contains("without loss"))
    let again = try TIFFPicture(after, path: "b.tif")
    #expect(again.planes == planes && again.recoding == nil)
    #expect(again.directories.text(270, of: again.page) == "a description")
    #expect(again.directories.numbers(65000, of: again.page) == [4711])
  }

  @Test func whatCanNotBeReadIsRefusedByName() throws {
    func refuses(_ words: String, _ change: (inout TIFFFile.Page) -> Void) throws {
      var page = TIFFFile.Page(
        width: 32, height: 32, samples: 3, photometric: 2,
        blocks: [[UInt8](repeating: 90, count: 32 * 32 * 3)])
      change(&page)
      let bytes = TIFFFile([page]).bytes()
      let error = #expect(throws: TIFFError.self) { try TIFFPicture(bytes, path: "a.tif") }
      #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
    try refuses("JPEG 2000") { $0.numbers[259] = (3, [34712]) }
    try refuses("sensor") { $0.numbers[262] = (3, [32803]) }
    try refuses("damaged") { $0.blocks[0].removeLast(1000) }
    try refuses("damaged") { $0.blocks = [] }
    try refuses("no picture") { $0.numbers[339] = (3, [3, 3, 3]) }
    // Four gigabytes for a tile of a picture of three thousand bytes.
    try refuses("tiles of 65536") {
      $0.numbers[278] = nil
      ($0.numbers[322], $0.numbers[323]) = ((4, [65536]), (4, [65536]))
      $0.isTiled = true
    }
    try refuses("cut it into parts") {
      ($0.numbers[256], $0.numbers[257], $0.numbers[259]) = ((4, [20000]), (4, [20000]), (3, [8]))
      $0.blocks = [[UInt8](repeating: 0, count: 600_000)]
    }
    try refuses("can't be in") { ($0.numbers[256], $0.numbers[257]) = ((4, [1 << 13]), (4, [1 << 13])) }
    let two = TIFFFile(
      Array(repeating: .init(width: 4, height: 4, blocks: [[UInt8](repeating: 1, count: 16)]), count: 2))
    let error = #expect(throws: TIFFError.self) { try TIFFPicture(two.bytes(), path: "a.tif") }
    #expect(error?.description.contains("2 pages") == true)
  }

  /// A page of 32 x 32 with a copy of half its size.
  private func pyramid(isBelow: Bool, lossy: Bool = false) -> [UInt8] {
    var page = TIFFFile.Page(width: 32, height: 32, blocks: [[UInt8](repeating: 100, count: 1024)])
    var smaller = TIFFFile.Page(width: 16, height: 16, blocks: [[UInt8](repeating: 100, count: 256)])
    if lossy { smaller.numbers[258] = (3, [16]) }
    smaller.numbers[254] = (4, [1])
    if isBelow { page.below = [smaller] }
    return TIFFFile(isBelow ? [page] : [page, smaller]).bytes()
  }

  @Test(arguments: [false, true]) func smallerCopiesFollow(isBelow: Bool) throws {
    let picture = try TIFFPicture(pyramid(isBelow: isBelow), path: "a.tif")
    var planes = picture.planes
    for i in [0, 1, 32, 33, 34] { planes[0][i] = 200 }
    var warnings: [String] = []
    let after = try picture.file(with: planes, output: "b.tif") { warnings.append($0) }
    let again = try TIFFPicture(after, path: "b.tif")
    #expect(again.planes == planes && warnings.isEmpty)
    let smaller = try #require(again.smaller.first)
    let offset = try #require(again.directories.numbers(273, of: smaller).first)
    #expect(Array(after[offset..<offset + 4]) == [200, 125, 100, 100])
  }

  @Test func copiesOfPagesThatTheyDoNotDivideFollow() throws {
    let (width, height) = (33, 31)
    var page = TIFFFile.Page(
      width: width, height: height, blocks: [[UInt8](repeating: 100, count: width * height)])
    var smaller = TIFFFile.Page(width: 16, height: 15, blocks: [[UInt8](repeating: 100, count: 240)])
    smaller.numbers[254] = (4, [1])
    page.below = [smaller]
    let picture = try TIFFPicture(TIFFFile([page]).bytes(), path: "a.tif")
    let copy = try #require(picture.smaller.first)
    let offset = try #require(picture.directories.numbers(273, of: copy).first)
    for (x, y) in [(0, 0), (16, 2), (17, 14), (31, 15), (2, 28), (32, 30)] {
      var planes = picture.planes
      planes[0][y * width + x] = 200
      let after = try picture.file(with: planes, output: "b.tif") { _ in }
      let changed = (0..<240).filter { after[offset + $0] != 100 }
      #expect(changed.count == 1, "\(x), \(y)")
    }
  }

  @Test func placesThatCanNotBeCountedAreNotRead() throws {
    var page = TIFFFile.Page(width: 4, height: 4, blocks: [[UInt8](repeating: 1, count: 16)])
    page.numbers[330] = (4, [1, 2, 3])
    var file = TIFFFile([page])
    file.isBig = true
    var bytes = file.bytes()
    let entry = file.number(330, 2) + file.number(4, 2) + file.number(3, 8)
    let place = try #require(
      bytes.indices.dropLast(20).first { Array(bytes[$0..<$0 + entry.count]) == entry })
    bytes.replaceSubrange(place + 12..<place + 20, with: file.number(Int.max, 8))
    let directories = try TIFFDirectories(TIFFBytes(bytes), name: "a.tif")
    let found = try #require(try directories.pages().first)
    #expect(directories.numbers(330, of: found).isEmpty)
    #expect(directories.pictures([found]).count == 1)
  }

  @Test func copiesOfAnotherKindAreNamed() throws {
    let picture = try TIFFPicture(pyramid(isBelow: true, lossy: true), path: "a.tif")
    var planes = picture.planes
    planes[0][5] = 1
    var warnings: [String] = []
    _ = try picture.file(with: planes, output: "b.tif") { warnings.append($0) }
    #expect(warnings.count == 1 && warnings[0].contains("smaller copies"))
  }

  @Test func namesInOMEDescriptionsFollowTheFile() throws {
    func file(_ names: [String]) -> [UInt8] {
      var page = TIFFFile.Page(width: 4, height: 4, blocks: [[UInt8](repeating: 1, count: 16)])
      page.texts[270] =
        "<OME><Image><Pixels SizeZ=\"1\">"
        + names.map { "<TiffData><UUID FileName=\"\($0)\">urn:uuid:1</UUID></TiffData>" }.joined()
        + "</Pixels></Image></OME>"
      return TIFFFile([page]).bytes()
    }
    let own = try TIFFPicture(file(["a.ome.tif"]), path: "x/a.ome.tif")
    for output in ["b.tif", "a-much-longer-name.ome.tif"] {
      let after = try TIFFPicture(try own.file(with: own.planes, output: output) { _ in }, path: output)
      let text = after.directories.text(270, of: after.page)
      #expect(text?.contains("FileName=\"\(output)\"") == true && text?.contains("a.ome") == false)
      #expect(after.planes == own.planes)
    }
    let part = try TIFFPicture(file(["a.ome.tif", "b.ome.tif"]), path: "x/a.ome.tif")
    #expect(throws: TIFFError.self) { try part.checkOutput("y/c.ome.tif") }
    #expect(try part.file(with: part.planes, output: "y/a.ome.tif") { _ in } == part.file)
  }
}
