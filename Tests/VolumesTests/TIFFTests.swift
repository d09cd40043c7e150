import Foundation
import TestSupport
import Testing

@testable import Volumes

@Suite struct TIFFTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A stack made byte by byte: a strip and a directory for each page.
  struct Stack {
    var isBigEndian = false
    var width = 4
    var height = 3
    var bits = 16
    /// 1 unsigned, 3 floating point.
    var kind = 1
    var samples = 1
    /// 1 none, 32773 PackBits.
    var compression = 1
    var description = ""
    var pages: [[UInt8]] = []

    func file() -> [UInt8] {
      func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] { NIfTIFixture.bytes(value, isBigEndian) }
      var bytes = Array((isBigEndian ? "MM" : "II").utf8) + number(UInt16(42)) + number(UInt32(0))
      var link = 4
      for (k, page) in pages.enumerated() {
        let data = compression == 1 ? page : packed(page)
        let start = bytes.count
        bytes += data
        let text = Array(description.utf8) + [0]
        let textStart = bytes.count
        if k == 0 && !description.isEmpty { bytes += text }
        // Ten samples a millimetre.
        let ratio = bytes.count
        bytes += number(UInt32(10)) + number(UInt32(1))
        if bytes.count % 2 == 1 { bytes.append(0) }
        var entries: [(tag: UInt16, type: UInt16, count: UInt32, value: UInt32)] = [
          (256, 4, 1, UInt32(width)), (257, 4, 1, UInt32(height)), (258, 3, 1, UInt32(bits)),
          (259, 3, 1, UInt32(compression)), (262, 3, 1, 1), (273, 4, 1, UInt32(start)),
          (277, 3, 1, UInt32(samples)),
          (278, 4, 1, UInt32(height)), (279, 4, 1, UInt32(data.count)), (282, 5, 1, UInt32(ratio)),
          (283, 5, 1, UInt32(ratio)), (339, 3, 1, UInt32(kind)),
          // One that nobody knows.
          (65000, 4, 1, 4711),
        ]
        if k == 0 && !description.isEmpty {
          entries.append((270, 2, UInt32(text.count), UInt32(textStart)))
        }
        entries.sort { $0.tag < $1.tag }
        let directory = bytes.count
        bytes.replaceSubrange(link..<link + 4, with: number(UInt32(directory)))
        bytes += number(UInt16(entries.count))
        for entry in entries {
          let value = entry.type == 3 ? number(UInt16(entry.value)) + [0, 0] : number(entry.value)
          bytes += number(entry.tag) + number(entry.type) + number(entry.count) + value
        }
        link = bytes.count
        bytes += number(UInt32(0))
      }
      return bytes
    }

    /// Literal runs only.
    private func packed(_ bytes: [UInt8]) -> [UInt8] {
      stride(from: 0, to: bytes.count, by: width * bits / 8).flatMap { start in
        let row = bytes[start..<start + width * bits / 8]
        return [UInt8(row.count - 1)] + row
      }
    }
  }

  private func stack(_ change: (inout Stack) -> Void = { _ in }) -> Stack {
    var stack = Stack()
    change(&stack)
    for z in 0..<6 {
      var page: [UInt8] = []
      for i in 0..<stack.width * stack.height {
        if stack.bits == 16 {
          page += NIfTIFixture.bytes(UInt16(1000 + z * 100 + i), stack.isBigEndian)
        } else {
          let value = Float(z) + Float(i) / 100
          page += NIfTIFixture.bytes(value.bitPattern, stack.isBigEndian)
        }
      }
      stack.pages.append(page)
    }
    return stack
  }

  private func values(_ volume: Volume, _ slice: Volume.Slice) -> [Double] {
    var values: [Double] = []
    volume.read(slice, into: &values)
    return values
  }

  @Test(arguments: [false, true], [1, 32773])
  func onlyMissingSamplesChangeAndTagsStay(isBigEndian: Bool, compression: Int) throws {
    let fixture = stack {
      ($0.isBigEndian, $0.compression) = (isBigEndian, compression)
      $0.description = "ImageJ=1.53\nimages=6\nslices=6\nspacing=0.3\nunit=mm\n"
    }
    let before = fixture.file()
    let file = try VolumeFile(path: try folder.write(before, to: "a.tif"))
    #expect(file.volume.shape == VolumeShape(x: 4, y: 3, z: 6) && file.volume.type == .uint16)
    #expect(abs(file.volume.spacing.x - 0.1) < 1e-6 && abs(file.volume.spacing.z - 0.3) < 1e-6)
    #expect(values(file.volume, .init(.z, 2)) == (0..<12).map { Double(1200 + $0) })
    var chosen = [UInt8](repeating: 0, count: 12)
    chosen[5] = 1
    file.volume.write(.init(.z, 2), Array(repeating: 77, count: 12), where: chosen)
    let copy = try folder.write(before, to: "b.tif")
    try file.write(overCopyAt: copy, output: copy)
    let again = try VolumeFile(path: copy)
    for z in 0..<6 {
      var expected: [Double] = (0..<12).map { (i: Int) -> Double in Double(1000 + z * 100 + i) }
      if z == 2 { expected[5] = 77 }
      #expect(values(again.volume, .init(.z, z)) == expected)
    }
    #expect(again.volume.spacing == file.volume.spacing)
    let after = [UInt8](try Data(contentsOf: URL(fileURLWithPath: copy)))
    // In place, even where compressed: the same length fits.
    #expect(after.count == before.count)
    #expect(after.indices.count { after[$0] != before[$0] } <= 2)
  }

  @Test func floatsAreRead() throws {
    let fixture = stack { ($0.bits, $0.kind) = (32, 3) }
    let volume = try VolumeFile(path: try folder.write(fixture.file(), to: "a.tif")).volume
    #expect(volume.type == .float32)
    #expect(values(volume, .init(.z, 3))[7] == Double(Float(3) + Float(7) / 100))
  }

  @Test func channelsAndTimePointsAreSeries() throws {
    let channels = stack { $0.description = "ImageJ=1.53\nimages=6\nchannels=2\nslices=3\n" }
    let byChannel = try VolumeFile(path: try folder.write(channels.file(), to: "c.tif")).volume
    #expect(byChannel.shape == VolumeShape(x: 4, y: 3, z: 3, volumes: 2))
    // Channel 1 of slice 2 is page 5.
    #expect(values(byChannel, .init(.z, 2, ofVolume: 1))[0] == 1500)
    let times = stack { $0.description = "ImageJ=1.53\nimages=6\nframes=2\nslices=3\n" }
    let byTime = try VolumeFile(path: try folder.write(times.file(), to: "t.tif")).volume
    #expect(values(byTime, .init(.z, 1, ofVolume: 1))[0] == 1400)
  }

  @Test func seriesOfOMEFollowTheOrderOfTheDimensions() throws {
    func stackOf(_ order: String, _ sizes: String) throws -> Volume {
      let stack = stack {
        $0.description = "<OME><Pixels DimensionOrder=\"\(order)\" \(sizes)></Pixels></OME>"
      }
      return try VolumeFile(path: try folder.write(stack.file(), to: "o.tif")).volume
    }
    // Page 4 of six begins with 1400, page 5 with 1500.
    let (channels, times) = ("SizeZ=\"3\" SizeC=\"2\" SizeT=\"1\"", "SizeZ=\"3\" SizeC=\"1\" SizeT=\"2\"")
    for (order, sizes, first) in [
      ("XYCZT", channels, 1300.0), ("XYZCT", channels, 1400), ("XYZTC", times, 1400), ("XYTZC", times, 1300),
    ] {
      let volume = try stackOf(order, sizes)
      #expect(volume.shape == VolumeShape(x: 4, y: 3, z: 3, volumes: 2))
      #expect(values(volume, .init(.z, 1, ofVolume: 1))[0] == first, "\(order)")
    }
  }

  @Test func finerStacksAreReadBack() throws {
    let fixture = stack {
      $0.description = "ImageJ=1.53\nimages=6\nslices=6\nspacing=0.3\nunit=mm\n"
      $0.isBigEndian = true
    }
    let file = try VolumeFile(path: try folder.write(fixture.file(), to: "a.tif"))
    let refinement = try #require(GridRefinement(x: 2, y: 1, z: 3))
    let finer = try file.refined(by: refinement, memory: 1 << 20)
    #expect(!finer.isChangedInPlace && file.isChangedInPlace)
    try finer.write(overCopyAt: folder.file("b.tif"), output: "b.tif")
    let again = try VolumeFile(path: folder.file("b.tif"))
    #expect(again.volume.shape == VolumeShape(x: 7, y: 3, z: 16))
    #expect(abs(again.volume.spacing.x - 0.05) < 1e-6 && abs(again.volume.spacing.z - 0.1) < 1e-6)
    let known = values(again.volume, .init(.z, 6))
    #expect(stride(from: 0, to: 7, by: 2).map { known[$0] } == [1200, 1201, 1202, 1203])
    #expect(try Data(contentsOf: URL(fileURLWithPath: again.path)).prefix(2) == Data("MM".utf8))
  }

  @Test func whatIsNoStackIsRefused() throws {
    func refuses(_ bytes: [UInt8], _ words: String) throws {
      let path = try folder.write(bytes, to: "bad.tif")
      let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
      #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
    let good = stack()
    try refuses(Array("II".utf8), "no TIFF file")
    try refuses(Array(good.file().dropFirst(8).prefix(40)), "no TIFF file")
    var broad = good
    broad.width = 1 << 30
    try refuses(broad.file(), "damaged")
    var coarse = good
    coarse.bits = 12
    try refuses(coarse.file(), "12 bits")
    var lossy = good
    lossy.compression = 7
    try refuses(lossy.file(), "loss")
    let hidden = stack { $0.description = "ImageJ=1.53\nimages=600\nslices=600\n" }
    try refuses(hidden.file(), "ImageJ")
  }

  @Test func singlePicturesAreForFFmpegUnlessItCanNotReadThem() throws {
    var one = stack()
    one.pages = [one.pages[0]]
    #expect(!VolumeFile.isVolume(try folder.write(one.file(), to: "one.tif")))
    #expect(VolumeFile.isVolume(try folder.write(stack().file(), to: "many.tif")))
    var float = stack { ($0.bits, $0.kind) = (32, 3) }
    float.pages = [float.pages[0]]
    #expect(VolumeFile.isVolume(try folder.write(float.file(), to: "float.tif")))
    // What is no TIFF file is told of as one; a pattern's name is none of a file.
    #expect(VolumeFile.isVolume(try folder.write([], to: "empty.tif")))
    #expect(!VolumeFile.isVolume("frame_%05d.tif"))
    #expect(!VolumeFile.isVolume("film.mp4") && VolumeFile.isVolume("scan.NII.gz"))
  }
}
