import Frames
import TestSupport
import Testing

@testable import Media

/// Reading that begins in the middle of a file.
@Suite struct SeekTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func make(_ name: String, _ encoder: [String]) throws -> String {
    try folder.ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25,noise=alls=20:all_seed=1", "-frames:v", "50"] + encoder
        + [folder.file(name)])
    return folder.file(name)
  }

  private func read(_ reader: VideoReader, most: Int = .max) throws -> [Frame] {
    var frames: [Frame] = []
    while frames.count < most, let frame = try reader.nextFrame() { frames.append(frame) }
    return frames
  }

  private static let x264 = [
    "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "12", "-keyint_min", "12", "-bf", "3",
  ]

  @Test(
    arguments: [
      ("closed.mkv", x264), ("closed.mp4", x264),
      ("open.mkv", x264 + ["-x264-params", "open-gop=1:scenecut=0"]),
      ("open.mov", x264 + ["-x264-params", "open-gop=1:scenecut=0"]), ("all.mkv", ["-c:v", "ffv1"]),
      ("part4.mp4", ["-c:v", "mpeg4", "-g", "12", "-bf", "2"]),
      ("part2.mkv", ["-c:v", "mpeg2video", "-g", "12", "-bf", "2"]),
    ])
  func everyKeyFrameIsReachedExactly(name: String, encoder: [String]) throws {
    let path = try make(name, encoder)
    let reader = try VideoReader(path: path)
    let frames = try read(reader)
    #expect(frames.count == 50 && reader.canSeek)
    let keys = frames.filter { ($0.attachment as? DecodedPicture)?.isKey == true }
    #expect(keys.count >= 4)
    // Back as well as on, with a reader that has come to its end, and with threads.
    let other = try VideoReader(path: path, threads: 3)
    for key in keys.reversed() + keys.prefix(2) {
      let time = try #require(key.attachment as? DecodedPicture).pts
      #expect(try other.seek(to: SeekPoint(frame: key.index, time: time)))
      let found = try read(other)
      #expect(found.map(\.index) == Array(key.index..<50))
      #expect(found.map(\.time) == frames[key.index...].map(\.time))
      let differing = zip(found, frames[key.index...]).filter { $0.planes != $1.planes }.map(\.0.index)
      #expect(differing.isEmpty, "\(name) from \(key.index) on")
    }
  }

  @Test func aTimeThatNoFrameHasIsNotFound() throws {
    let reader = try VideoReader(path: try make("in.mkv", Self.x264))
    #expect(try !reader.seek(to: SeekPoint(frame: 12, time: 483)))
  }

  @Test func streamsWithoutAnIndexAreNotSoughtIn() throws {
    let reader = try VideoReader(path: try make("in.ts", Self.x264))
    #expect(!reader.canSeek)
    #expect(try !reader.seek(to: SeekPoint(frame: 0, time: 0)))
    #expect(try read(reader).count == 50)
  }
}
