import Detection
import Foundation
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct DetectJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeDamagedClip()
  }

  private func masks(
    _ kinds: [DamageKind] = [.scratches], _ change: (inout MaskOptions) throws -> Void = { _ in }
  ) rethrows -> MaskOptions {
    var masks = MaskOptions()
    masks.detection = DetectionOptions(kinds: kinds)
    try change(&masks)
    return masks
  }

  @discardableResult
  private func detect(
    _ name: String, _ masks: MaskOptions, input: String = "in.mkv", threads: Int = 2
  ) throws -> DetectResult {
    var job = DetectJob(input: folder.file(input), masks: masks, output: folder.file(name))
    job.threads = threads
    return try job.run()
  }

  private func list(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func samples(_ name: String) throws -> (frames: [[UInt16]], times: [Double?], width: Int) {
    let reader = try VideoReader(path: folder.file(name))
    var (frames, times) = ([[UInt16]](), [Double?]())
    while let frame = try reader.nextFrame() {
      frames.append(frame.planes[0].words)
      times.append(frame.time)
    }
    return (frames, times, reader.format.width)
  }

  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  @Test func writesMasksAndWhatWasFound() throws {
    let result = try detect("m.mkv", masks())
    let (mask, input) = (try samples("m.mkv"), try samples("in.mkv"))
    #expect(mask.times == input.times && mask.frames.count == 14 && mask.width == 128)
    for frame in mask.frames {
      let marked = frame.indices.filter { frame[$0] == 255 }
      #expect(marked.count >= 180 && marked.allSatisfy { (57...63).contains($0 % 128) })
      #expect(frame.allSatisfy { $0 == 0 || $0 == 255 })
    }
    let json = try list("m.json")
    #expect(json["input"] as? String == folder.file("in.mkv") && json["kinds"] as? [String] == ["scratches"])
    #expect(json["width"] as? Int == 128 && json["height"] as? Int == 96 && json["frames"] as? Int == 14)
    #expect(json["sensitivity"] as? Double == 0.5 && json["scene_cuts"] as? [Int] == [])
    let finds = try #require(json["finds"] as? [[String: Any]])
    let find = try #require(finds.first)
    // It goes on through all frames, and is one.
    #expect(
      finds.count == 1 && find["kind"] as? String == "scratches" && find["frames"] as? [Int] == [0, 13])
    #expect(find["time"] as? Double == 0 && find["area"] as? Int ?? 0 >= 180)
    #expect(try #require(find["confidence"] as? Double) > 0.3)
    #expect(try #require(find["box"] as? [String: Int])["height"] == 96)
    let totals = try #require((json["totals"] as? [String: [String: Any]])?["scratches"])
    #expect(totals["finds"] as? Int == 1 && totals["frames"] as? Int == 14)
    let marked = mask.frames.reduce(0) { $0 + $1.count { $0 == 255 } }
    #expect(result.figures.share == Double(marked) / Double(14 * 128 * 96) && result.frames == 14)
  }

  @Test func isTheSameForAnyNumberOfThreads() throws {
    let kinds: [DamageKind] = [.scratches, .pixels]
    try detect("a.mkv", masks(kinds), threads: 1)
    try detect("b.mkv", masks(kinds), threads: 3)
    #expect(try samples("a.mkv").frames == samples("b.mkv").frames)
    let (a, b) = (try list("a.json")["finds"] as? NSArray, try list("b.json")["finds"] as? NSArray)
    #expect(a == b && a?.count ?? 0 > 1)
  }

  @Test func whatStaysIsAPicture() throws {
    let result = try detect("m.png", masks([.pixels]))
    let picture = try #require(try samples("m.png").frames.first)
    let marked = Set(picture.indices.filter { picture[$0] == 255 })
    #expect(marked.contains(20 * 128 + 100) && marked.contains(70 * 128 + 30))
    #expect(result.figures.found["pixels"]?.finds == marked.count)
    let finds = try list("m.json")["finds"] as? [[String: Any]] ?? []
    #expect(finds.count == marked.count && finds.allSatisfy { $0["frames"] as? [Int] == [0, 13] })
    #expect(message { try detect("n.png", masks()) }.contains("differs from frame to frame"))
    #expect(!folder.contents.contains("n.png") && !folder.contents.contains("n.json"))
  }

  @Test func regionsAndWhatIsKeptHaveTheLastWord() throws {
    try detect(
      "m.mkv",
      masks {
        $0.detection?.regions = [try MaskRectangle(parsing: "0,10,128,40@2-9")]
        $0.keptRectangles = [try MaskRectangle(parsing: "0,20,128,5")]
      })
    for (t, frame) in try samples("m.mkv").frames.enumerated() {
      let rows = Set(frame.indices.filter { frame[$0] == 255 }.map { $0 / 128 })
      #expect(rows == ((2...9).contains(t) ? Set(10..<20).union(25..<50) : []), "frame \(t)")
    }
    let find = try #require((try list("m.json")["finds"] as? [[String: Any]])?.first)
    #expect(find["frames"] as? [Int] == [2, 9] && (find["box"] as? [String: Int])?["y"] == 10)
    #expect(try #require(find["time"] as? Double).distance(to: 0.08).magnitude < 1e-6)
  }

  @Test func cleanVideosHaveAnEmptyMask() throws {
    try folder.makeDamagedClip("clean.mkv", damage: "null")
    let result = try detect("m.mkv", masks(), input: "clean.mkv")
    #expect(result.figures.frames == 0 && result.figures.found["scratches"]?.finds == 0)
    #expect(try samples("m.mkv").frames.allSatisfy { $0.allSatisfy { $0 == 0 } })
    #expect(try list("m.json")["finds"] as? [[String: Int]] == [])
  }

  @Test func boxesLieOnThePictureAsItIsShown() throws {
    try folder.ffmpeg(
      "-i", folder.file("in.mkv"), "-c:v", "libx264", "-qp", "0", folder.file("upright.mp4"))
    try folder.turn("upright.mp4", clockwise: 90, to: "turned.mp4")
    try detect("m.mkv", masks(), input: "turned.mp4")
    let mask = try samples("m.mkv")
    #expect(mask.width == 96)
    let box = try #require((try list("m.json")["finds"] as? [[String: Any]])?.first?["box"] as? [String: Int])
    #expect(box["width"] == 96 && (57...63).contains(box["y"] ?? 0))
    let rows = Set(mask.frames[5].indices.filter { mask.frames[5][$0] == 255 }.map { $0 / 96 })
    #expect(rows.isSubset(of: 57...63))
  }

  @Test func aRestorationFillsWhatIsFoundAndNothingElse() throws {
    var job = RestoreJob(
      input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: try masks([.scratches, .pixels]),
      encoding: EncodeSettings(lossless: true), metrics: folder.file("metrics.json"))
    job.restoration.preset = .fast
    job.savedMask = folder.file("saved.mkv")
    job.threads = 2
    let result = try job.run()
    try detect("m.mkv", masks([.scratches, .pixels]))
    let (before, after, mask) = (try samples("in.mkv"), try samples("out.mkv"), try samples("m.mkv"))
    #expect(try samples("saved.mkv").frames == mask.frames)
    #expect(before.frames.count == after.frames.count)
    for (t, (a, b)) in zip(before.frames, after.frames).enumerated() {
      let changed = a.indices.filter { a[$0] != b[$0] }
      #expect(!changed.isEmpty && changed.allSatisfy { mask.frames[t][$0] == 255 }, "frame \(t)")
    }
    let figures = try #require(result.metrics.detection)
    #expect(figures.found["scratches"]?.finds == 1 && figures.found["pixels"]?.finds ?? 0 >= 2)
    let json = try #require(try list("metrics.json")["detection"] as? [String: Any])
    #expect(Set(json.keys) == ["kinds", "sensitivity", "frames", "share", "found"])
  }

  @Test func findsAreUnitedWithMasksThatAreDrawn() throws {
    let masks = try masks {
      $0.rectangles = [try MaskRectangle(parsing: "4,5,6,7@3-5")]
      $0.dilation = 1
    }
    try MaskJob(
      input: folder.file("in.mkv"), masks: masks, output: folder.file("both.mkv"), overwrite: false,
      threads: 2
    ).run()
    try detect("m.mkv", self.masks { $0.dilation = 1 })
    for (t, (a, b)) in zip(try samples("both.mkv").frames, try samples("m.mkv").frames).enumerated() {
      #expect(a.indices.count { a[$0] != b[$0] } == ((3...5).contains(t) ? 42 : 0), "frame \(t)")
    }
  }

  @Test func settingsOfTheSearchDecideTheOutput() throws {
    func digest(_ masks: MaskOptions) throws -> String {
      try ResolvedSettings(job: RestoreJob(input: "a", output: "b", masks: masks)).digest
    }
    let all = try [
      masks(), masks([.pixels]), masks { $0.detection?.settings = DetectionSettings(sensitivity: 0.7) },
      masks { $0.detection?.regions = [try MaskRectangle(parsing: "1,2,3,4")] },
    ].map(digest)
    #expect(Set(all).count == 4)
  }

  @Test func namesThatCannotBeWritten() throws {
    try folder.write([1], to: "there.mkv")
    try folder.write([1], to: "list.json")
    for (name, words) in [
      ("m.mp4", "end it in .mkv"), ("in.mkv", "would replace"), ("there.mkv", "exists already"),
      ("list.mkv", "list.json exists already"), ("no/m.mkv", "does not exist"),
    ] {
      #expect(message { try detect(name, masks()) }.contains(words), "\(name)")
    }
    #expect(!folder.contents.contains("there.json") && !folder.contents.contains("list.mkv"))
    try folder.write([0x93], to: "v.npy")
    #expect(message { try detect("m.mkv", masks(), input: "v.npy") }.contains("is a volume"))
  }

  @Test func anErrorOrAStopLeavesNothing() throws {
    let job = DetectJob(input: folder.file("in.mkv"), masks: try masks(), output: folder.file("m.mkv"))
    var asked = 0
    #expect {
      try job.run(isCancelled: {
        asked += 1
        return asked > 3
      })
    } throws: {
      ($0 as? JobError)?.kind == .cancelled
    }
    #expect(folder.contents == ["in.mkv"])
  }
}
