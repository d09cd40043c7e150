import Foundation
import Pipelines
import TestSupport
import Testing

@testable import inrr_video

/// Runs of the built tool, with the real fits, on pictures small enough for that.
@Suite struct ExperimentTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    let samples = (0..<24 * 24).map { (i: Int) -> UInt8 in UInt8(60 + (i % 24) * 4 + (i / 24) * 3) }
    try folder.writePGM(samples, width: 24, height: 24, to: "in.pgm")
  }

  private func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func comparesModelsAndPenalties() throws {
    let result = try BuiltTool.run(
      "experiment", "in.pgm", "--pattern", "random=0.3", "--models", "tucker,dmf", "--regularizers",
      "none; inrr=0.02", "--iterations", "6", "--observe-every", "3", "-o", "out", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("tucker+inrr=0.02 (2 of 4)  iteration 3/6  PSNR "))
    let methods = try #require(try json("out/results.json")["methods"] as? [[String: Any]])
    #expect(methods.map { $0["name"] as? String } == ["tucker", "tucker+inrr=0.02", "dmf", "dmf+inrr=0.02"])
    for method in methods {
      let figures = try #require(method["figures"] as? [String: Any])
      let raw = try #require(figures["raw"] as? [String: Any])
      #expect(raw["psnr_db"] is Double && raw["nmae_missing"] is Double)
      #expect((method["curve"] as? [Any])?.count == 3)
    }
    #expect(FileManager.default.fileExists(atPath: folder.file("out/dmf+inrr=0.02.row.00006.npy")))
  }

  @Test func yamlThenResume() throws {
    try folder.write(
      Array(
        """
        version: 1
        experiment:
          input: in.pgm
          mask: {pattern: textural}
          iterations: 4
          methods:
            - {name: A, model: siren, width: 8, layers: 2}
            - {name: B, model: fourier, width: 8, layers: 2, features: 8}
          sweep: {model: siren, width: 8, layers: 2, frequency: [5, 30]}
        """.utf8), to: "e.yaml")
    let first = try BuiltTool.run(
      "experiment", "e.yaml", "--only", "A", "--progress", "none", in: folder)
    #expect(first.status == 0 && first.errors.isEmpty && first.output.isEmpty, "\(first.errors)")
    let again = try BuiltTool.run("experiment", "e.yaml", in: folder)
    #expect(again.status == 4 && again.errors.contains("--resume"))
    let resumed = try BuiltTool.run("experiment", "e.yaml", "--resume", in: folder)
    #expect(
      resumed.status == 0 && resumed.errors.contains("A  kept from an earlier run"), "\(resumed.errors)")
    #expect((try json("e.results/results.json")["sweep"] as? [Any])?.count == 2)
    #expect(FileManager.default.fileExists(atPath: folder.file("e.results/sweep.svg")))
  }

  @Test func clipsFrameByFrame() throws {
    try folder.makeClip("clip.mkv", frames: 3, size: "32x24")
    try folder.write(
      Array(
        """
        version: 1
        experiment:
          input: clip.mkv
          frames: 0-1
          mask: {pattern: block, rate: 0.3}
          iterations: 2
          methods:
            - {name: V, model: tucker, regularizers: "inrr=0.02"}
            - {name: F, model: siren, width: 8, layers: 2, coordinates: frame}
        """.utf8), to: "c.yaml")
    let result = try BuiltTool.run("experiment", "c.yaml", "-o", "out", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("frame 1  iteration 2/2"))
    for name in ["V/00001.png", "V/00002.png", "F/00002.png", "damaged/00002.png", "V.time.00002.npy"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)")), "\(name)")
    }
  }

  @Test(arguments: [
    (["in.pgm"], 2, "--pattern"), (["in.pgm", "--pattern", "random=0.3"], 2, "--models"),
    (["in.pgm", "--pattern", "rand=1", "--models", "siren"], 2, "no pattern 'rand'"),
    (["in.pgm", "--pattern", "patch", "--models", "sirn"], 2, "did you mean 'siren'"),
    (["in.pgm", "--pattern", "patch", "--models", "siren", "--regularizers", "none,tv=1"], 2, "by ';'"),
    (["no.png", "--pattern", "patch", "--models", "siren"], 3, "no.png"),
    (["no.yaml"], 3, "no.yaml can't be read"), (["no.yaml", "--gray"], 2, "--gray"),
    (["in.pgm", "--pattern", "patch", "--models", "siren", "-o", "in.pgm"], 4, "is a file"),
    (["in.pgm", "--pattern", "patch", "--mask", "in.pgm", "--models", "siren"], 2, "takes no --mask"),
  ])
  func refuses(arguments: [String], status: Int32, words: String) throws {
    let result = try Command.run(BuiltTool.path, ["experiment"] + arguments, in: folder.path)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(words) && result.output.isEmpty, "\(result.errors)")
  }

  @Test func aSignalKeepsWhatIsFinished() throws {
    let job = try Command.start(
      BuiltTool.path,
      [
        "experiment", "in.pgm", "--pattern", "random=0.3", "--models", "dmf", "--regularizers",
        "none;tv=1e-9;l2=1e-9", "--iterations", "2000000", "--observe-every", "1", "-o", "out",
      ], in: folder.path)
    try job.wait(for: "the work to begin") { folder.contents.contains("out") }
    job.send(SIGINT)
    let result = job.wait()
    #expect(result.status == 130 && result.errors.contains("error: stopped"))
    #expect((try json("out/results.json")["methods"] as? [Any])?.isEmpty == true)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(!left.contains { $0.hasPrefix(".") }, "\(left)")
  }

  @Test func yamlErrorsAreAllThere() throws {
    try folder.write(Array("version: 1\nexperiment:\n  inptu: a\n  gray: 3\n".utf8), to: "bad.yaml")
    let result = try BuiltTool.run("experiment", "bad.yaml", in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("bad.yaml:3:3: ") && result.errors.contains("bad.yaml:4:9: gray must be"))
  }

  @Test func listsOfPenalties() throws {
    #expect(
      ExperimentArguments.alternatives("none; inrr=1, tv=2 ;l2=3 de=1") == [
        "none", "inrr=1,tv=2", "l2=3", "de=1",
      ])
    let parsed = try ExperimentArguments.parse([
      "--models", "siren,tucker", "--regularizers", "none tv=1", "--regularizer", "inrr=auto", "--reference",
    ])
    #expect(
      try parsed.methods().map(\.name) == [
        "siren", "siren+tv=1", "siren+inrr=auto", "tucker", "tucker+tv=1", "tucker+inrr=auto", "reference",
      ])
  }
}
