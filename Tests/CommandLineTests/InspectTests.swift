import Foundation
import TestSupport
import Testing

/// Runs of `inrr-video inspect`.
@Suite struct InspectTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip()
    try folder.makeMask()
    try folder.ffmpeg(
      "-i", "in.mkv", "-vf", "drawbox=8:8:8:8:gray:fill,format=yuv420p", "-c:v", "ffv1", "out.mkv")
    try folder.write([1], to: "there.png")
  }

  private func size(_ name: String) throws -> String {
    let result = try Command.run(
      "ffprobe",
      [
        "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name,width,height", "-of",
        "csv=p=0", name,
      ],
      in: folder.path)
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func panelsSheetsAndWipes() throws {
    let common = ["inspect", "in.mkv", "--result", "out.mkv", "--mask", "mask.mkv"]
    func run(_ more: String...) throws {
      let result = try Command.run(BuiltTool.path, common + more, in: folder.path)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "output   \(more.last ?? "")\n")
    }
    try run("--frame", "3", "-o", "panel.png")
    #expect(try size("panel.png").hasPrefix("png,"))
    try run(
      "--frame", "0,4-6", "--reference", "in.mkv", "--crop", "4,4,20,20", "--zoom", "3", "-o", "sheet.jpg")
    #expect(try size("sheet.jpg").hasPrefix("mjpeg,"))
    try run("--frame", "2", "--zoom", "1", "-o", "wipe.gif")
    #expect(try size("wipe.gif") == "gif,64,48")
    try run("--frame", "0-9", "--zoom", "2", "-o", "wipe.mp4")
    #expect(try size("wipe.mp4") == "h264,128,96")
  }

  @Test(arguments: [
    (2, "no frame 40", ["--frame", "40", "-o", "p.png"]), (2, "3,10", ["--frame", "x", "-o", "p.png"]),
    (2, "beyond", ["--frame", "1", "--crop", "60,0,8,8", "-o", "p.png"]),
    (2, "x,y,w,h", ["--frame", "1", "--crop", "1,2,3", "-o", "p.png"]),
    (2, "--zoom", ["--frame", "1", "--zoom", "0", "-o", "p.png"]),
    (2, ".gif", ["--frame", "1", "-o", "p.txt"]), (2, "--frame", ["-o", "p.png"]),
    (4, "no/folder", ["--frame", "1", "-o", "no/folder/p.png"]),
    (4, "--force", ["--frame", "1", "-o", "there.png"]),
    (3, "absent", ["--frame", "1", "--reference", "absent.mkv", "-o", "p.png"]),
  ])
  func failuresAreToldInASentence(code: Int32, word: String, arguments: [String]) throws {
    try folder.expectFailure(
      code, [word], ["inspect", "in.mkv", "--result", "out.mkv", "--mask", "mask.mkv"] + arguments)
  }

  @Test func pagesAndTheSummary() throws {
    let restored = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "new.mkv", "--lossless", "--preset", "fast", "--metrics",
      "m.json",
      "--report", "report", in: folder)
    #expect(restored.status == 0, "\(restored.errors)")
    for word in ["missing", "box", "quality", "time", "new.mkv", "report/index.html"] {
      #expect(restored.output.contains(word), "\(restored.output)")
    }
    let page = try BuiltTool.run(
      "inspect", "in.mkv", "--result", "new.mkv", "--mask", "mask.mkv", "--metrics", "m.json", "--frames",
      "2-4",
      "--html", "page", in: folder)
    #expect(page.status == 0 && page.output.contains("page/index.html"), "\(page.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.file("page/index.html")))
    try folder.expectFailure(
      4, ["--force"],
      ["in.mkv", "--mask", "mask.mkv", "-o", "other.mkv", "--report", "report", "--progress", "none"])
    try folder.expectFailure(
      3, ["mask.mkv"],
      [
        "inspect", "in.mkv", "--result", "new.mkv", "--mask", "mask.mkv", "--metrics", "mask.mkv", "--html",
        "x",
      ])
    try folder.expectFailure(
      2, ["--html"],
      ["inspect", "in.mkv", "--result", "new.mkv", "--mask", "mask.mkv", "--metrics", "m.json"])
  }

  @Test func savedRepresentations() throws {
    let restored = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "new.mkv", "--lossless", "--preset", "fast", "--save-model",
      "m.safetensors", "--progress", "none", in: folder)
    #expect(restored.status == 0, "\(restored.errors)")
    let listed = try BuiltTool.run("inspect", "--model", "m.safetensors", in: folder)
    #expect(listed.status == 0 && listed.output.contains("ranks") && listed.output.contains("window 0"))
    let drawn = try BuiltTool.run(
      "inspect", "--model", "m.safetensors", "--time", "3.5", "--scale", "2", "-o", "between.png", in: folder)
    #expect(drawn.status == 0 && drawn.output == "output   between.png\n", "\(drawn.errors)")
    #expect(try size("between.png") == "png,128,96")
    try folder.expectFailure(3, ["mask.mkv"], ["inspect", "--model", "mask.mkv"])
    try folder.expectFailure(2, ["--time"], ["inspect", "--model", "m.safetensors", "-o", "p.png"])
    try folder.expectFailure(
      2, ["no saved window"], ["inspect", "--model", "m.safetensors", "--frame", "99", "-o", "p.png"])
    try folder.expectFailure(
      2, ["--save-model"],
      ["in.mkv", "--mask", "mask.mkv", "-o", "x.mkv", "--model", "siren", "--save-model", "n.safetensors"])
  }

  @Test func filesThatDoNotBelongTogether() throws {
    try folder.makeClip("other.mkv", size: "32x32")
    try folder.expectFailure(
      2, ["32x32", "64x48"],
      ["inspect", "in.mkv", "--result", "other.mkv", "--mask-rect", "1,1,4,4", "--frame", "1", "-o", "p.png"])
    try folder.expectFailure(
      2, ["--mask"], ["inspect", "in.mkv", "--result", "out.mkv", "--frame", "1", "-o", "p.png"])
  }
}
