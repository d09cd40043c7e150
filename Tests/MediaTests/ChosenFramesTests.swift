import Foundation
import Frames
import TestSupport
import Testing

@testable import Media

/// Frames that are read without decoding those that they do not need.
@Suite struct ChosenFramesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func all(_ path: String) throws -> [Frame] {
    let reader = try VideoReader(path: path)
    var frames: [Frame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    return frames
  }

  private func chosen(_ path: String, _ numbers: [Int], threads: Int = 1) throws -> (
    frames: [Frame], decoded: Int
  ) {
    let reader = try VideoReader(path: path, threads: threads)
    let packets = try #require(try reader.picturePackets())
    let chosen = ChosenFrames(reader, packets, numbers: numbers)
    var frames: [Frame] = []
    while let frame = try chosen.next() { frames.append(frame) }
    return (frames, chosen.decoded)
  }

  private static let alone = ["-c:v", "ffv1", "-g", "1"]

  /// - Parameter decoded: by one thread, of frames 5, 16, 17 and 40, and the first, by which a reader opens.
  @Test(
    arguments: [
      ("alone.mkv", alone, 5), ("alone.avi", alone, 5),
      ("slices.mkv", ["-c:v", "ffv1", "-level", "3", "-slices", "4", "-g", "1"], 5),
      // Key pictures are 0, 12, 24, 36 and 48.
      ("groups.mkv", ["-c:v", "ffv1", "-g", "12"], 6 + 6 + 5),
      ("jpeg.avi", ["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"], 5),
      ("prores.mov", ["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"], 5),
      ("huff.mkv", ["-c:v", "ffvhuff", "-pix_fmt", "yuv420p"], 5),
    ])
  func areThoseThatAllFramesHave(name: String, encoder: [String], decoded: Int) throws {
    let path = try folder.noisyClip(name, encoder)
    let (frames, numbers) = (try all(path), [40, 5, 16, 17])
    for threads in [1, 3] {
      let found = try chosen(path, numbers + [99], threads: threads)
      #expect(found.frames.map(\.index) == numbers.sorted())
      for frame in found.frames {
        #expect(frame.planes == frames[frame.index].planes && frame.time == frames[frame.index].time)
      }
      // Decoders with threads are given a few packets before a frame is chosen.
      if threads == 1 { #expect(found.decoded == decoded) } else { #expect(found.decoded < 30) }
    }
    #expect(try chosen(path, []).frames.isEmpty)
  }

  @Test(
    arguments: [
      ("turns.mkv", ["-c:v", "libx264", "-bf", "2"]), ("chain.mkv", ["-c:v", "mpeg4", "-bf", "0"]),
      ("still.png", ["-frames:v", "1"]), ("all_%03d.png", []),
      ("colours.avi", ["-c:v", "rawvideo", "-pix_fmt", "pal8"]),
    ])
  func othersHaveToBeDecoded(name: String, encoder: [String]) throws {
    #expect(try VideoReader(path: folder.noisyClip(name, encoder)).picturePackets() == nil)
  }

  @Test func filesThatEndEarlyHaveToBeDecoded() throws {
    let path = try folder.noisyClip("whole.mov", Self.alone + ["-movflags", "+faststart"])
    let packets = try #require(try VideoReader(path: path).picturePackets())
    #expect(packets.count == 50 && packets.bytes > 50 * 64 * 48 / 4)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = folder.file("cut.mov")
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: cut))
    #expect(try VideoReader(path: cut).picturePackets() == nil)
  }

  @Test func aPictureThatIsNotThereIsMissed() throws {
    let path = try folder.noisyClip("whole.mkv", ["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"])
    // Nothing is left of the 21st picture.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var starts: [Data.Index] = []
    while let next = bytes.range(of: Data([0xff, 0xd8, 0xff]), in: (starts.last ?? -1) + 1..<bytes.endIndex) {
      starts.append(next.lowerBound)
    }
    try #require(starts.count == 50)
    let end = try #require(
      bytes.range(of: Data([0xff, 0xd9]), options: .backwards, in: starts[20]..<starts[21]))
    for i in starts[20]..<end.upperBound { bytes[i] = 0 }
    let damaged = folder.file("damaged.mkv")
    try bytes.write(to: URL(fileURLWithPath: damaged))
    #expect(try all(damaged).count == 49)
    #expect(try chosen(damaged, [10, 20, 30]).frames.map(\.index) == [10, 30])
    // The numbers of those behind it are the packets' own.
    let frames = try chosen(damaged, [10, 30]).frames
    #expect(frames.map(\.planes) == [10, 30].map { n in (try? all(path)[n].planes) ?? [] })
  }
}
