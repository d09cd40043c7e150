import Foundation
import Frames
import Masks
import Pipelines
import Reconstruction
import Testing

@testable import inrr_video

@Suite struct ParsingTests {
  @Test(arguments: [
    ("2GiB", 2 << 30), ("500MB", 500_000_000), ("1.5G", 3 << 29), ("2147483648", 2 << 30),
    ("64mib", 64 << 20),
  ])
  func sizesOfMemory(text: String, bytes: Int) throws {
    #expect(try ByteCount.parse(text) == bytes)
  }

  @Test(arguments: ["", "GiB", "-1GiB", "1e30", "infB", "12", "two"])
  func otherSizesOfMemory(text: String) {
    #expect(throws: (any Error).self) { try ByteCount.parse(text) }
  }

  @Test func models() throws {
    let settings = try SolverArguments.parse([
      "--model", "siren", "--coordinates", "frame", "--regularizer", "inrr=auto,tv=1e-3", "--iterations",
      "12",
    ]).settings()
    #expect(settings.model == .siren && settings.coordinates == .frame && settings.iterations == 12)
    #expect(settings.regularizers == [.init(.inrr, weight: .automatic), .init(.tv, weight: 1e-3)])
    #expect(try SolverArguments.parse(["--regularizer", "none"]).settings().regularizers == [])
    let paper = try SolverArguments.parse(["--preset", "paper"]).settings()
    #expect(paper.model == .siren && paper.coordinates == .frame && paper.preset == .paper)
    for arguments in [
      ["--preset", "paper", "--model", "tucker"], ["--model", "cnn"], ["--coordinates", "line"],
      ["--iterations", "0"], ["--regularizer", "inrr=-1"], ["--regularizer", ""],
    ] {
      #expect(throws: (any Error).self) { try SolverArguments.parse(arguments) }
    }
  }

  @Test func masks() throws {
    let masks = try MaskArguments.parse([
      "--mask-rect", "-9,0,8,4@0s; 9,0,8,4@5s", "--mask-rect", "1,2,3,4@0-24/100", "--keep-rect",
      "-1,2,3,4@5s-",
      "--keep-mask", "kept.png", "--mask-color", "#00ff00", "--mask-within", "-5,6,7,8",
      "--mask-track", "a.png@0", "--mask-track", "b.png@5s",
    ]).options()
    #expect(
      masks.rectangles == [
        try MaskRectangle(keys: [
          RectangleKey(box: Box(x: -9, y: 0, width: 8, height: 4), moment: .time(0)),
          RectangleKey(box: Box(x: 9, y: 0, width: 8, height: 4), moment: .time(5)),
        ]),
        MaskRectangle(
          x: 1, y: 2, width: 3, height: 4, interval: .frames(first: 0, last: 24), period: .frame(100)),
      ])
    #expect(
      masks.keptRectangles == [
        MaskRectangle(x: -1, y: 2, width: 3, height: 4, interval: .times(start: 5, end: nil))
      ])
    #expect(
      masks.keptFile == "kept.png" && masks.valuePlaces == [MaskRectangle(x: -5, y: 6, width: 7, height: 8)])
    #expect(
      masks.tracks == [
        TrackKey(file: "a.png", moment: .frame(0)), TrackKey(file: "b.png", moment: .time(5)),
      ])
    for arguments in [
      ["--mask-track", "a.png"], ["--mask-track", "a.png@1-3"],
      ["--mask-rect", "1,1,1,1@0; 1,1,1,1@5s"], ["--mask-within", "1,1,1,1"],
      ["--mask-frames", "3", "--mask-within", "1,1,1,1"], ["--mask-frames", "3", "--keep-mask", ""],
      ["--mask-frames", "3", "--keep-rect", "1,1"],
    ] {
      #expect(throws: (any Error).self) { try MaskArguments.parse(arguments) }
    }
  }

  @Test func solverSettings() throws {
    let standard = try SolverArguments.parse([]).settings()
    #expect(standard.preset == .balanced && standard.regularizers == nil)
    #expect((standard.windowFrames, standard.overlap) == (32, 4) && standard.grain == 1)
    #expect(try SolverArguments.parse(["--grain", "0"]).settings().grain == 0)
    #expect(try SolverArguments.parse([]).threadCount() >= 1)
    let given = try SolverArguments.parse(["--window", "4", "--threads", "3", "--seed", "9"])
    let short = try given.settings()
    #expect((short.windowFrames, short.overlap, short.seed) == (4, 1, 9))
    #expect(try given.threadCount() == 3)
  }

  @Test func theBarFitsItsLine() {
    var progress = JobProgress(announcedFrames: 48)
    progress.framesSolved = 12
    progress.holdoutPSNR = 31.234
    let line = ProgressBar.line(progress, elapsed: 6, columns: 100)
    #expect(line.contains("12/48 frames  2.00 frames/s  0:18 left  hold-out 31.23 dB"))
    #expect(line.hasPrefix("[##########------------------------------]"))
    for columns in [0, 5, 20, 60, 79] {
      #expect(ProgressBar.line(progress, elapsed: 6, columns: columns).count <= columns)
    }
    progress.announcedFrames = nil
    #expect(
      ProgressBar.line(progress, elapsed: 6, columns: 100) == "12 frames  2.00 frames/s  hold-out 31.23 dB")
  }

  @Test func timesForPeople() {
    #expect(Figures.clock(0) == "0:00")
    #expect(Figures.clock(59.2) == "1:00")
    #expect(Figures.clock(3725) == "1:02:05")
    #expect(Figures.clock(.infinity) == "-")
  }
}
