import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Pipelines

/// Runs of small plans: what is skipped, done again, retried and reported.
@Suite struct BatchRunTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in ["a", "b"] { try folder.makeClip("\(name).mkv", frames: 4) }
    try folder.makeMask(frames: 4)
  }

  private static let text = """
    version: 1
    jobs:
      - name: clips
        inputs: ["[ab].mkv"]
        mask: {file: mask.mkv}
        solve: {preset: fast, iterations: 2}
        encode: {lossless: true}
        output: out/{name}
    """

  private func run(
    _ sets: String..., text: String = BatchRunTests.text,
    restore: @escaping BatchRun.Restore = BatchRun.restore
  ) throws -> BatchReport {
    let path = folder.file("p.yaml")
    var batch = BatchRun(
      plan: try BatchPlan(YAMLDocument(text: text, file: path), path: path, sets: sets))
    batch.pause = 0.01
    return try batch.run(restore: restore)
  }

  private func states(_ sets: String...) throws -> [TaskState?] {
    let path = folder.file("p.yaml")
    let plan = try BatchPlan(YAMLDocument(text: Self.text, file: path), path: path, sets: sets)
    let run = BatchRun(plan: plan)
    return plan.tasks.map { try? run.state(of: $0).get() }
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  @Test func whatIsDoneIsVerifiedAndSkipped() throws {
    #expect(try states() == [.new, .new])
    let first = try run()
    #expect(first.inputs.map(\.status) == [.done, .done], "\(first.inputs.map(\.reason))")
    #expect(first.inputs.allSatisfy { $0.windows == 1 && $0.windowsKept == 0 && $0.exitCode == 0 })
    #expect(try states() == [.done, .done])
    let second = try run()
    #expect(second.inputs.map(\.status) == [.skipped, .skipped])
    #expect(second.inputs[0].holdoutPsnrDb == first.inputs[0].holdoutPsnrDb)
    // Nothing solved is left lying about, and what was used is beside the output.
    let windows = try FileManager.default.contentsOfDirectory(atPath: folder.file(".inrr-video/windows"))
    #expect(windows.isEmpty)
    let settings = try #require(
      JSONSerialization.jsonObject(with: bytes("out/a.mkv.inrr.json")) as? [String: Any])
    #expect(settings["input"] as? String == folder.file("a.mkv"))
  }

  @Test func changesAreNoticed() throws {
    _ = try run()
    let before = try bytes("out/a.mkv")
    #expect(try states("solve.iterations=3") == [.changedSettings, .changedSettings])
    #expect(try states("run.threads=7", "run.parallel=2") == [.done, .done])
    try folder.makeClip("b.mkv", frames: 4, pixelFormat: "gray")
    #expect(try states() == [.done, .changedInput])
    try folder.write([0], to: "out/a.mkv")
    #expect(try states() == [.changedOutput, .changedInput])
    let again = try run()
    #expect(again.inputs.map(\.status) == [.done, .done])
    #expect(try bytes("out/a.mkv") == before)
    try FileManager.default.removeItem(atPath: folder.file("out/b.mkv"))
    #expect(try states() == [.done, .changedOutput])
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=black:s=64x48:r=25:d=1,drawbox=4:4:8:8:white:fill", "-frames:v", "4",
      "-c:v",
      "ffv1", folder.file("mask.mkv"))
    #expect(try states() == [.changedMask, .changedMask])
  }

  @Test func otherPeoplesOutputsAreLeftAlone() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("out"), withIntermediateDirectories: true)
    try folder.write([7], to: "out/a.mkv")
    let refused = try run()
    #expect(refused.inputs.map(\.status) == [.failed, .done] && refused.inputs[0].exitCode == 4)
    #expect(refused.inputs[0].reason.contains("skip_existing"))
    #expect(try bytes("out/a.mkv") == Data([7]))
    let kept = try run("run.skip_existing=always")
    #expect(kept.inputs.map(\.status) == [.skipped, .skipped])
    let replaced = try run("run.skip_existing=never")
    #expect(replaced.inputs.map(\.status) == [.done, .done])
    #expect(try bytes("out/a.mkv") != Data([7]))
  }

  @Test func oneBadFileDoesNotStopTheRest() throws {
    try folder.write(Array("no video".utf8), to: "a.mkv")
    let report = try run()
    #expect(report.inputs.map(\.status) == [.failed, .done] && report.inputs[0].exitCode == 3)
    #expect(report.inputs[0].reason.contains("a.mkv"))
    let json = try #require(
      JSONSerialization.jsonObject(with: bytes(".inrr-video/report.json")) as? [String: Any])
    let inputs = try #require(json["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["status"] as? String } == ["failed", "done"])
    #expect(inputs.map { $0["exit_code"] as? Int } == [3, 0])
    #expect(inputs[0]["holdout_psnr_db"] is NSNull && inputs[1]["seconds"] is Double)
  }

  @Test func warningsAreInEveryReport() throws {
    try folder.ffmpeg(
      "-i", folder.file("a.mkv"), "-c", "copy", "-metadata", "vessel=Ferry", folder.file("c.mkv"))
    try FileManager.default.moveItem(atPath: folder.file("c.mkv"), toPath: folder.file("clip.mkv"))
    let text = Self.text.replacing("[ab].mkv", with: "clip.mkv").replacing(
      "{name}", with: "{stem}.avi\n    metrics: out/{stem}.json")
    func isNamed(_ warnings: [String]?) -> Bool { warnings?.contains { $0.contains("vessel") } == true }
    let first = try run(text: text)
    #expect(first.inputs.map(\.status) == [.done], "\(first.inputs.map(\.reason))")
    #expect(isNamed(first.inputs[0].warnings))
    func report() throws -> [String: Any]? {
      let json = try JSONSerialization.jsonObject(with: bytes(".inrr-video/report.json")) as? [String: Any]
      return (json?["inputs"] as? [[String: Any]])?.first
    }
    #expect(isNamed(try report()?["warnings"] as? [String]))
    let metrics = try JSONSerialization.jsonObject(with: bytes("out/clip.json")) as? [String: Any]
    #expect(isNamed(metrics?["warnings"] as? [String]))
    // Of what an earlier run made they are known still.
    let again = try run(text: text)
    #expect(again.inputs.map(\.status) == [.skipped] && isNamed(again.inputs[0].warnings))
    #expect(isNamed(try report()?["warnings"] as? [String]))
  }

  @Test func whatIsLeftOfADamagedInputIsRestoredOnce() throws {
    try folder.makeClip("b.mkv", frames: 12)
    let whole = try bytes("b.mkv")
    try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: folder.file("b.mkv")))
    try folder.makeMask(frames: 12)
    try FileManager.default.removeItem(atPath: folder.file("a.mkv"))
    let first = try run()
    #expect(first.inputs.map(\.status) == [.failed] && first.inputs[0].exitCode == 3)
    let output = try bytes("out/b.mkv")
    let again = try run { _, _, _, _, _ in throw JobError(.input, "it was to be left alone") }
    #expect(again.inputs.map(\.status) == [.failed] && again.inputs[0].exitCode == 3)
    #expect(again.inputs[0].reason == "\(first.inputs[0].reason); nothing changed since")
    #expect(again.inputs[0].holdoutPsnrDb == first.inputs[0].holdoutPsnrDb)
    try whole.write(to: URL(fileURLWithPath: folder.file("b.mkv")))
    #expect(try states() == [.changedInput])
    #expect(try run().inputs.map(\.status) == [.done])
    #expect(try bytes("out/b.mkv").count > output.count)
  }

  @Test func onErrorStopLeavesTheRest() throws {
    try folder.write(Array("no video".utf8), to: "a.mkv")
    let report = try run("run.on_error=stop")
    #expect(report.inputs.map(\.status) == [.failed, .stopped])
    #expect(report.inputs[1].reason.contains("on_error"))
  }

  @Test(arguments: [(JobError.Kind.tryAgain, 3, 3, true), (.tryAgain, 1, 2, false), (.input, 3, 1, false)])
  func retriesWhatMayPass(kind: JobError.Kind, retries: Int, attempts: Int, succeeds: Bool) throws {
    let count = Mutex(0)
    let restore: BatchRun.Restore = { job, warn, observe, isStopping, isCancelled in
      let attempt = count.withLock { count in
        count += 1
        return count
      }
      if attempt < 3 { throw JobError(kind, "attempt \(attempt) failed") }
      return try BatchRun.restore(job, warn, observe, isStopping, isCancelled)
    }
    let report = try run(
      "run.retries=\(retries)", text: Self.text.replacing("[ab].mkv", with: "a.mkv"), restore: restore)
    #expect(count.withLock { $0 } == attempts)
    #expect(report.inputs.map(\.status) == [succeeds ? .done : .failed])
    #expect(report.inputs[0].exitCode == (succeeds ? 0 : kind.exitCode))
  }

  /// A full disk is waited for, and what others delete by the way is not taken for room.
  @Test func roomOnTheDiskIsNoticed() {
    let free = Mutex<Int64>(1000)
    let space = FreeSpace(folders: ["out", "gone"]) { path in
      path == "out" ? FreeSpace.Room(free: free.withLock { $0 }, all: 100_000) : nil
    }
    #expect(!space.hasGrown)
    free.withLock { $0 = 3000 }
    #expect(!space.hasGrown)
    free.withLock { $0 = 9000 }
    #expect(space.hasGrown)
    #expect(!FreeSpace(folders: ["", folder.path]).hasGrown)
  }

  @Test func parallelJobsShareTheCoresAndGiveTheSame() throws {
    _ = try run("run.threads=4")
    let one = try [bytes("out/a.mkv"), bytes("out/b.mkv")]
    let seen = Mutex<[Int]>([])
    let report = try run("run.threads=4", "run.parallel=2", "run.skip_existing=never") {
      job, warn, observe, isStopping, isCancelled in
      seen.withLock { $0.append(job.threads) }
      return try BatchRun.restore(job, warn, observe, isStopping, isCancelled)
    }
    #expect(report.count(of: .done) == 2 && seen.withLock { $0 } == [2, 2])
    #expect(try [bytes("out/a.mkv"), bytes("out/b.mkv")] == one)
  }

  @Test func outputsBesideTheirInputsAreNoInputs() throws {
    let text = """
      version: 1
      jobs:
        - {inputs: "[ab]*.mkv", mask: {rects: [{x: 4, y: 4, w: 6, h: 6}]}, solve: {preset: fast, iterations: 1}}
      """
    #expect(try run(text: text).inputs.map(\.status) == [.done, .done])
    let again = try run(text: text)
    #expect(again.inputs.map(\.status) == [.skipped, .skipped])
  }

  /// Of inputs that are not finished the report says what is known, and nothing else.
  @Test func unfinishedInputsHaveTheWindowsThatAreKept() throws {
    for name in ["a", "b"] { try folder.makeClip("\(name).mkv", frames: 12) }
    let path = folder.file("p.yaml")
    let text = Self.text.replacing(
      "mask: {file: mask.mkv}", with: "mask: {rects: [{x: 4, y: 4, w: 9, h: 9}]}"
    )
    .replacing("iterations: 2", with: "iterations: 2, window: {frames: 4, overlap: 1}")
    let batch = BatchRun(plan: try BatchPlan(YAMLDocument(text: text, file: path), path: path, sets: []))
    let isStopping = Mutex(false)
    let stopped = try batch.run(
      restore: { job, warn, observe, _, isCancelled in
        defer { isStopping.withLock { $0 = true } }
        return try BatchRun.restore(
          job, warn, observe, { (job.store as? FileSolutionStore)?.count ?? 0 >= 2 }, isCancelled)
      }, isStopping: { isStopping.withLock { $0 } })
    #expect(stopped.inputs.map(\.status) == [.stopped, .stopped])
    #expect(stopped.inputs.map(\.exitCode) == [130, nil] && stopped.inputs.map(\.windowsKept) == [2, 0])
    #expect(stopped.inputs.map(\.windows) == [nil, nil])
    // Another run that is stopped before it begins knows of them too.
    let again = try batch.run(isStopping: { true })
    #expect(again.inputs.map(\.exitCode) == [nil, nil] && again.inputs.map(\.windowsKept) == [2, 0])
    let json = try #require(
      JSONSerialization.jsonObject(with: bytes(".inrr-video/report.json")) as? [String: Any])
    let inputs = try #require(json["inputs"] as? [[String: Any]])
    #expect(inputs.allSatisfy { $0["exit_code"] is NSNull && $0["windows"] is NSNull })
    #expect(inputs[0]["windows_kept"] as? Int == 2)
    let done = try batch.run()
    #expect(done.inputs.map(\.exitCode) == [0, 0] && done.inputs.map(\.windowsKept) == [2, 0])
    #expect(done.inputs.allSatisfy { $0.windows ?? 0 > 2 })
  }

  @Test(arguments: ["", "{\"output\": 1", "rubbish"])
  func aRecordThatCannotBeReadIsMadeAnew(rubbish: String) throws {
    _ = try run()
    let before = try bytes("out/a.mkv")
    let records = try FileManager.default.contentsOfDirectory(atPath: folder.file(".inrr-video/journal"))
    for name in records { try folder.write(Array(rubbish.utf8), to: ".inrr-video/journal/\(name)") }
    #expect(try states() == [.unreadableRecord, .unreadableRecord])
    #expect(try run().inputs.map(\.status) == [.done, .done])
    #expect(try bytes("out/a.mkv") == before && states() == [.done, .done])
  }
}
