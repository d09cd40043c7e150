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

  /// Chroma alone, in video whose chroma is subsampled, and a mosaic: planes that are known stay as they are.
  @Test(arguments: ["yuv420p", "gbrp"]) func onlyPlanesThatAreMissingChange(pixelFormat: String) throws {
    let input = try folder.makeClip("p.mkv", frames: 4, size: "48x40", pixelFormat: pixelFormat)
    let rectangle = try MaskRectangle(parsing: "7,9,14,12")
    let result = try job {
      $0.input = input
      $0.masks = MaskOptions()
      $0.restoration.preset = .fast
      if pixelFormat == "gbrp" {
        $0.masks.bayer = .grbg
      } else {
        $0.masks.rectangles = [rectangle]
        $0.masks.planes = .some([.chromaRed])
      }
    }.run()
    let (before, after) = (try VideoReader(path: input), try VideoReader(path: folder.file("out.mkv")))
    var (frames, changed) = (0, [0, 0, 0])
    while let a = try before.nextFrame(), let b = try after.nextFrame() {
      frames += 1
      for (p, plane) in a.format.planes.enumerated() {
        for i in 0..<plane.count where a.planes[p][i] != b.planes[p][i] {
          let (y, x) = (i / plane.width, i % plane.width)
          switch plane.role {
          case .luma, .chromaBlue, .alpha: Issue.record("a known plane has changed")
          case .chromaRed: #expect((4...10).contains(y) && (3...10).contains(x))
          case .green: #expect(y % 2 != x % 2)
          case .red: #expect(!(y % 2 == 0 && x % 2 == 1))
          case .blue: #expect(!(y % 2 == 1 && x % 2 == 0))
          }
          changed[p] += 1
        }
      }
    }
    #expect(frames == 4)
    if pixelFormat == "gbrp" {
      #expect(changed.allSatisfy { $0 > 1000 })
      #expect(abs(result.metrics.missingFraction - 2.0 / 3) < 1e-9)
    } else {
      #expect(changed[0] == 0 && changed[1] == 0 && changed[2] > 20)
    }
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
