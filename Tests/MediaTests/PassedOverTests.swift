import Foundation
import Testing

@testable import Media

/// Pictures of a Matroska file that its demuxer leaves out without a word, as it does where it gets no memory for them, are missed.
@Suite struct PassedOverTests {
  private static func clip(_ name: String, _ options: String, in folder: TemporaryFolder) throws -> String {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=440:d=2 \(options) \(folder.path(name))")
    return folder.path(name)
  }

  /// The number of pictures by their blocks, found from the place of the first one.
  private static func count(_ path: String) throws -> Int? {
    let demuxer = try Demuxer(path: path)
    var (tally, place) = (PacketTally(), Int?.none)
    try demuxer.forEachPacket(&tally) { packet, _ in
      if packet.pointee.stream_index == 0 && place == nil { place = Int(packet.pointee.pos) }
      return true
    }
    #expect(demuxer.passedOver == 0)
    return MatroskaPictures.count(
      in: try #require(FileBytes(path)), ofTrackAt: try #require(place))
  }

  @Test(arguments: [
    ("a.mkv", "-c:v libx264 -bf 2 -g 10 -c:a aac"),
    // Lengths of clusters and of all are left open.
    ("b.mkv", "-c:v libx264 -bf 2 -g 10 -c:a libmp3lame -live 1 -cluster_time_limit 100"),
    ("c.mkv", "-c:v ffv1 -c:a flac -cluster_size_limit 20000"),
    ("d.webm", "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime -c:a libopus"),
    ("e.mkv", "-c:v mpeg2video -bf 2 -c:a ac3 -write_crc32 0"),
  ])
  func blocksArePictures(_ name: String, _ options: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.clip(name, options, in: folder)
    let packets = try probe(path, "-select_streams v -count_packets -show_entries stream=nb_read_packets")
    #expect(packets == ["50"])
    #expect(try Self.count(path) == 50)
    // What was cut off is not known.
    let bytes = try folder.data(name)
    try bytes.dropLast(200).write(to: folder.url.appendingPathComponent("cut-" + name))
    let file = try #require(FileBytes(folder.path("cut-" + name)))
    #expect(MatroskaPictures.count(in: file, ofTrackAt: 0) == nil)
  }

  @Test(arguments: [1, 10, 49]) func whatIsNeverGivenIsMissed(_ first: Int) throws {
    let folder = try TemporaryFolder()
    let path = try Self.clip("in.mkv", "-c:v ffv1 -c:a flac", in: folder)
    let reader = try VideoReader(path: path)
    for _ in 0..<first { _ = try reader.nextFrame() }
    // Somebody else takes a few packets of both streams.
    for _ in 0..<3 {
      try PacketPointer.with(path) { packet in
        _ = reader.demuxer.packets.read(packet)
      }
    }
    let error = #expect(throws: MediaError.self) {
      while try reader.nextFrame() != nil {}
    }
    #expect(error?.kind == .outOfMemory)
  }

  @Test func ordinaryFilesAreWhole() throws {
    let folder = try TemporaryFolder()
    // Sound that ends later than the video, and frames that are missing on purpose.
    let path = try Self.clip(
      "in.mkv", "-vf select=not(between(n\\,10\\,20)) -vsync passthrough -c:v ffv1 -c:a flac", in: folder)
    let reader = try VideoReader(path: path)
    var frames = 0
    while try reader.nextFrame() != nil { frames += 1 }
    #expect(frames == 39 && reader.damage == nil && reader.demuxer.passedOver == 0)
    #expect(try #require(reader.demuxer.given).seemIncomplete(in: reader.demuxer))
  }
}
