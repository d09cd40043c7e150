import Foundation
import TestSupport
import Testing

@Suite struct DamageAndSignalTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func whatIsLeftOfATruncatedFileIsRestored() throws {
    try folder.makeClip("whole.mkv", frames: 20)
    try folder.makeMask(frames: 20)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole.mkv")))
    try folder.write(bytes.prefix(bytes.count * 6 / 10), to: "in.mkv")
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--lossless", "--metrics", "m.json", "--progress",
      "none",
      in: folder)
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.hasPrefix("inrr-video: warning: in.mkv"))
    let frames = try folder.frames(of: "out.mkv")
    #expect(frames.count >= 8 && frames.count < 20)
    #expect(result.errors.contains("\(frames.count) of about 20 frames were restored"), "\(result.errors)")
    let whole = try folder.frames(of: "whole.mkv")
    // The last one may be cut in the middle; the others are as they were.
    for i in 0..<frames.count - 1 { #expect(frames[i][0..<64 * 8] == whole[i][0..<64 * 8]) }
  }

  /// A clip that takes some seconds to write.
  private func startLongJob() throws -> Command.Running {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25", "-frames:v", "300", "-c:v", "libx264", "-preset",
      "ultrafast", "-threads", "1", "long.mkv")
    return try Command.start(
      BuiltTool.path,
      ["long.mkv", "--mask-rect", "4,4,8,8", "-o", "out.mkv", "--lossless", "--progress", "plain"],
      in: folder.path)
  }

  private func waitForOutput(_ job: Command.Running) throws {
    try job.wait(for: "the output to begin") { folder.contents.contains { $0.contains("partial") } }
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aSignalEndsTheJobAndLeavesNothing(signal: Int32, code: Int32) throws {
    let job = try startLongJob()
    try waitForOutput(job)
    job.send(signal)
    let result = job.wait()
    #expect(result.status == code, "\(result.errors)")
    #expect(folder.contents == ["long.mkv"])
    #expect(result.errors.contains("inrr-video: error: stopped"))
  }

  @Test func theSecondSignalEndsItAtOnce() throws {
    let job = try startLongJob()
    try waitForOutput(job)
    try job.wait(for: "its end") {
      job.send(SIGINT)
      return !job.isRunning
    }
    #expect(job.wait().status == 130)
    #expect(folder.contents == ["long.mkv"])
  }
}
