import Foundation
import Detection
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

/// A soft disc that lets the picture through, over scenes that move.
@Suite struct OverlayJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeOverlaidClip("clean.mkv", opacity: 0)
    try folder.makeOverlaidClip("in.mkv")
  }

  private func job(_ output: String, _ overlay: OverlayChoice) throws -> RestoreJob {
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "48,18,13,13")]
    masks.overlay = overlay
    var job = RestoreJob(input: folder.file("in.mkv"), output: folder.file(output), masks: masks)
    job.restoration.preset = .fast
    // What is filled in matters little here.
    job.restoration.iterations = 4
    (job.restoration.windowFrames, job.restoration.overlap) = (8, 1)
    job.encoding = EncodeSettings(lossless: true)
    return job
  }

  private func frames(_ name: String) throws -> [[UInt8]] {
    try folder.frames(of: folder.file(name), width: 80, height: 48)
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
  }

  /// The mean squared error of luma in the mask.
  private func error(_ name: String) throws -> Double {
    var sum = 0.0
    for (a, b) in zip(try frames(name), try frames("clean.mkv")) {
      for y in 18..<31 {
        for x in 48..<61 { sum += pow(Double(a[y * 80 + x]) - Double(b[y * 80 + x]), 2) }
      }
    }
    return sum / Double(24 * 13 * 13)
  }

  @Test func whatIsSeenThroughIsCloserAndIsUsedAgain() throws {
    _ = try job("filled.mkv", .opaque).run()
    var estimating = try job("seen.mkv", .estimated)
    estimating.savedOverlay = folder.file("overlay.png")
    let result = try estimating.run()
    let figures = try #require(result.metrics.overlays)
    #expect(figures.count == 1 && figures[0].seeThrough && figures[0].reason == nil)
    #expect(abs((figures[0].opacity ?? 0) - 0.45) < 0.1)
    #expect(try error("seen.mkv") < error("filled.mkv") / 4)
    // The overlay of the file is the same but for rounding.
    var again = try job("again.mkv", .file(folder.file("overlay.png")))
    again.threads = 2
    _ = try again.run()
    #expect(try error("again.mkv") < error("filled.mkv") / 4)
    // The same after an interruption, whatever the number of threads; and nothing else changes.
    estimating.output = folder.file("resumed.mkv")
    (estimating.savedOverlay, estimating.resumes) = (nil, true)
    let interrupted = estimating
    #expect(throws: JobError.self) {
      try interrupted.run(isStopping: { interrupted.resumable.windows >= 1 })
    }
    #expect(!folder.contents.contains("resumed.mkv"))
    estimating.threads = 3
    #expect(try estimating.run().metrics.windows.contains { $0.report.isKept })
    #expect(try bytes("resumed.mkv") == bytes("seen.mkv"))
    let (seen, input) = (try frames("seen.mkv"), try frames("in.mkv"))
    for (a, b) in zip(seen, input) {
      for y in 0..<48 {
        for x in 0..<80 where !((18..<31).contains(y) && (48..<61).contains(x)) {
          #expect(a[y * 80 + x] == b[y * 80 + x])
        }
      }
    }
  }

  @Test func pagesShowThem() throws {
    var seen = try job("seen.mkv", .estimated)
    (seen.report, seen.savedOverlay) = (folder.file("seen"), folder.file("overlay.png"))
    _ = try seen.run()
    let shown = try #require(try overlays(on: "seen/index.html").first)
    #expect(shown["text"]?.contains("seen through in 24 frames") == true)
    // The disc of radius 5 and four samples around, four times as large.
    let (opacity, colour) = (try picture(shown["opacity"]), try picture(shown["colour"]))
    #expect(opacity.width == opacity.height && (60...92).contains(opacity.width))
    let middle = (opacity.height / 2 * opacity.width + opacity.width / 2) * 3
    #expect(abs(Double(opacity.samples[middle]) / 255 - 0.45) < 0.1 && opacity.samples[0] == 0)
    #expect(colour.samples[middle] > 180 && colour.samples[0] == 0)
    // The same of the file, on a page that only looks; and no picture of what is filled in.
    let files = InspectedFiles(
      input: folder.file("in.mkv"), result: folder.file("seen.mkv"),
      masks: try job("", .file(folder.file("overlay.png"))).masks)
    try ReportJob(files: files, folder: folder.file("file")).run()
    let again = try #require(try overlays(on: "file/index.html").first)
    #expect(again["text"] == "overlay.png" && again["opacity"] == shown["opacity"])
    var filled = try job("filled.mkv", .opaque)
    filled.report = folder.file("filled")
    _ = try filled.run()
    #expect(try overlays(on: "filled/index.html").isEmpty)
    (filled.masks.overlay, filled.overwrite) = (.estimated, true)
    // Beside the disc nothing is.
    filled.masks.rectangles = [try MaskRectangle(parsing: "20,18,13,13")]
    _ = try filled.run()
    let none = try #require(try overlays(on: "filled/index.html").first)
    #expect(none["text"]?.contains("filled in: ") == true && none["opacity"] == nil)
  }

  private func overlays(on page: String) throws -> [[String: String]] {
    let text = try String(contentsOfFile: folder.file(page), encoding: .utf8)
    let start = try #require(text.range(of: "id=\"data\">"))
    let end = try #require(text.range(of: "</script>", range: start.upperBound..<text.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(text[start.upperBound..<end.lowerBound].utf8))
    return try #require((json as? [String: Any])?["overlays"] as? [[String: String]])
  }

  private func picture(_ url: String?) throws -> (width: Int, height: Int, samples: [UInt8]) {
    let code = try #require(url?.split(separator: ",").last)
    let file = folder.file("shown.png")
    try #require(Data(base64Encoded: String(code))).write(to: URL(fileURLWithPath: file))
    let reader = try VideoReader(path: file)
    let frame = try #require(try reader.nextFrame())
    let (width, height) = (frame.format.width, frame.format.height)
    return (
      width, height,
      (0..<width * height).flatMap { i in (0..<3).map { UInt8(clamping: frame.planes[$0][i]) } }
    )
  }

  @Test func framesThatAreNotLookedAtNeedNotBeDecoded() throws {
    try folder.makeOverlaidClip("long.mkv", frames: 140)
    try folder.ffmpeg(["-i", folder.file("long.mkv"), "-c:v", "ffv1", "-g", "1", folder.file("alone.mkv")])
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "48,18,13,13")]
    masks.overlay = .estimated
    for name in ["long.mkv", "alone.mkv"] {
      var look = OverlayLook(
        input: folder.file(name), masks: masks, solvesFields: true, threads: 1, surveyed: SurveyedDamage())
      let some = try look.findings()
      #expect(some.first?.overlay != nil && some.first?.frames == 140)
      look.threads = 3
      #expect(try look.findings() == some)
      if name == "alone.mkv" {
        look.passesOver = false
        #expect(try look.findings() == some)
        look.passesOver = true
      }
      #expect(throws: JobError.self) { try look.findings { true } }
    }
  }

  @Test func interlacedFramesAreFilledIn() throws {
    try folder.ffmpeg([
      "-i", folder.file("in.mkv"), "-vf", "setfield=tff", "-c:v", "ffv1", "-flags", "+ildct", "-g", "1",
      "-level", "3",
      folder.file("fields.mkv"),
    ])
    var masks = MaskOptions()
    masks.rectangles = [try MaskRectangle(parsing: "48,18,13,13")]
    masks.overlay = .estimated
    var look = OverlayLook(
      input: folder.file("fields.mkv"), masks: masks, solvesFields: true, surveyed: SurveyedDamage())
    #expect(try look.findings().map(\.reason) == [.interlaced])
    look.solvesFields = false
    #expect(try look.findings().first?.overlay != nil)
  }

  @Test func filesThatAreNoOverlaysAreRefused() throws {
    try folder.ffmpeg("-f", "lavfi", "-i", "color=s=80x48", "-frames:v", "1", folder.file("plain.png"))
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=red@0.5:s=64x48,format=rgba", "-frames:v", "1", folder.file("small.png"))
    for (name, word) in [("plain.png", "transparency"), ("small.png", "64x48"), ("none.png", "none.png")] {
      #expect {
        _ = try job("out.mkv", .file(folder.file(name))).run()
      } throws: { error in
        "\(error)".contains(word)
      }
    }
    #expect(!folder.contents.contains("out.mkv"))
  }

  @Test func inputsThatCannotBeReadTwiceAreRefused() throws {
    var piped = try job("out.mkv", .estimated)
    piped.input = StandardStream.path
    #expect {
      _ = try piped.run()
    } throws: { error in
      "\(error)".contains("--overlay")
    }
  }
}
