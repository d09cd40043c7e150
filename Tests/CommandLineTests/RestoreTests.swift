import Foundation
import TestSupport
import Testing

/// Runs of the built tool on files that are as they should be.
@Suite struct RestoreTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func keepsKnownSamplesSoundAndLength() throws {
    try folder.makeClip(sound: true)
    try folder.makeMask()
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--lossless", "--metrics", "m.json", "--progress",
      "none",
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty && result.errors.isEmpty)
    #expect(folder.contents == ["in.mkv", "m.json", "mask.mkv", "out.mkv"])
    let before = try folder.frames(of: "in.mkv")
    let after = try folder.frames(of: "out.mkv")
    #expect(before.count == 10 && after.count == 10)
    for (t, (a, b)) in zip(before, after).enumerated() {
      for y in 0..<48 {
        for x in 0..<64 where !((5...12).contains(x - t) && (8...15).contains(y)) {
          if a[y * 64 + x] != b[y * 64 + x] { Issue.record("frame \(t): known sample \(x), \(y) changed") }
        }
      }
    }
    let streams = try Command.run(
      "ffprobe", ["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", "out.mkv"],
      in: folder.path)
    #expect(streams.output.split(separator: "\n") == ["ffv1", "flac"])
  }

  @Test func aBoundOnMemoryThatDoesNotHoldIsSaid() throws {
    try folder.makeClip()
    try folder.makeMask()
    // Enough for the smallest windows of so small a picture, but no process is that small.
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--max-memory", "16MiB", "--preset", "fast",
      "--progress",
      "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("more than the 16 MiB that were allowed"), "\(result.errors)")
  }

  @Test func reportHasTheKeysThatScriptsRelyOn() throws {
    try folder.makeClip()
    try folder.makeMask()
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--lossless", "--metrics", "m.json", "--seed", "7",
      "--preset", "fast", "--progress", "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("m.json")))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "input", "output", "frames", "width", "height", "missing_fraction", "holdout_psnr_db",
        "expected_psnr_db", "expected_psnr_low_db", "expected_psnr_high_db", "seconds",
        "peak_memory_bytes", "model", "preset", "seed", "windows", "warnings",
      ])
    #expect(json["input"] as? String == "in.mkv" && json["output"] as? String == "out.mkv")
    #expect(json["frames"] as? Int == 10 && json["width"] as? Int == 64 && json["height"] as? Int == 48)
    #expect(json["model"] as? String == "tucker" && json["preset"] as? String == "fast")
    #expect(json["seed"] as? Int == 7)
    #expect(Set((json["seconds"] as? [String: Any] ?? [:]).keys) == ["decode", "fit", "encode", "total"])
    let fraction = try #require(json["missing_fraction"] as? Double)
    #expect(fraction > 0.015 && fraction < 0.03)
    #expect(try #require(json["peak_memory_bytes"] as? Int) > 1 << 20)
    for window in json["windows"] as? [[String: Any]] ?? [] {
      #expect(
        Set(window.keys) == [
          "frames", "box", "spots", "spot_kinds", "carried", "iterations", "holdout_psnr_db",
          "holdout_samples", "expected_psnr_db", "expected_psnr_low_db", "expected_psnr_high_db",
          "stop_reason",
          "weights",
        ])
    }
  }

  @Test func nothingMissingIsAWarning() throws {
    try folder.makeClip()
    try folder.writePGM(Array(repeating: 0, count: 64 * 48), width: 64, height: 48, to: "black.pgm")
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "black.pgm", "-o", "out.mkv", "--lossless", "--progress", "none", in: folder)
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("inrr-video: warning: nothing is missing"))
    #expect(result.errors.hasSuffix("its frames are written as they are\n"), "\(result.errors)")
    #expect(try folder.frames(of: "in.mkv") == folder.frames(of: "out.mkv"))
  }

  @Test func outputHasAStandardName() throws {
    try folder.makeClip()
    try folder.makeMask()
    let result = try BuiltTool.run("in.mkv", "--mask", "mask.mkv", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents.contains("in.restored.mkv"))
    #expect(result.output.contains("missing") && result.output.contains("in.restored.mkv"))
    #expect(result.errors.contains("10/10 frames"))
  }

  @Test func allMasksTogether() throws {
    try folder.makeClip()
    try folder.makeMask()
    let result = try BuiltTool.run(
      "restore", "in.mkv", "--mask", "mask.mkv", "--mask-dilate", "1", "--mask-rect", "40,30,8,8",
      "--mask-rect", "-4,0,8,8@2-", "--mask-frames", "5", "--mask-value", "255", "--mask-color", "#ff0000",
      "--mask-corrupt", "-o", "out.mkv", "--lossless", "--progress", "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("-4,0,8,8 reaches beyond the picture"))
  }

  @Test func progressInJSON() throws {
    try folder.makeClip()
    try folder.makeMask()
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--lossless", "--progress", "json", in: folder)
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = try result.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.count >= 2)
    for line in lines.dropLast() {
      #expect(line["event"] as? String == "progress")
      #expect(
        Set(line.keys) == [
          "event", "frames_read", "frames_written", "frames_solved", "frames_total", "frames_per_second",
          "seconds_elapsed", "seconds_left", "holdout_psnr_db",
        ])
    }
    #expect(lines.last?["event"] as? String == "done")
    #expect(lines.last?["frames"] as? Int == 10)
  }

  @Test func evaluatesAgainstTheOriginal() throws {
    try folder.makeClip()
    try folder.makeMask()
    try folder.ffmpeg("-i", "in.mkv", "-vf", "drawbox=20:8:4:4:black:fill", "-c:v", "ffv1", "changed.mkv")
    let same = try BuiltTool.run(
      "evaluate", "--reference", "in.mkv", "--result", "in.mkv", "--mask", "mask.mkv", "--json", in: folder)
    #expect(same.status == 0, "\(same.errors)")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(same.output.utf8)) as? [String: Any])
    #expect(json["known_identical"] as? Bool == true && json["psnr_missing_db"] is NSNull)
    #expect((json["per_frame"] as? [Any])?.count == 10)
    let changed = try BuiltTool.run(
      "evaluate", "--reference", "in.mkv", "--result", "changed.mkv", "--mask", "mask.mkv", in: folder)
    #expect(changed.status == 0 && changed.output.contains("differ"))
  }

  @Test func turnedInputTakesMasksAsDisplayed() throws {
    try folder.makeClip("flat.mkv")
    try folder.ffmpeg("-i", "flat.mkv", "-c:v", "libx264", "-qp", "0", "flat.mp4")
    try folder.turn("flat.mp4", clockwise: 90, to: "turned.mp4")
    try folder.makeMask("tall.mkv", size: "48x64")
    try folder.makeMask("wide.mkv")
    let fits = try BuiltTool.run(
      "turned.mp4", "--mask", "tall.mkv", "-o", "out.mkv", "--lossless", "--progress", "none", in: folder)
    #expect(fits.status == 0, "\(fits.errors)")
    let wrong = try BuiltTool.run("turned.mp4", "--mask", "wide.mkv", "-o", "no.mkv", in: folder)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("64x48") && wrong.errors.contains("48x64 as displayed"))
    let coded = try BuiltTool.run(
      "turned.mp4", "--mask", "wide.mkv", "--mask-orientation", "coded", "-o", "coded.mkv", "--progress",
      "none",
      in: folder)
    #expect(coded.status == 0, "\(coded.errors)")
  }

  @Test func patternsOfImagesInAndOut() throws {
    try folder.makeClip(pixelFormat: "gbrp")
    try folder.makeMask()
    try folder.ffmpeg("-i", "in.mkv", "in_%03d.png")
    let unnamed = try BuiltTool.run("in_%03d.png", "--mask", "mask.mkv", in: folder)
    #expect(unnamed.status == 2 && unnamed.errors.contains("-o"))
    let result = try BuiltTool.run(
      "in_%03d.png", "--mask", "mask.mkv", "-o", "out_%03d.png", "--progress", "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents.filter { $0.hasPrefix("out_") }.count == 10)
    let compared = try BuiltTool.run(
      "evaluate", "--reference", "in_%03d.png", "--result", "out_%03d.png", "--mask", "mask.mkv", in: folder)
    #expect(compared.status == 0 && compared.output.contains("identical"), "\(compared.output)")
  }

  @Test func closedOutputsAreNoReasonToFail() throws {
    try folder.makeClip()
    try folder.makeMask()
    let result = try Command.run(
      "bash",
      [
        "-c", "exec \"$0\" \"$@\" >&- 2>&-", BuiltTool.path, "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv",
        "--lossless",
      ], in: folder.path)
    #expect(result.status == 0)
    #expect(try folder.frames(of: "out.mkv").count == 10)
  }
}
