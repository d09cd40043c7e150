import Foundation
import TestSupport
import Testing

/// What goes wrong is told in one sentence, with the exit code that scripts rely on, and leaves nothing behind.
@Suite struct BadInputTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip()
    try folder.makeMask()
  }

  @Test func inputThatCannotBeRead() throws {
    try folder.expectFailure(3, ["none.mkv"], ["none.mkv", "--mask", "mask.mkv", "-o", "out.mkv"])
    try folder.write(Array("this is no video".utf8), to: "text.mkv")
    try folder.expectFailure(3, ["text.mkv"], ["text.mkv", "--mask", "mask.mkv", "-o", "out.mkv"])
    try folder.ffmpeg("-f", "lavfi", "-i", "sine=d=0.1", "sound.wav")
    try folder.expectFailure(3, ["sound.wav"], ["sound.wav", "--mask", "mask.mkv", "-o", "out.mkv"])
    try folder.write([], to: "empty.mkv")
    try folder.expectFailure(3, ["empty.mkv"], ["empty.mkv", "--mask", "mask.mkv", "-o", "out.mkv"])
    try folder.expectFailure(3, ["none.png"], ["in.mkv", "--mask", "none.png", "-o", "out.mkv"])
    try folder.expectFailure(3, ["text.mkv"], ["in.mkv", "--mask", "text.mkv", "-o", "out.mkv"])
  }

  /// The first byte of the memory of a process can't be read: the system says what it says of failing disks.
  @Test func inputOnAFailingDisk() throws {
    try folder.expectFailure(
      75, ["/proc/self/mem"], ["/proc/self/mem", "--mask", "mask.mkv", "-o", "out.mkv"])
    try folder.expectFailure(75, ["/proc/self/mem"], ["in.mkv", "--mask", "/proc/self/mem", "-o", "out.mkv"])
  }

  @Test func masksThatDoNotFit() throws {
    try folder.makeMask("small.mkv", size: "32x24")
    try folder.expectFailure(2, ["32x24", "64x48"], ["in.mkv", "--mask", "small.mkv", "-o", "out.mkv"])
    try folder.makeMask("short.mkv", frames: 7)
    try folder.expectFailure(2, ["7 frames", "has 10"], ["in.mkv", "--mask", "short.mkv", "-o", "out.mkv"])
    try folder.makeMask("long.mkv", frames: 12)
    try folder.expectFailure(2, ["12 frames", "has 10"], ["in.mkv", "--mask", "long.mkv", "-o", "out.mkv"])
    for mask in ["short.mkv", "long.mkv"] {
      let held = try BuiltTool.run(
        "in.mkv", "--mask", mask, "--mask-hold", "-o", "held-\(mask)", "--progress", "none", in: folder)
      #expect(held.status == 0, "\(held.errors)")
    }
    try folder.writePGM(Array(repeating: 255, count: 64 * 48), width: 64, height: 48, to: "white.pgm")
    try folder.expectFailure(2, ["covers"], ["in.mkv", "--mask", "white.pgm", "-o", "out.mkv"])
    try folder.ffmpeg("-loop", "1", "-i", "white.pgm", "-frames:v", "10", "-c:v", "ffv1", "white.mkv")
    try folder.expectFailure(2, ["covers"], ["in.mkv", "--mask", "white.mkv", "-o", "out.mkv"])
    try folder.expectFailure(2, ["covers"], ["in.mkv", "--mask-rect", "0,0,64,48", "-o", "out.mkv"])
    try folder.expectFailure(
      2, ["100,0,5,5", "64x48"], ["in.mkv", "--mask-rect", "100,0,5,5", "-o", "out.mkv"])
    try folder.expectFailure(2, ["300", "255"], ["in.mkv", "--mask-value", "300", "-o", "out.mkv"])
  }

  @Test func outputThatCannotBeWritten() throws {
    let arguments = ["in.mkv", "--mask", "mask.mkv", "--lossless", "--progress", "none"]
    try folder.expectFailure(4, ["no/such"], arguments + ["-o", "no/such/out.mkv"])
    try folder.expectFailure(4, ["no/such"], arguments + ["-o", "out.mkv", "--metrics", "no/such/m.json"])
    try folder.expectFailure(4, ["/proc"], arguments + ["-o", "/proc/out.mkv"])
    try folder.expectFailure(2, ["in.mkv"], arguments + ["-o", "in.mkv"])
    try folder.expectFailure(2, ["in.mkv"], arguments + ["-o", "./in.mkv", "--force"])
    try folder.expectFailure(2, ["mask.mkv"], arguments + ["-o", "mask.mkv", "--force"])
    try folder.expectFailure(2, ["--metrics"], arguments + ["-o", "out.mkv", "--metrics", "out.mkv"])
    try folder.write(Array("old".utf8), to: "out.mkv")
    try folder.expectFailure(4, ["--force"], arguments + ["-o", "out.mkv"])
    // --force would not help where the mask is wrong.
    try folder.expectFailure(3, ["none.png"], ["in.mkv", "--mask", "none.png", "-o", "out.mkv"])
    try folder.expectFailure(
      2, ["--mask-gaps", "in.mkv is none"], ["in.mkv", "--mask-gaps", "-o", "out.mkv"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("out.mkv"))) == Data("old".utf8))
    let forced = try Command.run(BuiltTool.path, arguments + ["-o", "out.mkv", "--force"], in: folder.path)
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try folder.frames(of: "out.mkv").count == 10)
  }

  /// A report that can't be written is told of, but does not cost the video.
  @Test func aReportThatCannotBeWrittenLeavesTheVideo() throws {
    let result = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "out.mkv", "--lossless", "--progress", "none", "--metrics",
      "/dev/full", in: folder)
    #expect(result.status == 75, "\(result.errors)")
    #expect(result.errors.contains("/dev/full") && result.errors.contains("out.mkv is complete"))
    #expect(try folder.frames(of: "out.mkv").count == 10)
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
    let printed = try BuiltTool.run(
      "in.mkv", "--mask", "mask.mkv", "-o", "b.mkv", "--lossless", "--progress", "none", "--metrics",
      "/dev/stdout", in: folder)
    #expect(printed.status == 0 && printed.output.contains("\"frames\" : 10"), "\(printed.errors)")
  }

  @Test func namesThatAreTooLong() throws {
    let name = String(repeating: "n", count: 300)
    let arguments = ["in.mkv", "--mask", "mask.mkv", "--progress", "none"]
    try folder.expectFailure(4, ["long"], arguments + ["-o", name + ".mkv"])
    try folder.expectFailure(4, ["long"], arguments + ["-o", "out.mkv", "--metrics", name])
  }

  @Test func encodersThatDoNotFit() throws {
    let arguments = ["in.mkv", "--mask", "mask.mkv", "-o", "out.mkv"]
    try folder.expectFailure(2, ["nonsense"], arguments + ["--codec", "nonsense"])
    try folder.expectFailure(2, ["nonsense"], arguments + ["--pixel-format", "nonsense"])
  }

  @Test func aFullDiskIsForLater() throws {
    try folder.makeClip("large.mkv", frames: 20, size: "320x240")
    let before = folder.contents
    // A limit on the size of files stands for a full disk, which takes more rights to make.
    let result = try Command.run(
      "bash",
      [
        "-c", "ulimit -f 64; exec \"$0\" \"$@\"", BuiltTool.path, "large.mkv", "--mask-rect", "4,4,8,8", "-o",
        "out.mkv",
        "--lossless", "--progress", "none",
      ], in: folder.path)
    #expect(result.status == 75, "\(result.errors)")
    #expect(result.errors.hasPrefix("inrr-video: error: ") && result.errors.contains("out.mkv"))
    #expect(folder.contents == before)
  }
}
