import Foundation
import TestSupport
import Testing

/// Machines of several kinds: instructions that are asked for, and plans of other processors.
@Suite struct ProcessorTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func run(_ instructions: String, _ arguments: String...) throws -> Command.Result {
    try Command.run(
      "env", ["INRR_INSTRUCTIONS=\(instructions)", BuiltTool.path] + arguments, in: folder.path)
  }

  @Test func thePlainestInstructionsCanBeAskedFor() throws {
    let plain = try run("baseline", "--version")
    #expect(plain.status == 0 && plain.output.contains("instructions baseline ("), "\(plain.output)")
    let best = try run("", "--version")
    #expect(best.status == 0 && best.output.contains("instructions "))
    let unknown = try run("avx9", "doctor")
    #expect(unknown.status == 2)
    #expect(
      unknown.errors.contains("INRR_INSTRUCTIONS=avx9: this processor works with baseline"),
      "\(unknown.errors)")
  }

  @Test(
    .enabled("there is one kind of instructions alone") {
      try Command.run("env", ["INRR_INSTRUCTIONS=", BuiltTool.path, "--version"], in: "/").output
        .contains("instructions baseline") == false
    })
  func plansOfOtherProcessorsAreRefused() throws {
    try folder.makeClip("a.mkv", frames: 6)
    try folder.write(
      Array(
        """
        version: 1
        jobs:
          - inputs: a.mkv
            mask: {rects: [{x: 8, y: 8, w: 14, h: 10}]}
            solve: {preset: fast, iterations: 2}
            encode: {lossless: true}
            output: "out/{name}"
        """.utf8), to: "p.yaml")
    #expect(try run("baseline", "plan", "p.yaml", "-o", "plan.json").status == 0)
    for words in [
      ["run", "--plan", "plan.json", "--shard", "0/1"], ["run", "--plan", "plan.json", "--claim"],
      ["merge", "plan.json"],
    ] {
      let refused = try Command.run("env", ["INRR_INSTRUCTIONS=", BuiltTool.path] + words, in: folder.path)
      #expect(refused.status == 2, "\(words)")
      #expect(refused.errors.contains("was made for processors with baseline"), "\(words): \(refused.errors)")
      #expect(refused.errors.contains("INRR_INSTRUCTIONS=baseline"))
    }
    // How far it is can be asked anywhere, and a machine that works as plainly solves it.
    #expect(try run("", "status", "plan.json").status == 0)
    #expect(try run("baseline", "run", "--plan", "plan.json", "--claim").status == 0)
    #expect(try run("baseline", "merge", "plan.json").status == 0)
    #expect(folder.contents.contains("out"))
  }
}
