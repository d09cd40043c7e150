import Foundation
import Frames
import Testing

@testable import Media

/// Numbered images, whatever number they begin with.
@Suite struct ImageSequenceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Images whose samples are their frames' numbers, times 20.
  private func makeImages(_ numbers: [Int], _ format: String = "f_%03d.png") throws {
    for (index, number) in numbers.enumerated() {
      try ffmpeg(
        "-f lavfi -i color=gray:s=8x8,format=gray,geq=lum=\(20 * index) -frames:v 1 -update 1 "
          + folder.path(String(format: format, number)))
    }
  }

  private func levels(_ frames: [Frame]) -> [UInt16] { frames.map { $0.planes[0][0] } }

  @Test(arguments: [
    (5, "f_%03d.png"), (86400, "f_%03d.png"), (0, "f_%05d.png"), (98, "f%d.png"), (7, "100%%_%02d.png"),
  ])
  func theFirstNumberIsFound(first: Int, pattern: String) throws {
    try makeImages((0..<4).map { first + $0 }, pattern)
    let input = folder.path(pattern)
    let reader = try VideoReader(path: input)
    #expect(reader.sequence?.first == first && reader.info.estimatedFrameCount == 4)
    #expect(try PacketScan.countFrames(input) == 4)
    #expect(levels(try allFrames(input, threads: 3)) == [0, 20, 40, 60])
    // The output keeps the numbers.
    try transcode(input, folder.path("o_%06d.png"))
    let names = folder.names.filter { $0.hasPrefix("o_") }
    #expect(names == (0..<4).map { String(format: "o_%06d.png", first + $0) })
  }

  @Test func aGapIsRefusedByName() throws {
    try makeImages([5, 6, 8, 9, 12])
    for open in [
      { _ = try VideoReader(path: folder.path("f_%03d.png")) },
      { _ = try PacketScan.countFrames(folder.path("f_%03d.png")) },
    ] {
      let error = #expect(throws: MediaError.self) { try open() }
      #expect(error?.kind == .cannotRead)
      #expect(
        error?.description.contains(
          "from f_005.png to f_012.png, but not f_007.png, f_010.png to f_011.png: add them") == true)
    }
    let report = try FileProbe.report(folder.path("f_%03d.png"))
    #expect(report.damage?.contains("but not f_007.png") == true)
  }

  @Test func aGapMayBeFrames() throws {
    try makeImages([5, 6, 8, 9, 12])
    let reader = try VideoReader(path: folder.path("f_%03d.png"), gaps: .frames)
    var frames: [Frame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    #expect(levels(frames) == [0, 20, 20, 40, 60, 60, 60, 80])
    #expect(frames.map(\.index) == Array(0..<8) && frames.map(\.pts) == (0..<8).map { Int64($0) })
    #expect(reader.sequence?.gaps == [2..<3, 5..<7] && reader.info.estimatedFrameCount == 8)
    #expect(reader.damage == nil)
  }

  /// An image that can't be read keeps its place, or all that follow would have others' numbers and masks.
  @Test(arguments: [[UInt8](), Array("no picture".utf8)], [5, 7, 9])
  func aBrokenImageKeepsItsPlace(bytes: [UInt8], number: Int) throws {
    try makeImages([5, 6, 7, 8, 9])
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("f_00\(number).png")))
    let reader = try VideoReader(path: folder.path("f_%03d.png"))
    var frames: [Frame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    var wanted: [UInt16] = [0, 20, 40, 60, 80]
    wanted[number - 5] = number == 5 ? 20 : wanted[number - 6]
    #expect(levels(frames) == wanted)
    let corrupt = frames.map { ($0.attachment as? DecodedPicture)?.isCorrupt == true }
    #expect(corrupt == (5...9).map { $0 == number })
    #expect(reader.damage?.sentence.contains("f_00\(number).png can't be read") == true)
  }

  @Test func aPatternThatNamesNothingIsToldWhatIsThere() throws {
    try makeImages([5, 6], "f_%04d.png")
    let error = #expect(throws: MediaError.self) { try VideoReader(path: folder.path("f_%03d.png")) }
    #expect(error?.description.contains("f_0005.png is there: write f_%04d.png") == true)
    #expect(throws: MediaError.self) { try VideoReader(path: folder.path("g_%03d.png")) }
  }

  @Test func patternsOfNames() {
    #expect(ImageSequence.pattern(ofNames: ["m_08.png", "m_09.png", "m_10.png"])?.name == "m_%02d.png")
    #expect(ImageSequence.pattern(ofNames: ["m8.png", "m9.png", "m11.png"])?.name == "m%d.png")
    #expect(ImageSequence.pattern(ofNames: ["m8.png", "m9.png", "m11.png"])?.skipped == "10")
    #expect(ImageSequence.pattern(ofNames: ["a.png", "b.png"]) == nil)
    #expect(ImageSequence.pattern(ofNames: ["a1.png", "b2.png"]) == nil)
    #expect(ImageSequence.pattern(ofNames: []) == nil)
  }

  @Test func numbersOfNames() {
    let pattern = NumberPattern("f_%03d.png")
    #expect(pattern?.number(in: "f_005.png") == 5 && pattern?.number(in: "f_86400.png") == 86400)
    for name in ["f_5.png", "f_0005.png", "f_-05.png", "f_.png", "f_99999999999999999999.png", "f_005.jpg"] {
      #expect(pattern?.number(in: name) == nil, "\(name)")
    }
    #expect(pattern?.name(of: 7) == "f_007.png" && NumberPattern("%d%d") == nil && NumberPattern("a") == nil)
  }
}
