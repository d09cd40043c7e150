import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct RestoreJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip()
    try folder.makeMask()
  }

  private func job(_ change: (inout RestoreJob) -> Void = { _ in }) -> RestoreJob {
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    var job = RestoreJob(
      input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks,
      encoding: EncodeSettings(lossless: true))
    change(&job)
    return job
  }

  @Test func reportsFramesAndShare() throws {
    var seen: [JobProgress] = []
    let result = try job().run(observe: { seen.append($0) })
    #expect(result.metrics.frames == 10)
    #expect(result.damage == nil)
    #expect(result.metrics.seconds.total >= result.metrics.seconds.decode)
    #expect(seen.first?.framesRead == 0 && seen.first?.announcedFrames == 10)
    #expect(seen.last?.isFinished == true && seen.last?.framesWritten == 10)
  }

  @Test func stopsWhenAsked() throws {
    var asked = 0
    #expect {
      try job().run(isCancelled: {
        asked += 1
        return asked > 6
      })
    } throws: {
      ($0 as? JobError)?.kind == .cancelled
    }
    #expect(folder.contents == ["in.mkv", "mask.mkv"])
  }

  @Test func aShortMaskLeavesNoOutput() throws {
    try folder.makeMask("short.mkv", frames: 4)
    #expect {
      try job { $0.masks.file = folder.file("short.mkv") }.run()
    } throws: { error in
      guard let error = error as? JobError else { return false }
      return error.kind == .configuration && error.description.contains("4 frames")
        && error.description.contains("has 10")
    }
    #expect(!folder.contents.contains("out.mkv"))
  }

  @Test func evaluationNeedsFilesOfOneKind() throws {
    try folder.makeClip("other.mkv", size: "32x24")
    try folder.makeClip("long.mkv", frames: 12)
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    for (name, words) in [("other.mkv", ["32x24", "64x48"]), ("long.mkv", ["12 frames", "10"])] {
      #expect("\(name)") {
        try EvaluateJob(reference: folder.file(name), result: folder.file("in.mkv"), masks: masks).run()
      } throws: { error in
        guard let error = error as? JobError else { return false }
        return error.kind == .configuration && words.allSatisfy(error.description.contains)
      }
    }
    masks.value = 0
    #expect(throws: JobError.self) {
      try EvaluateJob(reference: folder.file("in.mkv"), result: folder.file("in.mkv"), masks: masks).run()
    }
    let outcome = try EvaluateJob(
      reference: folder.file("in.mkv"), result: folder.file("in.mkv"), input: folder.file("in.mkv"),
      masks: masks
    ).run()
    #expect(outcome.damage.isEmpty && outcome.quality.knownIdentical && outcome.quality.frames.count == 10)
  }
}
