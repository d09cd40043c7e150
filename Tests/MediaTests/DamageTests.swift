import Foundation
import Frames
import Media
import Testing

/// Broken files give what they hold, and say so.
@Suite struct DamageTests {
  static func error(_ path: String) -> MediaError? {
    #expect(throws: MediaError.self) { try VideoReader(path: path) }
  }

  @Test func unreadableFiles() throws {
    let folder = try TemporaryFolder()
    #expect(Self.error(folder.path("none.mp4"))?.kind == .cannotRead)
    #expect(Self.error(folder.path("none_%03d.png"))?.kind == .cannotRead)
    #expect(Self.error(folder.url.path)?.kind == .cannotRead)
    for name in ["text.txt", "text.mp4", "text.mkv", "text.bin"] {
      try "This is a shopping list: bread, milk.\n".write(
        toFile: folder.path(name), atomically: true, encoding: .utf8)
      let error = Self.error(folder.path(name))
      #expect(error?.kind == .notAVideo, "\(error?.description ?? name)")
    }
    try Data().write(to: folder.url.appendingPathComponent("empty.mp4"))
    #expect(Self.error(folder.path("empty.mp4"))?.kind == .notAVideo)
    var noise = [UInt8](repeating: 0, count: 50_000)
    for i in noise.indices { noise[i] = UInt8(truncatingIfNeeded: (i &* 2_654_435_761) >> 13) }
    try Data(noise).write(to: folder.url.appendingPathComponent("noise.mp4"))
    #expect(Self.error(folder.path("noise.mp4")) != nil)
    try ffmpeg("-f lavfi -i sine=440:d=1 \(folder.path("sound.m4a"))")
    #expect(Self.error(folder.path("sound.m4a"))?.kind == .notAVideo)
  }

  @Test func coverArtIsNoVideo() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=32x32 -frames:v 1 \(folder.path("cover.png"))")
    try ffmpeg(
      "-f lavfi -i sine=440:d=1 -i \(folder.path("cover.png")) -map 0 -map 1 -c:v copy -disposition:v attached_pic "
        + folder.path("song.m4a"))
    #expect(Self.error(folder.path("song.m4a"))?.kind == .notAVideo)
  }

  /// A damaged header that asks for more memory than there is is no want of memory: nothing would help.
  @Test func damagedHeadersAreNoWantOfMemory() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x64:r=25:d=0.2 -c:v libaom-av1 -cpu-used 8 \(folder.path("a.ivf"))")
    let whole = try [UInt8](folder.data("a.ivf"))
    // The sequence header lies behind the headers of file and frame, and a delimiter.
    for byte in 44..<60 {
      for bit in 0..<8 {
        var data = whole
        data[byte] ^= 1 << UInt8(bit)
        try Data(data).write(to: folder.url.appendingPathComponent("b.ivf"))
        do {
          let reader = try VideoReader(path: folder.path("b.ivf"), threads: 1)
          while try reader.nextFrame() != nil {}
        } catch let error as MediaError {
          #expect(error.kind != .outOfMemory, "bit \(bit) of byte \(byte): \(error.description)")
        }
      }
    }
  }

  /// A clip of 100 frames with sound, whole and cut.
  static func cut(_ name: String, _ options: String, to part: Double, in folder: TemporaryFolder) throws
    -> String
  {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=25:d=4 -f lavfi -i sine=440:d=4 -c:v libx264 -bf 2 -g 25 -c:a aac \(options) "
        + folder.path("whole-" + name))
    let data = try folder.data("whole-" + name)
    try data.prefix(Int(Double(data.count) * part)).write(to: folder.url.appendingPathComponent(name))
    return folder.path(name)
  }

  @Test(arguments: [("a.mkv", ""), ("a.mp4", "-movflags +faststart"), ("a.avi", "-bf 0")], [1, 2])
  func truncatedFiles(_ container: (String, String), _ threads: Int) throws {
    let folder = try TemporaryFolder()
    let path = try Self.cut(container.0, container.1, to: 0.6, in: folder)
    let whole = try VideoReader(path: folder.path("whole-" + container.0), threads: threads)
    while try whole.nextFrame() != nil {}
    #expect(whole.damage == nil, "\(whole.damage?.sentence ?? "")")

    let reader = try VideoReader(path: path, threads: threads)
    var count = 0
    while try reader.nextFrame() != nil { count += 1 }
    #expect((20..<100).contains(count))
    let damage = try #require(reader.damage)
    #expect(damage.isTruncated)
    #expect(damage.framesRead == count)
    #expect(damage.sentence.contains(path))
    // What there is can be written, sound included.
    try transcode(path, folder.path("out.mkv"))
    #expect(try allFrames(folder.path("out.mkv")).count == count)
    #expect(try probe(folder.path("out.mkv"), "-select_streams a -show_entries packet=size").count > 20)
  }

  /// Demuxers pass over damage and go on at the next cluster or page, so that no decoder sees it.
  @Test(arguments: ["mkv", "ogv"]) func lostBetweenPackets(_ ending: String) throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=25:d=1 -c:v \(ending == "mkv" ? "ffv1" : "libtheora -q 7") "
        + folder.path("whole.\(ending)"))
    let whole = try folder.data("whole.\(ending)")
    // A block's head in Matroska, and what a page holds in Ogg.
    let packet = try probe(folder.path("whole.\(ending)"), "-show_entries packet=pos,size")[8]
    let place = try #require(packet.split(separator: ",").compactMap { Int($0) }.max())
    var hurt = whole
    for byte in ending == "mkv" ? place - 8..<place + 8 : place + 100..<place + 116 { hurt[byte] = 0 }
    try hurt.write(to: folder.url.appendingPathComponent("hurt.\(ending)"))
    let before = try VideoReader(path: folder.path("whole.\(ending)"))
    while try before.nextFrame() != nil {}
    #expect(before.damage == nil)
    let reader = try VideoReader(path: folder.path("hurt.\(ending)"))
    var count = 0
    while try reader.nextFrame() != nil { count += 1 }
    #expect(count < 25)
    #expect(reader.damage?.sentence.contains("parts of the file could not be read") == true)
    #expect(try FileProbe.report(folder.path("hurt.\(ending)")).damage != nil)
  }

  @Test func missingIndex() throws {
    let folder = try TemporaryFolder()
    let path = try Self.cut("a.mp4", "", to: 0.6, in: folder)
    let error = Self.error(path)
    #expect(error?.kind == .cannotRead)
    #expect(error?.description.contains("moov") == true)
  }

  @Test(arguments: ["libx264", "ffv1"]) func flippedBits(_ codec: String) throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v \(codec) -g 10 \(codec == "ffv1" ? "-level 3 -slicecrc 1" : "") "
        + folder.path("whole.mkv"))
    var data = try folder.data("whole.mkv")
    for place in stride(from: data.count / 3, to: data.count / 2, by: max(1000, data.count / 60)) {
      for i in 0..<20 { data[place + i] ^= 0x5a }
    }
    try data.write(to: folder.url.appendingPathComponent("hurt.mkv"))
    let reader = try VideoReader(path: folder.path("hurt.mkv"))
    var corrupt = 0
    var count = 0
    while let frame = try reader.nextFrame() {
      count += 1
      if (frame.attachment as? DecodedPicture)?.isCorrupt == true { corrupt += 1 }
    }
    let damage = try #require(reader.damage)
    #expect(count > 30)
    #expect(damage.decoderErrors + damage.corruptFrames > 0)
    #expect(damage.corruptFrames == corrupt)
    if codec == "ffv1" { #expect(corrupt > 0 && corrupt < 50) }
  }

  @Test func changingSize() throws {
    let folder = try TemporaryFolder()
    try ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 \(folder.path("f_%02d.png"))")
    try ffmpeg("-f lavfi -i testsrc2=s=32x48 -frames:v 1 -update 1 \(folder.path("f_04.png"))")
    let reader = try VideoReader(path: folder.path("f_%02d.png"))
    for _ in 0..<3 { #expect(try reader.nextFrame() != nil) }
    let error = #expect(throws: MediaError.self) { try reader.nextFrame() }
    #expect(error?.kind == .damaged)
    #expect(error?.description.contains("frame 3") == true)
  }
}

