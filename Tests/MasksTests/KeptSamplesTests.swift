import Frames
import TestSupport
import Testing

@testable import Masks

@Suite struct KeptSamplesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func combined(
    _ input: MaskedInput = maskedInput(), _ change: (inout MaskOptions) throws -> Void
  ) throws -> CombinedMask {
    try CombinedMask(options: try maskOptions(change), input: input)
  }

  private func picture(_ name: String, white: Int...) throws -> String {
    try folder.writePGM((0..<24).map { white.contains($0) ? 255 : 0 }, width: 6, height: 4, to: name)
  }

  @Test func isTakenOutOfEverythingElse() throws {
    let mask = try combined(maskedInput(corrupt: [2])) {
      $0.rectangles = [try MaskRectangle(parsing: "0,0,3,1")]
      $0.frames = [try FrameInterval(parsing: "1")]
      $0.corruptFrames = true
      $0.value = 7
      $0.dilation = 1
      $0.keptRectangles = [try MaskRectangle(parsing: "1,0,1,1"), try MaskRectangle(parsing: "0,3,6,1@1-2")]
    }
    let all = Array(0..<24)
    #expect(try positions(mask.mask(for: grayFrame(0))) == [0, 2])
    #expect(try positions(mask.mask(for: grayFrame(1))) == all.filter { $0 != 1 && $0 < 18 })
    #expect(try positions(mask.mask(for: grayFrame(2))) == all.filter { $0 != 1 && $0 < 18 })
    var marked = grayFrame(3)
    marked.planes[0][7] = 7
    // Grown around sample 7, but not over what is kept.
    #expect(try positions(mask.mask(for: marked)) == [0, 2, 6, 7, 8, 12, 13, 14])
    #expect(!mask.isConstant)
  }

  @Test func filesAreReadAsMasksAreButNeitherGrownNorTurnedAround() throws {
    let kept = try picture("kept.pgm", white: 0, 4)
    let mask = try combined {
      $0.rectangles = [try MaskRectangle(parsing: "0,0,6,1")]
      ($0.keptFile, $0.dilation) = (kept, 3)
      $0.threshold.polarity = .blackIsMissing
    }
    #expect(try positions(mask.mask(for: grayFrame(0))) == [1, 2, 3, 5])
    #expect(mask.isConstant && mask.warnings.isEmpty)
    // Displayed 4 x 6, and of that size: its top left corner is the coded bottom left one.
    let turned = try folder.writePGM(
      [255] + [UInt8](repeating: 0, count: 23), width: 4, height: 6, to: "t.pgm")
    let displayed = try combined(maskedInput(orientation: DisplayOrientation(quarterTurns: 1))) {
      $0.rectangles = [try MaskRectangle(parsing: "0,0,2,1")]
      $0.keptFile = turned
    }
    #expect(try positions(displayed.mask(for: grayFrame(0))) == [12])
    #expect {
      try combined {
        $0.value = 0
        $0.keptFile = turned
      }
    } throws: {
      isKind(.mismatch, naming: "4x6", "6x4")($0)
    }
  }

  @Test func aFileWithAMaskForEachFrameMustHaveAsMany() throws {
    for i in 0..<3 { _ = try picture("k\(i).pgm", white: i) }
    func mask(holds: Bool) throws -> CombinedMask {
      try combined {
        $0.rectangles = [try MaskRectangle(parsing: "0,0,6,1")]
        ($0.keptFile, $0.holdsLastFrame) = (folder.file("k%d.pgm"), holds)
      }
    }
    let short = try mask(holds: false)
    #expect(!short.isConstant)
    for i in 0..<2 { #expect(try positions(short.mask(for: grayFrame(i))) == (0..<6).filter { $0 != i }) }
    #expect { try short.finish() } throws: { isKind(.mismatch, naming: "k%d.pgm", "3 frames")($0) }
    let other = try mask(holds: false)
    #expect { try other.checkLength(announced: 5) { 5 } } throws: { isKind(.mismatch, naming: "k%d.pgm")($0) }
    for i in 0..<3 { _ = try other.mask(for: grayFrame(i)) }
    #expect(throws: MaskRanOut.self) { try other.mask(for: grayFrame(3)) }
    let held = try mask(holds: true)
    for i in 0..<5 { _ = try held.mask(for: grayFrame(i)) }
    #expect(try positions(held.mask(for: grayFrame(5))) == [0, 1, 3, 4, 5])
    try held.finish()
  }

  @Test func keepingEverythingIsSaid() throws {
    let mask = try combined {
      $0.rectangles = [try MaskRectangle(parsing: "1,1,2,2")]
      $0.keptRectangles = [try MaskRectangle(parsing: "0,0,6,3")]
    }
    #expect(try mask.mask(for: grayFrame(0)).isEmpty)
    try mask.finish()
    #expect(mask.missingCount == 0 && mask.nothingSentence.contains("is kept by --keep-rect"))
    let other = try combined { $0.value = 3 }
    _ = try other.mask(for: grayFrame(0))
    #expect(other.nothingSentence == "nothing is missing in in.mkv by this mask")
  }

  /// What would cover everything leaves something to start from where a part is kept.
  @Test func everythingButAPlace() throws {
    let mask = try combined {
      $0.frames = [try FrameInterval(parsing: "0-")]
      $0.rectangles = [try MaskRectangle(parsing: "0,0,6,4")]
      $0.keptRectangles = [try MaskRectangle(parsing: "0,0,6,2")]
    }
    #expect(try positions(mask.mask(for: grayFrame(0))) == Array(12..<24))
    #expect {
      try combined {
        $0.rectangles = [try MaskRectangle(parsing: "0,0,6,4"), try MaskRectangle(parsing: "0,0,1,1")]
        $0.keptFile = try picture("black.pgm")
      }
    } throws: {
      isKind(.coversEverything)($0)
    }
  }

  @Test func framesWithoutAPictureHaveNothingToKeep() throws {
    var input = maskedInput()
    input.gaps = [1..<2]
    let mask = try combined(input) {
      $0.gapFrames = true
      $0.keptRectangles = [try MaskRectangle(parsing: "0,0,6,2")]
    }
    let counts = try (0..<3).map { try mask.mask(for: grayFrame($0)).missingCount }
    #expect(counts == [0, 24, 0])
  }

  @Test func whatIsKeptSaysNotWhatIsMissing() throws {
    #expect {
      try combined { $0.keptRectangles = [try MaskRectangle(parsing: "0,0,1,1")] }
    } throws: {
      isKind(.options, naming: "nothing says what is missing")($0)
    }
    #expect {
      try combined {
        $0.value = 0
        $0.keptRectangles = [try MaskRectangle(parsing: "6,0,1,1")]
      }
    } throws: {
      isKind(.options, naming: "lies outside the picture")($0)
    }
  }

  @Test func timesAndFramesOfRectangles() throws {
    let mask = try combined {
      $0.rectangles = [try MaskRectangle(parsing: "0,0,2,1")]
      $0.keptRectangles = [
        try MaskRectangle(parsing: "0,0,1,1@0.1s-0.2s"), try MaskRectangle(parsing: "1,0,1,1@9"),
      ]
    }
    #expect(mask.needsTimes && !mask.isConstant)
    #expect(try (0..<3).map { positions(try mask.mask(for: grayFrame($0))) } == [[0, 1], [1], [0, 1]])
    #expect(mask.lateWarnings.contains { $0.contains("--keep-rect 1,0,1,1") })
  }
}
