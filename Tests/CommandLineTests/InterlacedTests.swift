import Foundation
import TestSupport
import Testing

/// Interlaced video is solved field by field.
@Suite struct InterlacedTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Stripes that move by three samples from field to field, and the same with a box in it.
  private func makeClip(_ size: String = "64x64") throws {
    let picture = "nullsrc=s=\(size):r=50,format=yuv420p,geq=lum='128+90*sin((X+3*N)/5)':cb=100:cr='140+Y/4'"
    for (name, filter) in [
      ("truth.mkv", "interlace=lowpass=off"),
      ("in.mkv", "interlace=lowpass=off,drawbox=24:21:11:13:white:fill"),
    ] {
      try folder.ffmpeg(
        "-f", "lavfi", "-i", picture, "-vf", filter, "-frames:v", "8", "-c:v", "ffv1", "-field_order", "tt",
        name)
    }
  }

  private func evaluate(_ result: String) throws -> [String: Any] {
    let output = try BuiltTool.run(
      "evaluate", "--reference", "truth.mkv", "--input", "in.mkv", "--result", result, "--mask-rect",
      "24,21,11,13", "--json", in: folder)
    return try JSONSerialization.jsonObject(with: output.outputData) as? [String: Any] ?? [:]
  }

  @Test func fieldsAreSolvedApart() throws {
    try makeClip()
    for (name, option) in [("fields.mkv", []), ("frames.mkv", ["--interlaced-as-frames"])] {
      let result = try Command.run(
        BuiltTool.path,
        [
          "in.mkv", "--mask-rect", "24,21,11,13", "-o", name, "--lossless", "--preset", "fast", "--progress",
          "none",
        ]
          + ["--metrics", "\(name).json"] + option, in: folder.path)
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }
    let (fields, frames) = (try evaluate("fields.mkv"), try evaluate("frames.mkv"))
    // Odd edges: rows of chroma belong to other fields than the rows of luma beside them.
    #expect(fields["known_identical"] as? Bool == true && frames["known_identical"] as? Bool == true)
    let psnr = [fields, frames].map { $0["psnr_missing_db"] as? Double ?? 0 }
    #expect(psnr[0] > psnr[1] + 1, "by fields \(psnr[0]) dB, as frames \(psnr[1]) dB")
    let metrics = try ["fields.mkv.json", "frames.mkv.json"].map { name -> [String: Any] in
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
      return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
    #expect(metrics[0]["missing_fraction"] as? Double == metrics[1]["missing_fraction"] as? Double)
    for window in metrics[0]["windows"] as? [[String: Any]] ?? [] {
      let box = window["box"] as? [String: Int] ?? [:]
      #expect((box["y"] ?? 99) <= 21 && (box["y"] ?? 0) + (box["height"] ?? 0) <= 64)
    }
  }

  /// A progressive beginning: frames are looked at, not only the stream.
  @Test func interlacedFramesInTheMiddle() throws {
    try makeClip()
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25", "-frames:v", "5", "-c:v", "mpeg2video", "-q:v", "2",
      "a.ts")
    try folder.ffmpeg("-i", "in.mkv", "-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme", "b.ts")
    try folder.write(Array("file a.ts\nfile b.ts\n".utf8), to: "list.txt")
    try folder.ffmpeg("-f", "concat", "-i", "list.txt", "-c", "copy", "mixed.ts")
    let result = try BuiltTool.run(
      "mixed.ts", "--mask-rect", "24,21,11,13", "-o", "out.mkv", "--lossless", "--preset", "fast",
      "--progress",
      "none", "--metrics", "m.json", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.frames(of: "out.mkv", height: 64).count == 13)
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("m.json")))
    let metrics = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    let windows = (metrics["windows"] as? [[String: Any]] ?? []).compactMap { $0["frames"] as? [Int] }
    #expect(windows.contains([0, 4]) && windows.contains { $0.first == 5 }, "\(windows)")
  }

  /// 4:2:0 comes apart into fields only in fours of lines.
  @Test func whatDoesNotComeApartIsToldOf() throws {
    try makeClip("64x62")
    let result = try BuiltTool.run(
      "in.mkv", "--mask-rect", "24,21,11,13", "-o", "out.mkv", "--lossless", "--preset", "fast", "--progress",
      "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains("8 interlaced frames, which were restored as whole pictures"), "\(result.errors)"
    )
  }
}
