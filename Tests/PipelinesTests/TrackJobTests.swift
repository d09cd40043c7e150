import Foundation
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct TrackJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeMovingThing()
  }

  private func job(_ tracks: [String], _ change: (inout RestoreJob) throws -> Void = { _ in }) throws
    -> RestoreJob
  {
    var masks = MaskOptions()
    masks.tracks = try tracks.map {
      let key = try TrackKey(parsing: $0)
      return TrackKey(file: folder.file(key.file), moment: key.moment)
    }
    var job = RestoreJob(input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks)
    job.encoding.lossless = true
    job.restoration.preset = .fast
    job.savedMask = folder.file("m.mkv")
    job.metrics = folder.file("metrics.json")
    job.threads = 2
    try change(&job)
    return job
  }

  private func frames(_ name: String) throws -> [[UInt8]] {
    try folder.rawFrames(of: folder.file(name), pixelFormat: "gray", bytesPerFrame: 128 * 96)
  }

  /// Intersection over union with where the thing is.
  private func overlap(_ mask: [UInt8], frame t: Int) -> Double {
    var (common, union) = (0, 0)
    for i in mask.indices {
      let (x, y) = (i % 128, i / 128)
      let isThing = (20 + 3 * t..<44 + 3 * t).contains(x) && (30 + t..<50 + t).contains(y)
      if isThing && mask[i] != 0 { common += 1 }
      if isThing || mask[i] != 0 { union += 1 }
    }
    return Double(common) / Double(union)
  }

  private func message(_ tracks: [String], _ change: (inout RestoreJob) throws -> Void = { _ in }) -> String {
    do { _ = try job(tracks, change).run() } catch { return "\(error)" }
    return ""
  }

  @Test func fillsTheThingWhereverItIs() throws {
    try folder.makeKey("key.png", frame: 5)
    var (said, notes): ([String], [String]) = ([], [])
    let result = try job(["key.png@0.2s"]).run(warn: { said.append($0) }, note: { notes.append($0) })
    let masks = try frames("m.mkv")
    #expect(masks.count == 14)
    for (t, mask) in masks.enumerated() { #expect(overlap(mask, frame: t) > 0.7, "frame \(t)") }
    #expect(overlap(masks[5], frame: 5) == 1)
    for (t, (a, b)) in zip(try frames("in.mkv"), try frames("out.mkv")).enumerated() {
      #expect(a.indices.allSatisfy { a[$0] == b[$0] || masks[t][$0] == 255 }, "frame \(t)")
    }
    #expect(said.isEmpty && notes.contains { $0.contains("is read first to follow") }, "\(said)")
    let figures = try #require(result.metrics.tracking?.first)
    #expect(figures.key == 5 && figures.frames == [0, 13] && figures.endAfter == .video)
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("metrics.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let track = try #require((json["tracking"] as? [[String: Any]])?.first)
    #expect(Set(track.keys) == ["mask", "key", "frames", "end_before", "end_after"])
  }

  @Test func growsWithTheOthersAndLeavesWhatIsKept() throws {
    try folder.makeKey("key.png", frame: 5)
    _ = try job(["key.png@5"]) {
      $0.masks.dilation = 2
      $0.masks.keptRectangles = [MaskRectangle(x: 0, y: 0, width: 128, height: 40)]
    }.run()
    let mask = try frames("m.mkv")[5]
    let (columns, rows) = (
      mask.indices.filter { mask[$0] != 0 }.map { $0 % 128 },
      mask.indices.filter { mask[$0] != 0 }.map { $0 / 128 }
    )
    #expect(columns.min() == 33 && columns.max() == 60 && rows.min() == 40 && rows.max() == 56)
  }

  @Test func whatIsLostIsSaid() throws {
    try folder.makeMovingThing("in.mkv", vanishes: 8)
    try folder.makeKey("key.png", frame: 0)
    try folder.makeKey("late.png", frame: 13)
    var said: [String] = []
    let result = try job(["key.png@0"]).run(warn: { said.append($0) })
    #expect(
      said.count == 1 && said[0].contains("followed to frame 7, and lost in frames from 8 on"), "\(said)")
    #expect(result.metrics.warnings == said)
    let masks = try frames("m.mkv")
    #expect(masks[8].allSatisfy { $0 == 0 } && overlap(masks[7], frame: 7) > 0.7)
  }

  @Test func mistakesAreNamed() throws {
    try folder.makeKey("key.png", frame: 0)
    try folder.makeKey("again.png", frame: 0)
    try folder.makeKey("black.png", frame: 200)
    try folder.makeKey("small.png", frame: 0, size: "64x48")
    #expect(
      message(["key.png@14"]).contains("a frame that does not exist: \(folder.file("in.mkv")) has 14 frames"))
    #expect(message(["key.png@0", "again.png@0s"]).contains("drawn for the same frame, 0"))
    #expect(message(["black.png@0"]).contains("nothing is drawn in"))
    #expect(message(["small.png@0"]).contains("make the mask the same size"))
    #expect(message(["in.mkv@0"]).contains("follows what is drawn in one image"))
    #expect(message(["no.png@0"]).contains("does not exist"))
    #expect(message(["key.png@0"]) { $0.input = "v.npy" }.contains("--mask-track is of videos"))
    for text in ["key.png", "key.png@", "@3", "key.png@-1", "key.png@x"] {
      #expect(throws: MaskError.self, "\(text)") { try TrackKey(parsing: text) }
    }
    #expect(try TrackKey(parsing: "a@b.png@00:00:05") == TrackKey(file: "a@b.png", moment: .time(5)))
    #expect(!folder.contents.contains("out.mkv"))
  }
}
