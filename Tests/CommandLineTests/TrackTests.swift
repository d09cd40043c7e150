import Foundation
import TestSupport
import Testing

/// Runs of `inrr-video` that follow a mask that is drawn for one frame.
@Suite struct TrackTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeMovingThing()
    try folder.makeKey("key.png", frame: 0)
  }

  private func frames(_ name: String) throws -> [[UInt8]] {
    try folder.rawFrames(of: folder.file(name), pixelFormat: "gray", bytesPerFrame: 128 * 96)
  }

  @Test func aRestorationFollowsAndNamesWhatItLost() throws {
    try folder.makeMovingThing("in.mkv", vanishes: 9)
    let result = try BuiltTool.run(
      "in.mkv", "--mask-track", "key.png@0", "-o", "out.mkv", "--lossless", "--preset", "fast", "--save-mask",
      "m.mkv", "--metrics", "m.json", "--progress", "summary", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let sentence = "--mask-track key.png@0: followed to frame 8, and lost in frames from 9 on"
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(try String(contentsOfFile: folder.file("m.json"), encoding: .utf8).contains(sentence))
    let masks = try frames("m.mkv")
    #expect(masks.map { $0.contains(255) } == (0..<14).map { $0 < 9 })
    let panel = try BuiltTool.run(
      "inspect", "in.mkv", "--result", "out.mkv", "--mask-track", "key.png@0", "--frame", "3", "-o", "p.png",
      in: folder)
    #expect(panel.status == 0 && folder.contents.contains("p.png"), "\(panel.errors)")
  }

  @Test(arguments: [
    (["in.mkv", "--mask-track", "key.png"], "write key.png@10 or key.png@5s"),
    (["in.mkv", "--mask-track", "key.png@99"], "has 14 frames"),
    (["in.mkv", "--mask-track", "in.mkv@0"], "follows what is drawn in one image"),
    (
      ["evaluate", "--reference", "in.mkv", "--result", "in.mkv", "--mask-track", "key.png@0"],
      "name it with --input"
    ),
  ])
  func commandLinesThatAreRefused(words: [String], message: String) throws {
    let result = try Command.run(BuiltTool.path, words, in: folder.path)
    #expect(result.status == 2 && result.errors.contains(message), "\(result.status) \(result.errors)")
    #expect(folder.contents == ["in.mkv", "key.png"])
  }

  @Test func pipesAreRefused() throws {
    let result = try Command.run(
      "sh", ["-c", "cat in.mkv | '\(BuiltTool.path)' - --mask-track key.png@0 -o o.mkv"], in: folder.path)
    #expect(result.status == 2 && result.errors.contains("more than once, which a pipe does not allow"))
    #expect(!folder.contents.contains("o.mkv"))
  }

  @Test func batchesFollowAndNoticeAnotherDrawing() throws {
    let jobs = """
      version: 1
      jobs:
        - inputs: in.mkv
          output: "out/{name}"
          mask: {track: [{file: key.png, frame: 0}]}
          solve: {preset: fast}
          encode: {lossless: true}
      """
    try folder.write(Array(jobs.utf8), to: "p.yaml")
    let plan = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(plan.status == 0 && plan.output.contains("14 frames"), "\(plan.errors)")
    let run = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let (before, after) = (try frames("in.mkv"), try frames("out/in.mkv"))
    // The box is filled wherever it is.
    for t in [0, 6, 13] {
      let middle = (40 + t) * 128 + 32 + 3 * t
      #expect((-3...3).contains { before[t][middle + $0] != after[t][middle + $0] }, "frame \(t)")
      #expect(before[t][5 * 128 + 5] == after[t][5 * 128 + 5])
    }
    #expect(try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder).output.contains("skip: done"))
    try folder.makeKey("key.png", frame: 1)
    let changed = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(changed.output.contains("changed mask"), "\(changed.output)")
  }
}
