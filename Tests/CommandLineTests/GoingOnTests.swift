import Foundation
import TestSupport
import Testing

/// Restorations that end before they are done, and what is said of those that are.
@Suite struct GoingOnTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip(frames: 50)
  }

  private static let restoration = [
    "in.mkv", "--mask-rect", "8,8,14,10", "--preset", "fast", "--iterations", "5", "--window", "8",
    "--overlap", "2",
    "--lossless",
  ]

  private func run(_ arguments: String...) throws -> Command.Result {
    try Command.run(BuiltTool.path, Self.restoration + arguments, in: folder.path)
  }

  private func start(_ arguments: String...) throws -> Command.Running {
    try Command.start(BuiltTool.path, Self.restoration + arguments, in: folder.path)
  }

  /// Names in the folder that keeps windows.
  private func kept(_ output: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.file("\(output).resume"))) ?? []
  }

  private func wait(forWindows count: Int, of output: String, _ job: Command.Running) throws {
    try job.wait(for: "\(count) windows") { kept(output).count { $0.hasSuffix(".window") } >= count }
  }

  @Test func aKilledRestorationGoesOn() throws {
    #expect(try run("-o", "whole.mkv", "--progress", "none").output.isEmpty)
    let job = try start("-o", "out.mkv", "--resume")
    try wait(forWindows: 2, of: "out.mkv", job)
    job.send(SIGKILL)
    #expect(job.wait().status == 128 + SIGKILL)
    #expect(folder.contents.contains { $0.hasPrefix(".out.") && $0.hasSuffix(".partial.mkv") })
    let result = try run("-o", "out.mkv", "--resume", "--progress", "summary")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("of them by an earlier run)") && result.errors.isEmpty, "\(result)")
    #expect(folder.contents == ["in.mkv", "out.mkv", "whole.mkv"])
    let files = try ["out.mkv", "whole.mkv"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file($0)))
    }
    #expect(files[0] == files[1])
  }

  @Test func aStoppedRestorationSaysHowToGoOn() throws {
    let job = try start("-o", "out.mkv", "--resume")
    try wait(forWindows: 1, of: "out.mkv", job)
    job.send(SIGTERM)
    let result = job.wait()
    #expect(result.status == 143)
    #expect(
      result.errors.contains("kept in out.mkv.resume: the same command goes on from there"),
      "\(result.errors)")
  }

  @Test func evaluateSaysHowMuchKnownSamplesDiffer() throws {
    try folder.ffmpeg("-i", "in.mkv", "-c:v", "libx264", "-crf", "16", "coded.mkv")
    try folder.ffmpeg("-i", "coded.mkv", "-c:v", "ffv1", "other.mkv")
    let mask = ["--mask-rect", "8,8,14,10"]
    func evaluate(_ result: String, _ more: String...) throws -> String {
      let arguments = ["evaluate", "--reference", "in.mkv", "--result", result] + mask + more
      let done = try Command.run(BuiltTool.path, arguments, in: folder.path)
      #expect(done.status == 0, "\(done.errors)")
      return done.output
    }
    #expect(try evaluate("in.mkv").contains("known samples            identical"))
    #expect(
      try evaluate("coded.mkv").contains(
        "known samples            coded anew with h264, which costs a little: "))
    #expect(try evaluate("other.mkv").contains("dB) though ffv1 loses nothing: "))
    let json = try JSONSerialization.jsonObject(with: Data(try evaluate("coded.mkv", "--json").utf8))
    let figures = try #require(json as? [String: Any])
    #expect(figures["known_identical"] as? Bool == false && figures["result_lossless"] as? Bool == false)
    #expect(try #require(figures["psnr_known_db"] as? Double) > 30)
  }
}
