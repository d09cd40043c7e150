import Foundation
import TestSupport
import Testing

/// Runs of `inrr-video run` as a person or a cluster would start them, and end them.
@Suite struct BatchTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip("a.mkv", frames: 50)
    try folder.write(Array(Self.jobs.utf8), to: "p.yaml")
  }

  /// Windows of 8 frames that share 2: eight of them.
  private static let jobs = """
    version: 1
    jobs:
      - name: clips
        inputs: "*.mkv"
        mask: {rects: [{x: 8, y: 8, w: 14, h: 10}]}
        solve: {preset: fast, iterations: 30, window: {frames: 8, overlap: 2}}
        encode: {lossless: true}
        output: "out/{name}"
    run: {report: report.json}
    """

  private func report() throws -> [[String: Any]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("report.json")))
    let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return try #require(json?["inputs"] as? [[String: Any]])
  }

  private func output(_ name: String = "out/a.mkv") throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  /// Solved windows that are kept.
  private var keptWindows: Int {
    let all = FileManager.default.enumerator(atPath: folder.file(".inrr-video/windows"))
    return all?.compactMap { $0 as? String }.count { $0.hasSuffix(".window") } ?? 0
  }

  private func start() throws -> Command.Running {
    try Command.start(BuiltTool.path, ["run", "p.yaml"], in: folder.path)
  }

  private func wait(forWindows count: Int, _ job: Command.Running) throws {
    try job.wait(for: "\(count) windows") { keptWindows >= count }
  }

  @Test func afterAKillOnlyTheWindowAtWorkIsSolvedAgain() throws {
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    let whole = try output()
    try FileManager.default.removeItem(atPath: folder.file("out"))
    try FileManager.default.removeItem(atPath: folder.file(".inrr-video"))
    for count in [1, 3] {
      let job = try start()
      try wait(forWindows: count, job)
      job.send(SIGKILL)
      #expect(job.wait().status == 128 + SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: folder.file("out/a.mkv")))
      let told = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
      #expect(told.output.contains("run: incomplete (\(keptWindows) window"), "\(told.output)")
    }
    let kept = keptWindows
    let resumed = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let entry = try #require(try report().first)
    #expect(entry["windows"] as? Int == 8 && entry["windows_kept"] as? Int == kept && kept >= 3)
    #expect(try output() == whole)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(Set(left) == ["a.mkv", "a.mkv.inrr.json"])
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGUSR1, 143)] as [(Int32, Int32)])
  func aSignalSavesTheWindowAtWork(signal: Int32, code: Int32) throws {
    let job = try start()
    try wait(forWindows: 1, job)
    let before = keptWindows
    let sent = ContinuousClock.now
    job.send(signal)
    let result = job.wait()
    #expect(ContinuousClock.now - sent < .seconds(20))
    #expect(result.status == code, "\(result.errors)")
    #expect(keptWindows >= before && keptWindows < 8)
    #expect(result.output.contains("1 input: 0 done, 0 skipped, 0 failed, 1 stopped"), "\(result.output)")
    #expect(try report().first?["status"] as? String == "stopped")
    let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("out"))) ?? []
    #expect(left.isEmpty)
    let kept = keptWindows
    #expect(try BuiltTool.run("run", "p.yaml", in: folder).status == 0)
    #expect(try report().first?["windows_kept"] as? Int == kept)
  }

  /// Clusters signal every process of a job, and its script passes the signal on.
  @Test func aSignalThatComesTwiceAtOnceIsOne() throws {
    let job = try start()
    try wait(forWindows: 1, job)
    // Two of one kind that wait to be seen are one for the system.
    for signal in [SIGTERM, SIGUSR1, SIGTERM] { job.send(signal) }
    let result = job.wait()
    #expect(result.status == 143, "\(result.errors)")
    #expect(result.output.contains("1 stopped"), "\(result.output)")
  }

  @Test func oneRunAtATimeWorksInAFolder() throws {
    let first = try start()
    try wait(forWindows: 1, first)
    // Else it may be done before it is killed, on a busy machine.
    first.send(SIGSTOP)
    let second = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(second.status == 75)
    #expect(
      second.errors.contains(
        "the work folder .inrr-video is in use by process \(first.processIdentifier) on "),
      "\(second.errors)")
    let told = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(told.status == 0, "\(told.errors)")
    first.send(SIGKILL)
    #expect(first.wait().status == 128 + SIGKILL)
    // Nothing is left of the lock of a killed process.
    #expect(try BuiltTool.run("run", "p.yaml", "--threads", "1", in: folder).status == 0)
    #expect(try BuiltTool.run("run", "p.yaml", "--threads", "0", in: folder).status == 2)
  }

  @Test func theSecondInterruptStopsAtOnce() throws {
    try folder.write(
      Array(Self.jobs.replacing("iterations: 30", with: "model: siren, iterations: 100000").utf8),
      to: "p.yaml")
    let job = try Command.start(BuiltTool.path, ["run", "p.yaml", "--progress", "json"], in: folder.path)
    // A window of eight frames and the first of the next are read: an interrupt before its work begins would end the run.
    try job.wait(for: "the work to begin") { job.outputSoFar.contains(#""frames_read":9"#) }
    job.send(SIGINT)
    // The window at work would take minutes, and is given them.
    try job.wait(for: "word of the interrupt") { job.errorsSoFar.contains("press Ctrl-C again") }
    #expect(job.isRunning)
    job.send(SIGINT)
    let result = job.wait()
    #expect(result.status == 130, "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).isEmpty)
  }

  @Test func failuresAreNamedAndTheRestIsDone() throws {
    try folder.write(Array("no video".utf8), to: "b.mkv")
    let told = try BuiltTool.run("run", "p.yaml", "-n", in: folder)
    #expect(told.status == 1 && told.output.contains("a.mkv -> out/a.mkv  run: new"), "\(told.output)")
    #expect(told.output.contains("    50 frames, 8 windows, about "), "\(told.output)")
    #expect(told.output.contains("1 to do: 50 frames, 8 windows, about "), "\(told.output)")
    #expect(told.output.contains("b.mkv -> out/b.mkv  fails: b.mkv: this is "), "\(told.output)")
    #expect(folder.contents == ["a.mkv", "b.mkv", "p.yaml"])
    let result = try BuiltTool.run(
      "run", "p.yaml", "--progress", "json", "--set", "run.parallel=2", in: folder)
    #expect(result.status == 1, "\(result.errors)")
    let lines = try result.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.contains { $0["event"] as? String == "progress" && $0["input"] as? String == "a.mkv" })
    #expect(lines.last?["event"] as? String == "finished" && lines.last?["failed"] as? Int == 1)
    #expect(try report().map { $0["exit_code"] as? Int } == [0, 3])
    let again = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(again.status == 1)
    #expect(again.output.contains("failed  b.mkv: ") && again.output.contains("0 done, 1 skipped, 1 failed"))
    #expect(again.errors.contains("inrr-video: error: b.mkv: "))
  }

  @Test func configurationErrorsComeBeforeAnyWork() throws {
    try folder.write(Array(Self.jobs.replacing("mask:", with: "msk:").utf8), to: "p.yaml")
    let result = try BuiltTool.run("run", "p.yaml", in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("p.yaml:5:5: ") && result.errors.contains("did you mean 'mask'?"))
    #expect(folder.contents == ["a.mkv", "p.yaml"])
    #expect(try BuiltTool.run("run", "p.yaml", "--set", "solve", in: folder).status == 2)
    #expect(try BuiltTool.run("run", "none.yaml", in: folder).status == 3)
  }

  @Test func anExperimentIsRunToo() throws {
    try folder.writePGM((0..<144).map { UInt8($0) }, width: 12, height: 12, to: "in.pgm")
    try folder.write(
      Array(
        """
        version: 1
        experiment:
          input: in.pgm
          mask: {pattern: random, rate: 0.3}
          iterations: 2
          methods: [{name: T, model: tucker}]
        """.utf8), to: "e.yaml")
    let result = try BuiltTool.run("run", "e.yaml", in: folder)
    #expect(result.status == 0 && folder.contents.contains("e.results"), "\(result.errors)")
    #expect(try BuiltTool.run("run", "e.yaml", "--dry-run", in: folder).status == 2)
  }

  /// As it is but for its output and its speed.
  @Test func theExampleRunsAsItIs() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../..").standardizedFileURL.path
    let result = try BuiltTool.run(
      "run", "\(root)/pipelines/restore-folder.yaml", "--dry-run", "--set",
      "run.work=\(folder.file("work"))", in: folder)
    #expect(result.status == 0 && result.output.contains("samples/damaged.mkv -> "), "\(result.errors)")
  }
}