/// Damage that only the container shows.
@Suite struct ContainerDamageTests {
  private static func stream(_ folder: TemporaryFolder) throws -> [UInt8] {
    try ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=25:d=3 -f lavfi -i sine=440:d=3 -c:v libx264 -bf 2 -g 25 -c:a aac "
        + folder.path("whole.ts"))
    return [UInt8](try folder.data("whole.ts"))
  }

  private static func read(_ path: String) throws -> (frames: Int, damage: DamageReport?) {
    let reader = try VideoReader(path: path)
    var frames = 0
    while try reader.nextFrame() != nil { frames += 1 }
    return (frames, reader.damage)
  }

  @Test func packetsThatAreMissingInTheMiddle() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.stream(folder)
    #expect(try Self.read(folder.path("whole.ts")).damage == nil)
    let middle = bytes.count / 188 / 2 * 188
    try Data(bytes[..<middle] + bytes[(middle + 188 * 40)...]).write(
      to: folder.url.appendingPathComponent("hole.ts"))
    let (frames, damage) = try Self.read(folder.path("hole.ts"))
    #expect(frames > 40 && frames <= 75)
    #expect(damage?.sentence.contains("as damaged") == true, "\(damage?.sentence ?? "nothing")")
    #expect(try FileProbe.report(folder.path("hole.ts")).damage?.contains("as damaged") == true)
  }

  @Test func aTransportStreamThatBreaksOff() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.stream(folder)
    try Data(bytes[..<(bytes.count / 188 / 2 * 188 + 77)]).write(
      to: folder.url.appendingPathComponent("cut.ts"))
    #expect(try Self.read(folder.path("cut.ts")).damage?.isTruncated == true)
  }

  /// Containers that count from zero, whenever their first packet comes.
  @Test func aLateBeginningIsNoDamage() throws {
    let folder = try TemporaryFolder()
    try ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=1 -c:v libx264 -output_ts_offset 7 \(folder.path("late.mkv"))")
    #expect(try Self.read(folder.path("late.mkv")).damage == nil)
  }
}
