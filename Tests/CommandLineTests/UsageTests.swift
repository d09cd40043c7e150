import TestSupport
import Testing

extension ScratchFolder {
  /// Runs the tool, which must fail with a code and one sentence that has all the words.
  func expectFailure(
    _ code: Int32, _ words: [String], _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = contents
    let result = try Command.run(BuiltTool.path, arguments, in: path)
    #expect(result.status == code, "\(result.errors)", sourceLocation: sourceLocation)
    let lines = result.errors.split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("inrr-video: error: ") }.count == 1, "\(result.errors)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: sourceLocation)
    }
    #expect(contents == before, "nothing is left behind", sourceLocation: sourceLocation)
  }
}

/// What is wrong with the command line alone is told before any file is looked at.
@Suite struct UsageTests {
  @Test(arguments: [
    (["in.mkv"], "--mask"), (["in.mkv", "--mask", "mask.mkv", "--bogus"], "--bogus"),
    (["in.mkv", "--mask-rect", "1,1,0,5"], "1,1,0,5"), (["in.mkv", "--mask-rect", "1,1"], "1,1"),
    (["in.mkv", "--mask-frames", "0-"], "every frame"), (["in.mkv", "--mask-frames", "5-2"], "5-2"),
    (["in.mkv", "--mask-color", "green"], "green"),
    (["in.mkv", "--mask", "m", "--model", "cnn"], "tucker"),
    (["in.mkv", "--mask", "m", "--coordinates", "line"], "volume"),
    (["in.mkv", "--mask", "m", "--preset", "slow"], "balanced"),
    (["in.mkv", "--mask", "m", "--regularizer", "l1=2"], "l1"),
    (["in.mkv", "--mask", "m", "--regularizer", "tv"], "tv"),
    (["in.mkv", "--mask", "m", "--window", "1"], "--window"),
    (["in.mkv", "--mask", "m", "--overlap", "32"], "--overlap"),
    (["in.mkv", "--mask", "m", "--threads", "0"], "--threads"),
    (["in.mkv", "--mask", "m", "--max-memory", "lots"], "lots"),
    (["in.mkv", "--mask", "m", "--mask-polarity", "up"], "up"),
    (["in.mkv", "--mask", "m", "--mask-threshold", "256"], "256"),
    (["in.mkv", "--mask", "m", "--mask-dilate=-1"], "-1"),
    (["in.mkv", "--mask", "m", "--progress", "dots"], "dots"),
    (["in.mkv", "--mask", "m", "--lossless", "--crf", "3"], "--crf"),
    (["in.mkv", "--mask", "m", "--window", "9223372036854775807"], "--window"),
    (["in.mkv", "--mask", "m", "--tile", "1"], "--tile"),
    (["in.mkv", "--mask", "m", "--grain", "2"], "--grain"),
    (["in.mkv", "--mask", "m", "--grain", "nan"], "--grain"),
    (["in.mkv", "--mask", "m", "--tile", "95"], "96"),
    (["in.mkv", "--mask", "m", "--threads", "100000"], "--threads"),
    (["in.mkv", "--mask", "m", "--seed", "-1"], "--seed"),
    (["in.mkv", "--mask", "m", "--crf", "999"], "--crf"),
    (["in.mkv", "--mask", "m", "--mask-dilate", "9223372036854775807"], "--mask-dilate"),
    (["in.mkv", "--mask-rect", "0,0,99999999999999999999,1"], "99999999999999999999"),
    (["", "--mask", "m"], "empty"), (["in.mkv", "--mask", ""], "--mask"),
    (["in.mkv", "--mask", "m", "-o", ""], "-o"), (["in.mkv", "--mask", "m", "--metrics", ""], "--metrics"),
    (["evaluate", "--reference", "in.mkv"], "--result"),
    (["in.mkv", "--mask", "m", "--encoder-option", "film"], "key=value"), (["probe"], "<input>"),
    ([], "no input: give a file"), (["restore"], "inrr-video --help lists everything"),
  ])
  func wrongCommandLine(arguments: [String], word: String) throws {
    let folder = try ScratchFolder()
    try folder.expectFailure(2, [word], arguments)
  }

  @Test func helpAndVersionSucceed() throws {
    let folder = try ScratchFolder()
    for arguments in [
      ["--help"], ["restore", "--help"], ["evaluate", "--help"], ["probe", "--help"], ["--version"],
    ] {
      let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
      #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty)
    }
  }
}
