import Foundation
import Frames
import TestSupport
import Testing

@testable import Media

/// Reading that begins in the middle of a file.
@Suite struct SeekTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

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
      ("all.avi", ["-c:v", "ffv1"]), ("jpeg.avi", ["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"]),
      ("part4.avi", ["-c:v", "mpeg4", "-g", "12", "-bf", "0"]),
      ("closed.ts", x264), ("part2.ts", ["-c:v", "mpeg2video", "-g", "12", "-bf", "2"]),
      ("part2.m2ts", ["-c:v", "mpeg2video", "-g", "12", "-bf", "0"]), ("all_%03d.png", []),
      ("from_7_%d.tif", ["-pix_fmt", "gray16le", "-start_number", "7"]),
    ])
  func everyKeyFrameIsReachedExactly(name: String, encoder: [String]) throws {
    let path = try folder.noisyClip(name, encoder)
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
    let reader = try VideoReader(path: try folder.noisyClip("in.mkv", Self.x264))
    #expect(try !reader.seek(to: SeekPoint(frame: 12, time: 483)))
  }

  @Test func whatIsNotSafeIsNotSoughtIn() throws {
    // A stream of pictures without a container.
    let bare = try VideoReader(path: try folder.noisyClip("in.m2v", ["-c:v", "mpeg2video", "-g", "12"]))
    #expect(!bare.canSeek)
    #expect(try !bare.seek(to: SeekPoint(frame: 0, time: 0)))
    #expect(try read(bare).count == 50)
    // A clock that begins anew in the middle.
    let once = try folder.noisyClip("one.ts", Self.x264)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: once)))
    let joined = try VideoReader(path: try folder.write(bytes + bytes, to: "two.ts"))
    #expect(try read(joined).count == 100 && !joined.canSeek)
  }

  @Test func imagesThatAreMissingAreNoneToBeginWith() throws {
    let path = try folder.noisyClip("g_%02d.png", [])
    for number in ["11", "12", "13", "30"] {
      try FileManager.default.removeItem(atPath: folder.file("g_\(number).png"))
    }
    let frames = try read(VideoReader(path: path, gaps: .frames))
    #expect(frames.count == 50)
    let keys = frames.filter { ($0.attachment as? DecodedPicture)?.isKey == true }.map(\.index)
    #expect(keys == Array(0..<50).filter { ![10, 11, 12, 29].contains($0) })
    let other = try VideoReader(path: path, gaps: .frames)
    for first in [9, 28, 13, 0] {
      #expect(try other.seek(to: SeekPoint(frame: first, time: Int64(first))))
      let found = try read(other, most: 8)
      #expect(found.map(\.index) == Array(first..<first + 8))
      #expect(zip(found, frames[first...]).allSatisfy { $0.planes == $1.planes })
    }
    #expect(try !other.seek(to: SeekPoint(frame: 11, time: 11)))
    #expect(try !VideoReader(path: path, gaps: .frames).seek(to: SeekPoint(frame: 99, time: 99)))
  }

  @Test func whatLiesBeforeATimeIsReadFromAKeyFrameOn() throws {
    let reader = try VideoReader(path: try folder.noisyClip("in.mkv", Self.x264))
    let frames = try read(reader)
    #expect(try reader.seek(before: 900))
    let found = try read(reader)
    // The key frame at or before 900 ms, and everything after it.
    let first = try #require(found.first?.attachment as? DecodedPicture)
    #expect(first.pts <= 900 && first.isKey && frames.count - found.count > 10)
    #expect(zip(found, frames.suffix(found.count)).allSatisfy { $0.planes == $1.planes })
  }
}
