import Foundation
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

/// Restorations that are stopped between windows and go on.
@Suite struct ResumeTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func job(_ input: String, to output: String) -> RestoreJob {
    var job = RestoreJob(
      input: folder.file(input), output: folder.file(output), masks: MaskOptions(),
      encoding: EncodeSettings(lossless: true))
    if input.hasSuffix(".mkv") {
      job.masks.rectangles = [MaskRectangle(x: 8, y: 8, width: 14, height: 10)]
    }
    job.restoration.preset = .fast
    job.restoration.iterations = 3
    (job.restoration.windowFrames, job.restoration.overlap) = (6, 1)
    job.resumes = true
    return job
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  /// Ends a job once so many windows are kept.
  private func stop(_ job: RestoreJob, after windows: Int) throws {
    let error = #expect(throws: JobError.self) {
      try job.run(isStopping: { job.resumable.windows >= windows })
    }
    #expect(error?.kind == .cancelled)
    #expect(job.resumable.windows == windows)
    #expect(!FileManager.default.fileExists(atPath: job.output))
  }

  private func goesOn(_ input: String, whole: String, part: String) throws {
    var uninterrupted = job(input, to: whole)
    uninterrupted.resumes = false
    let first = try uninterrupted.run()
    #expect(first.metrics.windows.count > 2)
    var job = job(input, to: part)
    try stop(job, after: 1)
    try stop(job, after: 2)
    // Rubbish is no window, and what is someone else's stays.
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.file("\(part).resume"))
    let window = try #require(kept.filter { $0.hasSuffix(".window") }.sorted().first)
    try folder.write(Array("rubbish".utf8), to: "\(part).resume/\(window)")
    try folder.write([1], to: "\(part).resume/notes")
    // What is kept does not depend on how the job is run.
    job.threads = 2
    let result = try job.run()
    #expect(result.metrics.windows.count { $0.report.isKept } == 1)
    #expect(try bytes(part) == bytes(whole))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("\(part).resume")) == ["notes"])
  }

  @Test func aVideoGoesOnWhereItStopped() throws {
    try folder.makeClip(frames: 20)
    try goesOn("in.mkv", whole: "whole.mkv", part: "part.mkv")
  }

  @Test func aVolumeGoesOnWhereItStopped() throws {
    try folder.writeVolume("in.npy", shape: (20, 16, 16)) { z, y, x in
      (4..<9).contains(x) && (5..<9).contains(y) ? .nan : Float((z * 7 + y * 3 + x * 5) % 23)
    }
    try goesOn("in.npy", whole: "whole.npy", part: "part.npy")
  }

  @Test func nothingIsLeftWhereNothingWasSolved() throws {
    try folder.makeClip(frames: 4)
    var job = job("in.mkv", to: "out.mkv")
    job.masks.rectangles = [MaskRectangle(x: 0, y: 0, width: 64, height: 48)]
    #expect(throws: JobError.self) { try job.run() }
    #expect(folder.contents == ["in.mkv"])
    job.output = folder.file("none/out.mkv")
    #expect(throws: JobError.self) { try job.run() }
    #expect(folder.contents == ["in.mkv"])
    // What is fitted in an earlier run is in no model.
    job.savedModel = folder.file("m.safetensors")
    let error = #expect(throws: JobError.self) { try job.run() }
    #expect(error?.kind == .configuration)
  }

  @Test func oneAtATimeGoesOn() throws {
    try folder.makeClip(frames: 20)
    let job = job("in.mkv", to: "out.mkv")
    let other = try ResumeFolder(output: job.output)
    let error = #expect(throws: JobError.self) { try job.run() }
    #expect(error?.kind == .tryAgain && error?.description.contains("name another output") == true)
    withExtendedLifetime(other) {}
  }

  @Test func aRunThatDoesNotGoOnSaysThatItCould() throws {
    try folder.makeClip(frames: 20)
    var job = job("in.mkv", to: "out.mkv")
    try stop(job, after: 1)
    job.resumes = false
    var warnings: [String] = []
    _ = try job.run(warn: { warnings.append($0) })
    #expect(
      warnings.contains { $0.contains("out.mkv.resume holds") && $0.contains("--resume") }, "\(warnings)")
  }

  /// A file that is still being written, or is replaced: the output may be of two halves.
  @Test func anInputThatChangesMeanwhileIsTold() throws {
    try folder.makeClip(frames: 8)
    var job = job("in.mkv", to: "out.mkv")
    job.resumes = false
    let input = job.input
    var isTouched = false
    let result = try job.run(observe: { _ in
      if isTouched { return }
      isTouched = true
      try? FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: input)
    })
    #expect(result.damage?.hasPrefix("\(input) changed while it was read") == true, "\(result)")
    job.overwrite = true
    #expect(try job.run().damage == nil)
  }
}
