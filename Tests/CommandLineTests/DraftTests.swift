import Foundation
import TestSupport
import Testing

/// Plans whose inputs are read by several processes first: `plan --draft`, `run --plan draft.json` and `plan --from`.
@Suite struct DraftTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeDamagedClip("a.mkv")
    try folder.makeDamagedClip("b.mkv")
    try folder.makeClip("c.mkv", frames: 9)
    try folder.write(Array("no video".utf8), to: "d.mkv")
    try folder.writeVolume("v.npy", shape: (6, 20, 18)) { z, y, x in
      z == 3 ? .nan : 1000 * sin(Float(x) / 4 + Float(z) / 5) + Float(10 * y)
    }
    try folder.write(
      Array(
        """
        version: 1
        defaults: {solve: {preset: fast, iterations: 4, window: {frames: 8, overlap: 2}}}
        jobs:
          - inputs: ["*.mkv"]
            mask: {detect: [scratches, pixels], rects: [{x: 8, y: 8, w: 14, h: 10}]}
            encode: {lossless: true}
            output: "out/{name}"
          - {inputs: v.npy, output: "out/{name}"}
        run: {threads: 1}
        """.utf8), to: "p.yaml")
  }

  @discardableResult
  private func run(_ arguments: String..., status: Int32 = 0) throws -> Command.Result {
    let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
    #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
    return result
  }

  private func plan(_ name: String) throws -> (tasks: NSArray, data: Data) {
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    let keys = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    let id = try #require(keys["id"] as? String)
    return (
      try #require(keys["tasks"] as? NSArray),
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\(name).\(id).units")))
    )
  }

  private func outputs() throws -> [Data] {
    try ["a.mkv", "b.mkv", "c.mkv", "v.npy"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("out/\($0)")))
    }
  }

  /// What was found in inputs, as far as it is kept.
  private var kept: [String] {
    let all = FileManager.default.enumerator(atPath: folder.file(".inrr-video/plans"))
    return all?.compactMap { $0 as? String }.filter { $0.contains("/read/") } ?? []
  }

  @Test func inputsThatSeveralReadGiveThePlanOfOneMachine() throws {
    try run("run", "p.yaml", "--progress", "none", status: 1)
    let whole = try outputs()
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    try run("plan", "p.yaml", "-o", "alone.json")
    let alone = try plan("alone.json")

    #expect(try run("plan", "p.yaml", "--draft", "-o", "draft.json").output == "5 inputs  draft.json\n")
    #expect(try run("status", "draft.json").output.contains("0 of 5 read, 5 left (0 % of the work is done)"))
    #expect(try run("merge", "draft.json", status: 2).errors.contains("draft.json is the draft of a plan"))
    let early = try run("plan", "--from", "draft.json", "-o", "plan.json", status: 2).errors
    #expect(
      early.contains("5 of 5 inputs are not read yet") && early.contains("--plan draft.json --claim"),
      "\(early)")
    #expect(!folder.contents.contains("plan.json"))
    let shard = try run("run", "--plan", "draft.json", "--shard", "0/2").output
    #expect(shard.hasPrefix("shard 0/2: ") && shard.hasSuffix(" read now\n"), "\(shard)")
    let some = kept.count { $0.hasSuffix(".json") }
    #expect((1...4).contains(some))
    let workers = try (0..<2).map { _ in
      try Command.start(BuiltTool.path, ["run", "--plan", "draft.json", "--claim"], in: folder.path)
    }
    let read = try workers.map { worker in
      let result = worker.wait()
      #expect(result.status == 0, "\(result.errors)")
      return try #require(result.output.firstMatch(of: /claimed: ([0-9]+) inputs, [0-9]+ read now/)).output.1
    }.compactMap { Int($0) }
    #expect(read.reduce(0, +) == 5 - some)
    #expect(try run("run", "--plan", "draft.json", "--shard", "1/2").output.hasSuffix(" 0 read now\n"))
    let told = try run("status", "draft.json", "--json", "--metrics-file", "inrr.prom").output
    #expect(told.contains("\"stage\":\"inputs\"") && told.contains("\"units_left\":0"), "\(told)")

    let made = try run("plan", "--from", "draft.json", "-o", "plan.json")
    #expect(made.errors.contains("d.mkv"))
    let joined = try plan("plan.json")
    #expect(joined.tasks == alone.tasks && joined.data == alone.data)
    // Nothing is left of it, and asked again it is the same plan.
    #expect(kept.isEmpty)
    #expect(try run("plan", "--from", "draft.json", "-o", "plan.json", "--force").output == made.output)
    #expect(try plan("plan.json").data == joined.data)
    try run("run", "--plan", "plan.json", "--claim")
    try run("merge", "plan.json", status: 1)
    #expect(try outputs() == whole)
  }

  @Test func aReaderThatIsKilledIsReplaced() throws {
    try run("plan", "p.yaml", "-o", "alone.json")
    try run("plan", "p.yaml", "--draft", "-o", "draft.json")
    let arguments = ["run", "--plan", "draft.json", "--claim", "--claim-timeout", "1"]
    for _ in 0..<3 {
      let reader = try Command.start(BuiltTool.path, arguments, in: folder.path)
      let before = kept.count
      // In the middle of an input: its file of units and masks is begun.
      try? reader.wait(for: "an input") { kept.count > before }
      reader.send(SIGKILL)
      _ = reader.wait()
    }
    try run("run", "--plan", "draft.json", "--claim", "--claim-timeout", "1")
    // What was found in one is damaged, and what was found in another gone.
    let files = kept.filter { $0.hasSuffix(".json") }.map { folder.file(".inrr-video/plans/\($0)") }.sorted()
    try #require(files.count == 5)
    try FileManager.default.removeItem(atPath: files[1])
    let refused = try run("plan", "--from", "draft.json", "-o", "plan.json", status: 2).errors
    #expect(refused.contains("1 of 5 inputs are not read yet (b.mkv)"), "\(refused)")
    #expect(refused.contains("--units 1,"), "\(refused)")
    #expect(
      try run("run", "--plan", "draft.json", "--units", "1").output == "inputs: 1 inputs, 1 read now\n")
    try Data("{}".utf8).write(to: URL(fileURLWithPath: files[2]))
    let broken = try run("plan", "--from", "draft.json", "-o", "plan.json", status: 2).errors
    #expect(broken.contains("gone or damaged (c.mkv)"), "\(broken)")
    try run("run", "--plan", "draft.json", "--units", "2")
    try run("plan", "--from", "draft.json", "-o", "plan.json")
    let (alone, joined) = (try plan("alone.json"), try plan("plan.json"))
    #expect(joined.tasks == alone.tasks && joined.data == alone.data)
  }

  @Test func aLongInputIsLookedThroughInPieces() throws {
    for name in folder.contents { try FileManager.default.removeItem(atPath: folder.file(name)) }
    try folder.makeScenes("a.mkv")
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: a.mkv
            mask: {detect: [dirt, scratches, frames]}
            solve: {preset: fast, window: {frames: 8, overlap: 2}}
            output: "out/{name}"
        run: {threads: 1}
        """.utf8), to: "p.yaml")
    try run("plan", "p.yaml", "-o", "alone.json")
    try run("plan", "p.yaml", "--draft", "-o", "draft.json")
    // Films of thousands of frames are cut; this one is as if it were one.
    let text = try String(contentsOfFile: folder.file("draft.json"), encoding: .utf8)
    let cut = text.replacing("\"cost\"", with: "\"cuts\" : [400, 1300],\n      \"cost\"")
    try folder.write(Array(cut.utf8), to: "draft.json")
    let forged = text.replacing("\"cost\"", with: "\"cuts\" : [400, \(Int64.min)],\n      \"cost\"")
    try folder.write(Array(forged.utf8), to: "forged.json")
    #expect(
      try run("run", "--plan", "forged.json", "--claim", status: 2).errors.contains("forged.json is no plan"))
    let arguments = ["run", "--plan", "draft.json", "--claim", "--claim-timeout", "1", "--progress", "plain"]
    let workers = try (0..<2).map { _ in try Command.start(BuiltTool.path, arguments, in: folder.path) }
    try workers[0].wait(for: "a piece") { kept.contains { $0.hasSuffix(".scenes") } || !workers[0].isRunning }
    workers[0].send(SIGKILL)
    let texts = workers.map { $0.wait() }.map { $0.output + $0.errors }.joined()
    #expect((1...3).allSatisfy { texts.contains("a.mkv, piece \($0) of 3") }, "\(texts)")
    try run("run", "--plan", "draft.json", "--claim", "--claim-timeout", "1")
    #expect(!kept.contains { $0.hasSuffix(".scenes") })
    try run("plan", "--from", "draft.json", "-o", "plan.json")
    let (alone, joined) = (try plan("alone.json"), try plan("plan.json"))
    #expect(joined.tasks == alone.tasks && joined.data == alone.data)
  }

  @Test func settingsThatChangedAreRefused() throws {
    try run("plan", "p.yaml", "--draft", "-o", "draft.json")
    let text = try String(contentsOfFile: folder.file("p.yaml"), encoding: .utf8)
    try folder.write(Array(text.replacing("iterations: 4", with: "iterations: 5").utf8), to: "p.yaml")
    #expect(
      try run("run", "--plan", "draft.json", "--claim", status: 2).errors.contains("its settings changed"))
    try run("plan", "p.yaml", "--draft", "-o", "draft.json", status: 4)
    try run("plan", "p.yaml", "--draft", "-o", "draft.json", "--force")
    try run("run", "--plan", "draft.json", "--claim")
    #expect(
      try run("plan", "--from", "draft.json", "-o", "draft.json", "--force", status: 2).errors.contains(
        "is the draft itself"))
    // A part of the inputs.
    try run("plan", "p.yaml", "--draft", "--shard", "0/2", "-o", "part.json")
    try run("plan", "p.yaml", "--draft", "--shard", "1/2", "-o", "rest.json")
    let counts = try ["part.json", "rest.json"].map { name in
      let file = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
      let keys = try JSONSerialization.jsonObject(with: file) as? [String: Any]
      return (keys?["tasks"] as? NSArray)?.count ?? -1
    }
    #expect(counts.reduce(0, +) == 5 && counts.allSatisfy { $0 >= 0 }, "\(counts)")
  }
}
