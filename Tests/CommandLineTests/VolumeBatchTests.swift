import Foundation
import TestSupport
import Testing

/// Volumes in batches, in plans of several machines, and what goes beside their outputs.
@Suite struct VolumeBatchTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.writeVolume("scan.npy", shape: (12, 20, 18)) { z, y, x in
      [4, 5].contains(z) ? -500 : 1000 * sin(Float(x) / 4 + Float(z) / 5) + Float(10 * y)
    }
  }

  private func write(scale: String) throws {
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: scan.npy
            mask: {slices: 4-5}
            solve: {preset: fast, iterations: 4, scale: "\(scale)", spacing: "1,1,3",
                    window: {frames: 8, overlap: 2}}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  private func run(_ arguments: String...) throws -> Command.Result {
    let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result
  }

  @Test func aBatchGivesWhatTheCommandLineGives() throws {
    try write(scale: "1,1,2")
    let told = try run("run", "p.yaml", "--dry-run")
    #expect(told.output.contains("run: new") && told.output.contains("23 frames, 4 windows, about"))
    #expect(folder.contents == ["p.yaml", "scan.npy"])
    _ = try run("run", "p.yaml")
    _ = try run(
      "scan.npy", "--missing-slices", "4-5", "--preset", "fast", "--iterations", "4", "--scale", "1,1,2",
      "--spacing", "1,1,3", "--window", "8", "--overlap", "2", "-o", "alone.npy", "--progress", "none")
    #expect(try bytes("out/scan.npy") == bytes("alone.npy"))
    #expect(try run("run", "p.yaml").output.contains("1 skipped"))
  }

  /// The grid becomes finer along z first, and along y of what came out: units are those of the first step.
  @Test(arguments: ["1,1,2", "1,2,2"]) func shardsGiveWhatOneMachineGives(scale: String) throws {
    try write(scale: scale)
    _ = try run("run", "p.yaml")
    let whole = try bytes("out/scan.npy")
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    #expect(try run("plan", "p.yaml", "-o", "plan.json").output.hasPrefix("4 units"))
    #expect(
      try run("run", "--plan", "plan.json", "--shard", "0/2").output
        == "shard 0/2: 2 units, 2 solved now\n")
    let early = try BuiltTool.run("merge", "plan.json", in: folder)
    #expect(early.status == 2 && early.errors.contains("2 of 4 units are not solved yet"), "\(early.errors)")
    #expect(
      try run("run", "--plan", "plan.json", "--shard", "1/2", "--threads", "1").output
        == "shard 1/2: 2 units, 2 solved now\n")
    #expect(try run("merge", "plan.json").output.contains("1 done"))
    #expect(try bytes("out/scan.npy") == whole)
  }

  @Test func aPageAndTheRepresentationsGoBesideTheOutput() throws {
    let result = try run(
      "scan.npy", "--missing-slices", "4-5", "--preset", "fast", "--iterations", "4", "--report", "page",
      "--save-model", "m.safetensors", "-o", "out.npy")
    #expect(result.output.contains("page/index.html"))
    let page = String(decoding: try bytes("page/index.html"), as: UTF8.self)
    #expect(page.contains("\"axis\":\"z\"") && page.contains("\"shape\":[18,20,12]"))
    // What was learned is known to a restoration's own page only.
    #expect(page.contains("\"learned\":[{"))
    let model = try run("inspect", "--model", "m.safetensors")
    #expect(model.output.contains("scan.npy: 18x20, 16 bits, luma"), "\(model.output)")
    _ = try run("inspect", "--model", "m.safetensors", "--time", "4.5", "-o", "slice.png")
    #expect(try bytes("slice.png").prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
    // Not again over what is there.
    let again = try BuiltTool.run(
      "scan.npy", "--missing-slices", "4-5", "--report", "page", "-o", "other.npy", in: folder)
    #expect(again.status == 4 && again.errors.contains("page/index.html exists already"), "\(again.errors)")
  }
}
