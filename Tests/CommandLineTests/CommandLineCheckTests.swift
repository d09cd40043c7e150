import Foundation
import TestSupport
import Testing

@testable import inrr_video

/// A word that means nothing is named, with the nearest that does, whatever else is missing because of it.
@Suite struct CommandLineCheckTests {
  private let check = CommandLineCheck(description: InrrVideo._dumpHelp())

  private func complaint(_ line: String) -> String? {
    check?.complaint(about: line.split(separator: " ").map(String.init)) { ["a.mp4", "m.png"].contains($0) }
  }

  @Test(arguments: [
    ("a.mp4 --maks m.png", "no option --maks (did you mean '--mask'?)"),
    ("restore a.mp4 --maks=m.png", "no option --maks (did you mean '--mask'?)"),
    ("a.mp4 -mask m.png", "no option -mask (did you mean '--mask'?)"),
    ("a.mp4 m.png", "'m.png' has no meaning here: a mask is named with --mask m.png"),
    ("a.mp4 out.mp4 --mask m.png", "an output is named with -o out.mp4"),
    ("restroe a.mp4", "called 'restroe' (did you mean 'restore'?)"),
    ("prob a.mp4", "(did you mean 'probe'?)"), ("prob", "(did you mean 'probe'?)"),
    ("a.mp4 --mask m.png --bogus", "no option --bogus"), ("a.mp4 --mask m.png -x 3 --forse", "--force"),
    ("-i a.mp4 --mask m.png", "the input is named without an option"),
    ("a.mp4 --mask m.png -y", "(did you mean '--force'?)"),
    ("a.mp4 --mask m.png --reference a.mp4", "it is one of evaluate, inspect"),
    ("evaluate --refrence a.mp4 --result a.mp4", "(did you mean '--reference'?)"),
    ("evaluate a.mp4 a.mp4", "named by options, such as --reference and --result"),
    ("run p.yaml --dryrun", "(did you mean '--dry-run'?)"), ("plan p.yaml --outptu x", "'--output'"),
    ("merge p.json --thread 2", "'--threads'"), ("probe a.mp4 --jason", "'--json'"),
    ("inspect a.mp4 --rusult a.mp4", "'--result'"), ("experiment --modles siren", "'--models'"),
    ("a.mp4 a.mp4 a.mp4", "several inputs are jobs"),
    ("a.mp4 --mask m.png --mask=m.png", "--mask is given more than once"),
    ("evaluate --mask-value 0 --mask-value 255", "--mask-value is given more than once"),
  ])
  func wordsWithoutMeaning(line: String, words: String) {
    #expect(complaint(line)?.contains(words) == true, "\(complaint(line) ?? "nothing")")
  }

  @Test(arguments: [
    "", "a.mp4", "a.mp4 --mask m.png -o out.mp4 --force", "a.mp4 --mask-rect -5,0,9,9",
    "a.mp4 --mask=m.png -f",
    "a.mp4 --seed -1", "a.mp4 --mask-frames -20", "-- -a.mp4", "restore a.mp4 --help", "help restore",
    "--version",
    "other.mp4 --mask m.png", "- --mask m.png", "a.mp4 --missing-value -1", "run p.yaml -n --set a=b",
    "experiment p.yaml", "inspect a.mp4 --result a.mp4 -o p.png", "--generate-completion-script bash",
  ])
  func wordsThatTheParserKnows(line: String) {
    #expect(complaint(line) == nil)
  }

  @Test func theWordIsNamedByTheTool() throws {
    let folder = try ScratchFolder()
    try folder.expectFailure(2, ["--maks", "'--mask'"], ["in.mkv", "--maks", "m.png"])
    try folder.expectFailure(2, ["'restroe'", "'restore'"], ["restroe", "in.mkv"])
    try folder.expectFailure(2, ["'mask.png'", "--mask mask.png"], ["in.mkv", "mask.png"])
  }

  @Test func missingFramesAreCounted() throws {
    let folder = try ScratchFolder()
    try folder.makeClip(frames: 12)
    let options = ["--preset", "fast", "--iterations", "1", "--progress", "plain", "-o", "o.mkv", "--force"]
    let one = try Command.run(BuiltTool.path, ["in.mkv", "--mask-frames", "10"] + options, in: folder.path)
    #expect(one.status == 0 && one.output.contains("1 whole frame of 12"), "\(one.output)")
    let beyond = try Command.run(
      BuiltTool.path, ["in.mkv", "--mask-frames", "9-15"] + options, in: folder.path)
    #expect(beyond.output.contains("3 whole frames of 12"), "\(beyond.output)")
    #expect(
      beyond.errors.contains("warning: frames 12 to 15 do not exist: in.mkv has 12 frames"),
      "\(beyond.errors)")
    try folder.write(
      Array("{version: 1, jobs: [{inputs: in.mkv, mask: {frames: 9-15}, solve: {preset: fast}}]}".utf8),
      to: "p.yaml")
    let told = try BuiltTool.run("run", "p.yaml", "--dry-run", in: folder)
    #expect(told.output.contains("warning: frames 12 to 15 do not exist"), "\(told.output)")
  }

  @Test func aSequenceWithAGapIsRestored() throws {
    let folder = try ScratchFolder()
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=32x32:r=25", "-frames:v", "5", "-start_number", "86400",
      folder.file("f_%03d.png"))
    try FileManager.default.removeItem(atPath: folder.file("f_86402.png"))
    let options = ["--preset", "fast", "--iterations", "1", "-o", "o_%03d.png"]
    try folder.expectFailure(
      3, ["not f_86402.png", "--mask-gaps"], ["f_%03d.png", "--mask-rect", "1,1,4,4"] + options)
    let done = try Command.run(BuiltTool.path, ["f_%03d.png", "--mask-gaps"] + options, in: folder.path)
    #expect(done.status == 0 && done.output.contains("1 whole frame of 5"), "\(done.errors)")
    #expect(folder.contents.filter { $0.hasPrefix("o_") } == (86400..<86405).map { "o_\($0).png" })
  }
}
