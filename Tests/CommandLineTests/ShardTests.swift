import Foundation
import Pipelines
import TestSupport
import Testing

/// `plan`, `run --plan` and `merge`, as on several machines with one file system.
@Suite struct ShardTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip("a.mkv", frames: 20)
    try folder.makeClip("b.mkv", frames: 9)
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: "*.mkv"
            mask: {rects: [{x: 8, y: 8, w: 14, h: 10}]}
            solve: {preset: fast, iterations: 4, window: {frames: 8, overlap: 2}}
            encode: {lossless: true}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
  }

  private func outputs() throws -> [Data] {
    try ["out/a.mkv", "out/b.mkv"].map { try Data(contentsOf: URL(fileURLWithPath: folder.file($0))) }
  }

  @Test func shardsGiveWhatOneMachineGives() throws {
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    let whole = try outputs()
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    let planned = try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder)
    #expect(planned.status == 0 && planned.output.hasPrefix("5 units"), "\(planned.output)\(planned.errors)")
    #expect(try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder).status == 4)
    let first = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "1/2", in: folder)
    #expect(first.output == "shard 1/2: 3 units, 3 solved now\n", "\(first.output)\(first.errors)")
    let early = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(
      early.status == 2 && early.errors.contains("2 of 5 units are not solved yet (a.mkv)")
        && early.errors.contains("inrr-video run --plan plan.json --units 0-1,"), "\(early.errors)")
    #expect(!folder.contents.contains("out"))
    let again = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "1/2", in: folder)
    #expect(again.output == "shard 1/2: 3 units, 0 solved now\n")
    let other = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "0/2", in: folder)
    #expect(other.output == "shard 0/2: 2 units, 2 solved now\n", "\(other.output)\(other.errors)")
    let merged = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(merged.status == 0 && merged.output.contains("2 done"), "\(merged.output)\(merged.errors)")
    #expect(try outputs() == whole)
    let late = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "0/2", in: folder)
    #expect(late.output == "shard 0/2: 2 units, 0 solved now\n", "\(late.output)\(late.errors)")
    let twice = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(twice.status == 0 && twice.output.contains("2 skipped"), "\(twice.output)\(twice.errors)")
  }

  @Test func overlaysAreTakenOffByShardsAsByOneMachine() throws {
    for name in ["a.mkv", "b.mkv"] { try FileManager.default.removeItem(atPath: folder.file(name)) }
    try folder.makeOverlaidClip("a.mkv")
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: "*.mkv"
            mask: {rects: [{x: 48, y: 18, w: 13, h: 13}], overlay: auto}
            solve: {preset: fast, iterations: 4, window: {frames: 8, overlap: 2}}
            encode: {lossless: true}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
    func output() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file("out/a.mkv"))) }
    #expect(try BuiltTool.run("run", "p.yaml", "--set", "mask.overlay=opaque", in: folder).status == 0)
    let filled = try output()
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    let whole = try output()
    #expect(whole != filled)
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    #expect(try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder).status == 0)
    // Looked at once, by the plan.
    let plan = try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8)
    #expect(plan.contains("\"overlay_block\""))
    for shard in ["0/2", "1/2"] {
      let result = try BuiltTool.run("run", "--plan", "plan.json", "--shard", shard, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let merged = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(merged.status == 0, "\(merged.output)\(merged.errors)")
    #expect(try output() == whole)
  }

  @Test func badInputsKeepNoOtherFromBeingPlanned() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("b.mkv")))
    try folder.write(Array(whole.prefix(whole.count * 2 / 3)), to: "b.mkv")
    try folder.write(Array("no video".utf8), to: "c.mkv")
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 1)
    let alone = try outputs()
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    let planned = try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder)
    #expect(planned.status == 0 && planned.errors.contains("c.mkv"), "\(planned.output)\(planned.errors)")
    for shard in ["0/2", "1/2"] {
      let result = try BuiltTool.run("run", "--plan", "plan.json", "--shard", shard, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let merged = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(merged.status == 1, "\(merged.output)\(merged.errors)")
    #expect(merged.output.contains("3 inputs: 1 done, 0 skipped, 2 failed"), "\(merged.output)")
    #expect(try outputs() == alone)
  }

  @Test func aPlanDoesNotOutliveAChange() throws {
    #expect(try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder).status == 0)
    try folder.makeClip("b.mkv", frames: 8)
    for arguments in [["run", "--plan", "plan.json", "--shard", "0/1"], ["merge", "plan.json"]] {
      let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
      #expect(result.status == 2 && result.errors.contains("b.mkv, its mask or its settings changed"))
    }
  }

  @Test(arguments: ["", "{}", "[1]"]) func whatIsNoPlanIsRefused(text: String) throws {
    try folder.write(Array(text.utf8), to: "plan.json")
    let result = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(result.status == 2 && result.errors.contains("plan.json is no plan"), "\(result.errors)")
  }

  @Test func numbersThatOverflowAreRefused() throws {
    #expect(try BuiltTool.run("plan", "p.yaml", "-o", "plan.json", in: folder).status == 0)
    let text = try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8)
    for number in ["\(Int.max)", "-1"] {
      let forged = text.replacing(/"units" : [0-9]+/, with: "\"units\" : \(number)")
      try folder.write(Array(forged.utf8), to: "plan.json")
      let result = try BuiltTool.run("run", "--plan", "plan.json", "--shard", "0/2", in: folder)
      #expect(result.status == 2 && result.errors.contains("plan.json is no plan"), "\(result.errors)")
    }
  }

  @Test func aPlanOfAnotherVersionIsRefused() throws {
    let old = #"{"tool": "0.12.0", "pipeline": "p.yaml", "sets": [], "tasks": [{"job": "a", "units": 3}]}"#
    try folder.write(Array(old.utf8), to: "plan.json")
    for arguments in [
      ["run", "--plan", "plan.json", "--claim"], ["merge", "plan.json"], ["status", "plan.json"],
    ] {
      let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
      #expect(
        result.status == 2
          && result.errors.contains("plan.json is a plan of another version of the tool (0.12.0"),
        "\(result.errors)")
    }
  }

  @Test func clustersSayWhichShard() throws {
    let slurm = [
      "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_STEP": "3",
      "SLURM_ARRAY_TASK_COUNT": "4",
    ]
    let task = try #require(try ShardIndex(environment: slurm, count: nil))
    #expect(task.index == 2 && task.count == 4)
    let pod = try #require(try ShardIndex(environment: ["JOB_COMPLETION_INDEX": "5"], count: 6))
    #expect(pod.index == 5 && pod.count == 6)
    #expect(try ShardIndex(environment: [:], count: 3) == nil)
    #expect(throws: JobError.self) { try ShardIndex(environment: ["JOB_COMPLETION_INDEX": "5"], count: nil) }
    #expect(throws: JobError.self) {
      try ShardIndex(environment: slurm.merging(["SLURM_ARRAY_TASK_ID": "8"]) { $1 }, count: nil)
    }
    for text in ["", "1", "2/2", "-1/2", "0/0", "a/b"] {
      #expect(throws: JobError.self) { try ShardIndex(parsing: text) }
    }
  }
}
