import Foundation
import TestSupport
import Testing

/// Runs of `inrr-video detect`, and of restorations that look for damage themselves.
@Suite struct DetectTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeDamagedClip()
  }

  private func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func frames(_ name: String) throws -> [[UInt8]] {
    try folder.rawFrames(of: folder.file(name), pixelFormat: "gray", bytesPerFrame: 128 * 96)
  }

  @Test func theSummarySaysWhatWasFound() throws {
    let result = try BuiltTool.run("detect", "in.mkv", "--kinds", "scratches,pixels", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("found    1 scratch in 14 and ") && result.output.contains("of 14 frames"))
    #expect(result.output.contains("mask     in.mask.mkv") && result.output.contains("list     in.mask.json"))
    #expect(result.errors.contains("14/14 frames"))
    #expect(folder.contents == ["in.mask.json", "in.mask.mkv", "in.mkv"])
    let again = try BuiltTool.run("detect", "in.mkv", "--kinds", "scratches,pixels", in: folder)
    #expect(again.status == 4 && again.errors.contains("in.mask.mkv exists already"))
    let forced = try BuiltTool.run(
      "detect", "in.mkv", "--kinds", "scratches", "--force", "--progress", "none", in: folder)
    #expect(forced.status == 0 && forced.output.isEmpty && forced.errors.isEmpty, "\(forced.errors)")
    #expect(try json("in.mask.json")["kinds"] as? [String] == ["scratches"])
  }

  @Test func aCleanVideoIsSaidToBeClean() throws {
    try folder.makeDamagedClip("clean.mkv", damage: "null")
    let result = try BuiltTool.run("detect", "clean.mkv", "-o", "m.mkv", "--progress", "summary", in: folder)
    #expect(result.status == 0 && result.output.contains("found    nothing: no "), "\(result.output)")
    let restored = try BuiltTool.run(
      "clean.mkv", "--detect", "scratches", "-o", "out.mkv", "--lossless", "--progress", "summary", in: folder
    )
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(restored.errors.contains("nothing was found in clean.mkv"), "\(restored.errors)")
    #expect(try frames("clean.mkv") == frames("out.mkv"))
  }

  @Test func aPageAndAPanelShowTheFinds() throws {
    let views = ["--report", "look", "--panel", "p.png"]
    let result = try BuiltTool.run(
      "detect", "in.mkv", "--kinds", "scratches,pixels", "-o", "m.mkv", "--report", "look", "--panel",
      "p.png",
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("page     look/index.html") && result.output.contains("panel    p.png"))
    #expect(folder.contents == ["in.mkv", "look", "m.json", "m.mkv", "p.png"])
    let page = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file("look/index.html"))), as: UTF8.self)
    #expect(page.contains("\"kind\":\"scratches\"") && page.contains("\"kind\":\"pixels\""))
    let size = try Data(contentsOf: URL(fileURLWithPath: folder.file("p.png"))).count
    #expect(size > 2000)
    // They keep nothing from being the same, and nothing is replaced unasked.
    let plain = try BuiltTool.run(
      "detect", "in.mkv", "--kinds", "scratches,pixels", "-o", "n.mkv", in: folder)
    #expect(plain.status == 0)
    #expect(try frames("n.mkv") == frames("m.mkv"))
    let again = try Command.run(
      BuiltTool.path, ["detect", "in.mkv", "--kinds", "scratches", "-o", "o.mkv"] + views, in: folder.path)
    #expect(again.status == 4 && again.errors.contains("look/index.html exists already"))
    #expect(!folder.contents.contains("o.mkv"))
    let piped = try Command.run(
      "sh",
      [
        "-c",
        "cat in.mkv | '\(BuiltTool.path)' detect - --kinds scratches -o o.mkv --report look --panel p.jpg --force --progress none",
      ], in: folder.path)
    #expect(piped.status == 0 && folder.contents.contains("p.jpg"), "\(piped.errors)")
  }

  @Test(arguments: [
    (["detect", "in.mkv", "--panel", "p.gif"], "end it in .png or .jpg"),
    (["detect", "in.mkv", "-o", "m.png", "--kinds", "pixels", "--panel", "m.png"], "would replace m.png"),
    (["detect", "in.mkv", "--report", ""], "--report is empty"),
    (["detect", "in.mkv", "--kinds", "scratchs", "-o", "m.mkv"], "did you mean 'scratches'?"),
    (["detect", "in.mkv", "--kinds", ",", "-o", "m.mkv"], "names no kind of damage"),
    (["detect", "in.mkv", "--kinds", "scratches", "-o", "m.png"], "differs from frame to frame"),
    (["detect", "in.mkv", "--detect-sensitivity", "2", "-o", "m.mkv"], "--detect-sensitivity"),
    (["detect", "in.mkv", "--detect-region", "1,2", "-o", "m.mkv"], "is no rectangle"),
    (["detect", "in.mkv", "--threads", "0", "-o", "m.mkv"], "--threads 0"),
    (["detect", "-", "--kinds", "scratches"], "name the mask with -o"),
    (["in.mkv", "--detect-sensitivity", "0.4"], "--detect-sensitivity says how damage is looked for"),
    (
      ["in.mkv", "--mask-rect", "1,2,3,4", "--detect-region", "1,2,3,4"], "name kinds of damage with --detect"
    ),
    (["in.mkv"], "--detect to look for damage"),
    (
      ["evaluate", "--reference", "in.mkv", "--result", "in.mkv", "--detect", "scratches"],
      "name it with --input"
    ),
  ])
  func commandLinesThatAreRefused(words: [String], message: String) throws {
    let result = try Command.run(BuiltTool.path, words, in: folder.path)
    #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    #expect(folder.contents == ["in.mkv"])
  }

  @Test func pipesAreReadOnce() throws {
    let tool = BuiltTool.path
    let one = try Command.run(
      "sh", ["-c", "cat in.mkv | '\(tool)' detect - --kinds scratches -o piped.mkv --progress none"],
      in: folder.path)
    #expect(one.status == 0, "\(one.errors)")
    #expect(
      try BuiltTool.run("detect", "in.mkv", "--kinds", "scratches", "-o", "m.mkv", in: folder).status == 0)
    #expect(try frames("piped.mkv") == frames("m.mkv"))
    for options in ["detect - --kinds pixels -o n.mkv", "- --detect pixels -o n.mkv"] {
      let two = try Command.run("sh", ["-c", "cat in.mkv | '\(tool)' \(options)"], in: folder.path)
      #expect(two.status == 2 && two.errors.contains("more than once, which a pipe does not allow"))
    }
    #expect(!folder.contents.contains { $0.hasPrefix("n.") })
  }

  @Test func aDamagedInputIsSearchedUpToThere() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("in.mkv")))
    try folder.write(bytes.prefix(bytes.count * 2 / 3), to: "cut.mkv")
    let result = try BuiltTool.run(
      "detect", "cut.mkv", "--kinds", "scratches", "-o", "m.mkv", "--progress", "summary", in: folder)
    #expect(result.status == 3 && result.errors.contains("frames were looked at"), "\(result.errors)")
    let count = try #require(try json("m.json")["frames"] as? Int)
    #expect((1..<14).contains(count))
    #expect(try frames("m.mkv").count == count)
  }

  @Test func aRestorationNamesWhatItFoundAndHowToLookAtIt() throws {
    let result = try BuiltTool.run(
      "in.mkv", "--detect", "scratches", "--detect-region", "0,0,128,48", "-o", "out.mkv", "--lossless",
      "--preset", "fast", "--save-mask", "m.mkv", "--progress", "summary", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("found    1 scratch in 14 of 14 frames"), "\(result.output)")
    #expect(result.output.contains("--detect scratches --detect-region 0,0,128,48"))
    for (t, (a, b)) in zip(try frames("in.mkv"), try frames("out.mkv")).enumerated() {
      let changed = a.indices.filter { a[$0] != b[$0] }
      #expect(
        !changed.isEmpty && changed.allSatisfy { $0 / 128 < 48 && (57...63).contains($0 % 128) }, "\(t)")
    }
    let panel = try BuiltTool.run(
      "inspect", "in.mkv", "--result", "out.mkv", "--detect", "scratches", "--frame", "3", "-o", "p.png",
      in: folder)
    #expect(panel.status == 0 && folder.contents.contains("p.png"), "\(panel.errors)")
  }

  @Test func batchesLookForDamageAndGoOn() throws {
    let jobs = { (sensitivity: Double) in
      """
      version: 1
      jobs:
        - inputs: in.mkv
          output: "out/{name}"
          mask: {detect: [scratches], detect_sensitivity: \(sensitivity), detect_regions: ["0,0,128,60"]}
          solve: {preset: fast}
          encode: {lossless: true}
      """
    }
    try folder.write(Array(jobs(0.5).utf8), to: "p.yaml")
    let plan = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(plan.status == 0 && plan.output.contains("14 frames"), "\(plan.errors)")
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("out/in.mkv")))
    let settings = try #require(try json("out/in.mkv.inrr.json")["settings"] as? [String: Any])
    #expect((settings["mask"] as? [String: String])?["detect"] == "scratches")
    #expect(try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder).output.contains("skip: done"))
    // Shards solve the same.
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    #expect(try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder).status == 0)
    for shard in 0..<2 {
      let result = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "\(shard)/2", in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try BuiltTool.run("merge", "plan.json", in: folder).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("out/in.mkv"))) == whole)
    // Other settings of the search make another output.
    try folder.write(Array(jobs(0.6).utf8), to: "p.yaml")
    let changed = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(changed.output.contains("changed settings"), "\(changed.output)")
  }

  @Test func aBatchThatWasKilledGoesOn() throws {
    let jobs = """
      version: 1
      jobs:
        - inputs: in.mkv
          output: "out/{name}"
          mask: {detect: [scratches], rects: ["4,4,20,20"]}
          solve: {preset: fast, iterations: 60, window: {frames: 8, overlap: 2}}
          encode: {lossless: true}
      """
    try folder.write(Array(jobs.utf8), to: "p.yaml")
    let job = try Command.start(BuiltTool.path, ["run", "p.yaml"], in: folder.path)
    try job.wait(for: "a window") {
      let all = FileManager.default.enumerator(atPath: folder.file(".inrr-video/windows"))
      return all?.contains { ($0 as? String)?.hasSuffix(".window") == true } == true
        || folder.contents.contains("report.json")
    }
    job.send(SIGKILL)
    _ = job.wait()
    let again = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let resumed = try Data(contentsOf: URL(fileURLWithPath: folder.file("out/in.mkv")))
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("out/in.mkv"))) == resumed)
  }

  @Test func volumesAreRefused() throws {
    try folder.writeVolume("v.npy", shape: (3, 4, 5)) { Float($0 + $1 + $2) }
    let result = try BuiltTool.run("v.npy", "--detect", "scratches", in: folder)
    #expect(result.status == 2 && result.errors.contains("--detect is of videos only"), "\(result.errors)")
  }
}
