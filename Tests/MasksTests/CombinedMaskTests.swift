import Frames
import Testing

@testable import Masks

@Suite struct CombinedMaskTests {
  @Test func rectanglesOfAllFramesAndOfSome() throws {
    let mask = try CombinedMask(
      options: try maskOptions {
        $0.rectangles = [
          try MaskRectangle(parsing: "0,0,1,1"), try MaskRectangle(parsing: "1,0,1,1@1-2"),
          try MaskRectangle(parsing: "2,0,1,1@0.2s-0.3s"),
        ]
      }, input: maskedInput())
    let rows = try (0..<4).map { Array(try mask.mask(for: grayFrame($0)).missing[0..<3]) }
    #expect(rows == [[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 0, 0]])
    #expect(mask.frames == 4)
    #expect(mask.missingCount == 7)
  }

  @Test func rectanglesLieOnTheDisplayedPicture() throws {
    let turned = maskedInput(orientation: DisplayOrientation(quarterTurns: 1))
    var given = try maskOptions { $0.rectangles = [try MaskRectangle(parsing: "0,0,2,1")] }
    // Displayed 4 x 6: the top left corner is the coded bottom left one.
    let displayed = try CombinedMask(options: given, input: turned).mask(for: grayFrame(0))
    #expect(displayed.missing.indices.filter { displayed.missing[$0] != 0 } == [12, 18])
    given.orientation = .coded
    let coded = try CombinedMask(options: given, input: turned).mask(for: grayFrame(0))
    #expect(coded.missing.indices.filter { coded.missing[$0] != 0 } == [0, 1])
  }

  @Test func rectanglesBeyondThePicture() throws {
    let mask = try CombinedMask(
      options: try maskOptions { $0.rectangles = [try MaskRectangle(parsing: "-2,3,3,5")] },
      input: maskedInput())
    #expect(mask.warnings.count == 1)
    #expect(mask.warnings[0].contains("-2,3,3,5") && mask.warnings[0].contains("6x4"))
    #expect(try mask.mask(for: grayFrame(0)).missingCount == 1)
    let outside = try maskOptions { $0.rectangles = [try MaskRectangle(parsing: "6,0,1,1")] }
    #expect(throws: MaskError.self) { try CombinedMask(options: outside, input: maskedInput()) }
  }

  @Test func everythingMissingIsRefused() throws {
    let halves = try maskOptions {
      $0.rectangles = [try MaskRectangle(parsing: "0,0,3,4"), try MaskRectangle(parsing: "3,0,3,4")]
    }
    #expect {
      try CombinedMask(options: halves, input: maskedInput())
    } throws: {
      isKind(.coversEverything)($0)
    }
    let frames = try maskOptions { $0.frames = [try FrameInterval(parsing: "0-")] }
    #expect {
      try CombinedMask(options: frames, input: maskedInput())
    } throws: {
      isKind(.coversEverything)($0)
    }
    // For some of the frames it is what --mask-frames does.
    let some = try maskOptions { $0.rectangles = [try MaskRectangle(parsing: "0,0,6,4@1-2")] }
    #expect(try CombinedMask(options: some, input: maskedInput()).mask(for: grayFrame(0)).isEmpty)
  }

  @Test func nothingSaidIsRefused() {
    #expect {
      try CombinedMask(options: MaskOptions(), input: maskedInput())
    } throws: {
      isKind(.options, naming: "--mask")($0)
    }
  }

  @Test func wholeFramesAndCorruptOnes() throws {
    let mask = try CombinedMask(
      options: try maskOptions {
        $0.frames = [try FrameInterval(parsing: "1"), try FrameInterval(parsing: "3-4")]
        $0.corruptFrames = true
      }, input: maskedInput(corrupt: [2]))
    let counts = try (0..<6).map { try mask.mask(for: grayFrame($0)).missingCount }
    #expect(counts == [0, 24, 24, 24, 24, 0])
  }

  @Test func valuesGrowByTheDilation() throws {
    let mask = try CombinedMask(
      options: maskOptions {
        $0.value = 0
        $0.dilation = 1
      }, input: maskedInput())
    var damaged = grayFrame(0)
    damaged.planes[0][0] = 0
    #expect(try mask.mask(for: damaged).missingCount == 4)
    #expect(try mask.mask(for: grayFrame(1)).isEmpty)
  }

  @Test func timesNeedFramesThatHaveThem() throws {
    let mask = try CombinedMask(
      options: try maskOptions { $0.frames = [try FrameInterval(parsing: "1s-2s")] }, input: maskedInput())
    var timeless = grayFrame(0)
    timeless.time = nil
    #expect {
      try mask.mask(for: timeless)
    } throws: {
      isKind(.options, naming: "frame 0 has no time")($0)
    }
  }
}
