import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Stacks as other programs write them, and as they get damaged.
@Suite struct TIFFStackTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Pages of 5 x 4 with 16 bits, each sample its page's hundred and its place.
  private func samples(_ page: Int, of file: TIFFFile) -> [UInt8] {
    (0..<20).flatMap { file.number(100 * page + $0, 2) }
  }

  private func stack(_ pages: Int, description: String = "", isBigEndian: Bool = false, isBig: Bool = false)
    -> TIFFFile
  {
    var file = TIFFFile([])
    (file.isBigEndian, file.isBig) = (isBigEndian, isBig)
    file.pages = (0..<pages).map {
      TIFFFile.Page(width: 5, height: 4, bits: 16, blocks: [samples($0, of: file)])
    }
    if !description.isEmpty { file.pages[0].texts[270] = description }
    return file
  }

  private func values(_ volume: Volume, _ z: Int, ofVolume number: Int = 0) -> [Double] {
    var values: [Double] = []
    volume.read(.init(.z, z, ofVolume: number), into: &values)
    return values
  }

  private func refusal(_ bytes: [UInt8], pages: PageOrder? = nil) throws -> String {
    let path = try folder.write(bytes, to: "bad.tif")
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path, pages: pages) }
    return error?.description ?? ""
  }

  @Test(arguments: [false, true]) func aBrokenChainOfPagesIsNoEnd(isBig: Bool) throws {
    let file = stack(6, isBig: isBig)
    let bytes = file.bytes()
    // The last table lies at the file's end: the file is cut within it, or the link before it leads nowhere.
    #expect(try refusal(Array(bytes.dropLast(40))).contains("page 6 can't be read"))
    let size = isBig ? 8 : 4
    func links(_ bytes: [UInt8]) -> [Int] {
      var (found, place) = ([Int](), isBig ? 8 : 4)
      while true {
        let offset = bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        if offset == 0 { return found }
        found.append(place)
        let entries = Int(bytes[offset])
        place = offset + (isBig ? 8 + 20 * entries : 2 + 12 * entries)
      }
    }
    let places = links(bytes)
    #expect(places.count == 6)
    var astray = bytes
    astray.replaceSubrange(places[3]..<places[3] + size, with: file.number(bytes.count + 100, size))
    #expect(try refusal(astray).contains("page 4 can't be read"))
    var circle = bytes
    circle.replaceSubrange(
      places[5]..<places[5] + size, with: Array(bytes[places[1]..<places[1] + size]))
    #expect(try refusal(circle).contains("circle"))
    #expect(VolumeFile.isVolume(try folder.write(astray, to: "astray.tif")))
  }

  /// A file whose only table says the first of six pages.
  private func hiding(_ description: String, _ isBigEndian: Bool) -> [UInt8] {
    var file = stack(1, description: description, isBigEndian: isBigEndian)
    file.pages[0].numbers[65000] = (4, [4711])
    file.pages[0].blocks = [(0..<6).flatMap { samples($0, of: file) }]
    var bytes = file.bytes()
    let entry = file.number(279, 2) + file.number(4, 2) + file.number(1, 4)
    for start in bytes.indices.dropLast(12) where Array(bytes[start..<start + 8]) == entry {
      bytes.replaceSubrange(start + 8..<start + 12, with: file.number(40, 4))
    }
    return bytes
  }

  @Test(arguments: [false, true]) func pagesWithoutTablesAreReadAndKept(isBigEndian: Bool) throws {
    func imageJ(_ images: Int) -> String { "ImageJ=1.53\nimages=\(images)\nslices=\(images)\nspacing=2.0\n" }
    for description in [imageJ(6), "{\"shape\": [6, 4, 5], \"truncated\": true}"] {
      let bytes = hiding(description, isBigEndian)
      let path = try folder.write(bytes, to: "a.tif")
      #expect(VolumeFile.isVolume(path))
      let read = try VolumeFile(path: path)
      #expect(read.volume.shape == VolumeShape(x: 5, y: 4, z: 6))
      #expect(values(read.volume, 4) == (0..<20).map { Double(400 + $0) })
      var chosen = [UInt8](repeating: 0, count: 20)
      chosen[7] = 1
      read.volume.write(.init(.z, 4), Array(repeating: 77, count: 20), where: chosen)
      let copy = try folder.write(bytes, to: "b.tif")
      try read.write(overCopyAt: copy, output: "b.tif")
      let after = [UInt8](try Data(contentsOf: URL(fileURLWithPath: copy)))
      #expect(after.count == bytes.count && after.indices.count { after[$0] != bytes[$0] } <= 2)
      #expect(values(try VolumeFile(path: copy).volume, 4)[7] == 77)
    }
    // What is counted on are tables, or is not there.
    #expect(try refusal(hiding(imageJ(8), isBigEndian)).contains("other parts"))
    #expect(try refusal(hiding(imageJ(99999), isBigEndian)).contains("cut short"))
  }

  @Test func countsWhoseProductWrapsAreNotBelieved() throws {
    let most = "9223372036854775807"
    for description in [
      "ImageJ=1.53\nimages=6\nchannels=\(most)\nslices=2\nframes=2\n",
      "<OME><Pixels SizeC=\"\(most)\" SizeZ=\"3\" SizeT=\"-4\" DimensionOrder=\"XYZZZ\"></Pixels></OME>",
      "ImageJ=1.53\nchannels=4294967296\nslices=4294967296\n",
    ] {
      let path = try folder.write(stack(6, description: description).bytes(), to: "a.tif")
      #expect(try VolumeFile(path: path).volume.shape == VolumeShape(x: 5, y: 4, z: 6))
    }
    #expect(try refusal(stack(1, description: "ImageJ=1.53\nimages=\(most)\n").bytes()).contains("cut short"))
    let order = try PageOrder(parsing: "t=4294967296,z=4294967296")
    #expect(try refusal(stack(6).bytes(), pages: order).contains("6 pages"))
  }

  @Test func aPersonSaysWhatPagesAre() throws {
    let description = "ImageJ=1.53\nimages=6\nchannels=6\nmode=grayscale\n"
    let path = try folder.write(stack(6, description: description).bytes(), to: "a.tif")
    let asSaid = try VolumeFile(path: path)
    #expect(asSaid.volume.shape == VolumeShape(x: 5, y: 4, z: 1, volumes: 6))
    #expect(
      asSaid.reading.hasPrefix("6 channels of 5 x 4 x 1") && asSaid.doubt?.contains("--stack-as z") == true)
    let slices = try VolumeFile(path: path, pages: PageOrder(parsing: "z"))
    #expect(slices.volume.shape == VolumeShape(x: 5, y: 4, z: 6) && slices.doubt == nil)
    #expect(values(slices.volume, 3)[1] == 301)
    // The slowest first: page 2 t + z, or page 3 c + z.
    let times = try VolumeFile(path: path, pages: PageOrder(parsing: "t, z=2"))
    #expect(times.volume.shape == VolumeShape(x: 5, y: 4, z: 2, volumes: 3))
    #expect(values(times.volume, 1, ofVolume: 2)[0] == 500)
    let byTurns = try VolumeFile(path: path, pages: PageOrder(parsing: "z=2,c=3"))
    #expect(
      values(byTurns.volume, 1, ofVolume: 2)[0] == 500 && values(byTurns.volume, 1, ofVolume: 0)[0] == 300)
    for text in ["x", "z,z", "z=0", "z=-1", "z=4", "t=4,z", ""] {
      #expect(throws: VolumeError.self, "\(text)") {
        try VolumeFile(path: path, pages: PageOrder(parsing: text))
      }
    }
    // On a finer grid the file says so itself.
    let refinement = try #require(GridRefinement(x: 1, y: 1, z: 2))
    let finer = try slices.refined(by: refinement, memory: 1 << 20)
    try finer.write(overCopyAt: folder.file("b.tif"), output: "b.tif")
    #expect(try VolumeFile(path: folder.file("b.tif")).volume.shape == VolumeShape(x: 5, y: 4, z: 11))
  }

  @Test func whatAPersonSaysHoldsWhereTheOutputIsReadAgain() throws {
    let bytes = stack(6, description: "ImageJ=1.53\nimages=6\nchannels=2\nframes=3\n").bytes()
    let path = try folder.write(bytes, to: "a.tif")
    #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
    let read = try VolumeFile(path: path, pages: PageOrder(parsing: "z"))
    let copy = try folder.write(bytes, to: "b.tif")
    try read.write(overCopyAt: copy, output: "b.tif")
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: copy))) == bytes)
  }

  @Test func stacksThatDoNotFitIntoMemoryAreRefusedBefore() throws {
    // Eight gibibytes a page, of four mebibytes.
    let count = MemoryBound.most >> 33 + 1
    var page = TIFFFile.Page(
      width: 1 << 15, height: 1 << 15, bits: 64, compression: 8,
      blocks: [[UInt8](repeating: 0, count: 1 << 22)])
    page.numbers[339] = (3, [3])
    var file = TIFFFile([page])
    page.blocks = [[1]]
    file.pages += Array(repeating: page, count: count - 1)
    file.pages[0].texts[270] = "ImageJ=1.53\nimages=\(count)\nchannels=\(count)\n"
    #expect(try refusal(file.bytes()).contains("of memory"))
  }

  @Test(arguments: [false, true]) func samplesOfAVoxelAreASeries(isPlanar: Bool) throws {
    var file = TIFFFile([])
    let values = { (page: Int, place: Int, sample: Int) in page * 60 + place * 3 + sample }
    file.pages = (0..<2).map { page in
      let together = (0..<20).flatMap { place in (0..<3).map { UInt8(values(page, place, $0)) } }
      let apart = (0..<3).map { sample in (0..<20).map { UInt8(values(page, $0, sample)) } }
      var made = TIFFFile.Page(
        width: 5, height: 4, samples: 3, photometric: 2, blocks: isPlanar ? apart : [together])
      if isPlanar { made.numbers[284] = (3, [2]) }
      return made
    }
    let bytes = file.bytes()
    let read = try VolumeFile(path: try folder.write(bytes, to: "a.tif"))
    #expect(read.volume.shape == VolumeShape(x: 5, y: 4, z: 2, volumes: 3))
    for sample in 0..<3 {
      #expect(self.values(read.volume, 1, ofVolume: sample) == (0..<20).map { Double(values(1, $0, sample)) })
    }
    var chosen = [UInt8](repeating: 0, count: 20)
    chosen[6] = 1
    read.volume.write(.init(.z, 1, ofVolume: 2), Array(repeating: 250, count: 20), where: chosen)
    let copy = try folder.write(bytes, to: "b.tif")
    try read.write(overCopyAt: copy, output: "b.tif")
    #expect(self.values(try VolumeFile(path: copy).volume, 1, ofVolume: 2)[6] == 250)
    let after = [UInt8](try Data(contentsOf: URL(fileURLWithPath: copy)))
    #expect(after.count == bytes.count && after.indices.count { after[$0] != bytes[$0] } == 1)
    let refinement = try #require(GridRefinement(x: 1, y: 1, z: 2))
    #expect(throws: VolumeError.self) { try read.refined(by: refinement, memory: 1 << 20) }
  }

  @Test func errorsNameTheOutputAndNotItsHiddenCopy() throws {
    let file = try VolumeFile(path: try folder.write(stack(3).bytes(), to: "a.tif"))
    let hidden = try folder.write([], to: ".hidden.partial")
    let error = #expect(throws: VolumeError.self) { try file.write(overCopyAt: hidden, output: "out.tif") }
    #expect(error?.description.contains("out.tif") == true, "\(error as Any)")
    #expect(error?.description.contains(".hidden") == false)
  }

  @Test func onePartOfASetKeepsItsName() throws {
    let description =
      "<OME><Pixels SizeZ=\"3\"><TiffData><UUID FileName=\"a.tif\"/></TiffData>"
      + "<TiffData><UUID FileName=\"other.tif\"/></TiffData></Pixels></OME>"
    let file = try VolumeFile(path: try folder.write(stack(3, description: description).bytes(), to: "a.tif"))
    let error = #expect(throws: VolumeError.self) { try file.checkOutput("restored.tif") }
    #expect(error?.description.contains("other.tif") == true)
    try file.checkOutput("restored/a.tif")
  }
}
