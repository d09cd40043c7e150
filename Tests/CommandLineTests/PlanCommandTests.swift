import Foundation
import TestSupport
import Testing

/// What plans do besides shards: pieces that are claimed, inputs that come later, and telling how far the work is.
@Suite struct PlanCommandTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip("a.mkv", frames: 20)
    try write(mask: "rects: [{x: 8, y: 8, w: 14, h: 10}]")
  }

  private func write(mask: String) throws {
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: "*.mkv"
            mask: {\(mask)}
            solve: {preset: fast, iterations: 4, window: {frames: 8, overlap: 2}}
            encode: {lossless: true}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
  }

  @discardableResult
  private func run(_ arguments: String..., status: Int32 = 0) throws -> Command.Result {
    let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
    #expect(result.status == status, "\(arguments): \(result.output)\(result.errors)")
    return result
  }

  private func output(_ name: String = "a.mkv") throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file("out/\(name)")))
  }

  /// What one machine writes; nothing of it is left.
  private func alone(_ names: String...) throws -> [Data] {
    try run("run", "p.yaml", "--progress", "none")
    let whole = try names.map(output)
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    return whole
  }

  private var windows: [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.file(".inrr-video/windows"))) ?? [])
      .filter { $0.hasSuffix(".window") }.sorted()
  }

  @Test func claimsOfSeveralGiveWhatOneMachineGives() throws {
    let whole = try alone("a.mkv")
    try run("plan", "p.yaml", "-o", "plan.json")
    // Pieces of a window each.
    let text = try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8)
    let small = text.replacing(/"piece_cost" : [0-9.e-]+/, with: "\"piece_cost\" : 0.001")
    try folder.write(Array(small.utf8), to: "plan.json")
    let workers = try (0..<3).map { _ in
      try Command.start(BuiltTool.path, ["run", "--plan", "plan.json", "--claim"], in: folder.path)
    }
    let results = workers.map { $0.wait() }
    #expect(results.allSatisfy { $0.status == 0 && $0.output.hasPrefix("claimed: ") })
    let taken = results.compactMap { $0.output.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
    #expect(taken.reduce(0, +) == 3, "\(taken)")
    #expect(try run("run", "--plan", "plan.json", "--claim").output == "claimed: 0 units, 0 solved now\n")
    try run("merge", "plan.json")
    #expect(try [output()] == whole)
    #expect(windows.isEmpty)
  }

  @Test func whatIsMissingOrDamagedIsNamedAndDoneAgain() throws {
    let whole = try alone("a.mkv")
    try run("plan", "p.yaml", "-o", "plan.json")
    try run("run", "--plan", "plan.json", "--shard", "0/1")
    let files = windows.map { folder.file(".inrr-video/windows/\($0)") }.sorted {
      (Int($0.split(separator: "/").last?.split(separator: "-").first ?? "") ?? 0)
        < (Int($1.split(separator: "/").last?.split(separator: "-").first ?? "") ?? 0)
    }
    try #require(files.count == 3)
    try FileManager.default.removeItem(atPath: files[0])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[2])))
    try Data(bytes.dropLast()).write(to: URL(fileURLWithPath: files[2]))
    let refused = try run("merge", "plan.json", status: 2).errors
    #expect(
      refused.contains("1 of 3 units are not solved yet, and the files of 1 of 3 units are damaged (a.mkv)")
        && refused.contains("inrr-video run --plan plan.json --units 0,2,"), "\(refused)")
    #expect(
      try run("run", "--plan", "plan.json", "--units", "0,2").output == "units: 2 units, 2 solved now\n")
    // Samples, and the header, that are others: seen when they are read, and no output is left.
    for place in [bytes.count / 2, 44] {
      var changed = bytes
      changed[place] ^= 4
      try Data(changed).write(to: URL(fileURLWithPath: files[2]))
      let failed = try run("merge", "plan.json", status: place == 44 ? 2 : 1).errors
      #expect(
        failed.contains("the files of 1 of 3 units are damaged (a.mkv)")
          && failed.contains("inrr-video run --plan plan.json --units 2,"), "\(failed)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("out/a.mkv")))
      #expect(
        try run("run", "--plan", "plan.json", "--units", "2").output == "units: 1 units, 1 solved now\n")
    }
    try run("merge", "plan.json", "--parallel", "2")
    #expect(try [output()] == whole)
    let beyond = try run("run", "--plan", "plan.json", "--units", "1-3", status: 2)
    #expect(beyond.errors.contains("the plan has units 0 to 2"))
  }

  @Test func inputsThatCameLaterAreAdded() throws {
    try run("plan", "p.yaml", "-o", "plan.json")
    try run("run", "--plan", "plan.json", "--claim")
    let before = try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8)
    try folder.makeClip("b.mkv", frames: 9)
    let added = try run("plan", "--append", "plan.json")
    #expect(added.output == "1 new input, 2 units more, 5 in all  plan.json\n", "\(added.output)")
    let id = try #require(before.firstMatch(of: /"id" : "[0-9a-f]+"/)).output
    #expect(try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8).contains(id))
    #expect(try run("run", "--plan", "plan.json", "--claim").output == "claimed: 2 units, 2 solved now\n")
    try run("merge", "plan.json")
    let merged = try ["a.mkv", "b.mkv"].map(output)
    #expect(try run("plan", "--append", "plan.json").output.hasPrefix("0 new inputs, 0 units more, 5 in all"))
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    #expect(try alone("a.mkv", "b.mkv") == merged)
  }

  @Test func statusIsForPeopleAndForMonitors() throws {
    try run("plan", "p.yaml", "-o", "plan.json")
    #expect(try run("status", "plan.json").output.contains("0 of 3 done, 3 left (0 % of the work is done)"))
    try run("run", "--plan", "plan.json", "--units", "1")
    let told = try run("status", "plan.json", "--json", "--metrics-file", "inrr.prom").output
    let keys = try #require(try JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any])
    #expect(
      keys["units_done"] as? Int == 1 && keys["units_left"] as? Int == 2 && keys["workers"] as? Int == 0)
    #expect(keys["seconds_left"] is NSNull && keys["seconds_spent"] as? Double ?? 0 > 0)
    let metrics = try String(contentsOfFile: folder.file("inrr.prom"), encoding: .utf8)
    #expect(
      metrics.contains("# TYPE inrr_video_units_left gauge\ninrr_video_units_left{plan=\"plan.json\"} 2.0\n"))
    // Each figure is told once, with a sentence and a type.
    let names = metrics.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" } }
    #expect(Set(names).count == names.count && metrics.split(separator: "\n").count == 3 * names.count)
    try run("run", "--plan", "plan.json", "--claim")
    #expect(try run("status", "plan.json").output.contains("nothing: inrr-video merge plan.json"))
    try run("merge", "plan.json")
    let end = try run("status", "plan.json").output
    #expect(end.contains("3 of 3 done, 0 left (100 %") && end.contains("1 of 1 written"), "\(end)")
  }

  @Test func masksThatAreFoundAreFoundOnce() throws {
    try FileManager.default.removeItem(atPath: folder.file("a.mkv"))
    try folder.makeDamagedClip("a.mkv")
    try write(mask: "detect: [scratches, pixels]")
    let whole = try alone("a.mkv")
    try run("plan", "p.yaml", "-o", "plan.json")
    for shard in ["0/2", "1/2"] { try run("run", "--plan", "plan.json", "--shard", shard) }
    try run("merge", "plan.json")
    #expect(try [output()] == whole)
  }

  @Test(arguments: [
    ["run", "--plan", "p", "--claim", "--shard", "0/2"], ["run", "--plan", "p", "--claim", "--units", "1"],
    ["run", "p.yaml", "--claim"], ["run", "--plan", "p", "--claim-timeout", "9", "--units", "1"],
    ["run", "--plan", "p", "--units", "x"], ["plan", "p.yaml"], ["plan", "--append", "p", "-o", "q"],
    ["merge", "p", "--parallel", "0"], ["plan", "--from", "p"], ["plan", "p.yaml", "--draft"],
    ["plan", "--from", "p", "--draft", "-o", "q"], ["plan", "p.yaml", "--from", "p", "-o", "q"],
  ]) func whatDoesNotGoTogetherIsRefused(arguments: [String]) throws {
    try folder.write([], to: "p")
    let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
    #expect(result.status == 2 && result.errors.hasPrefix("inrr-video: "), "\(result.errors)")
  }
}
