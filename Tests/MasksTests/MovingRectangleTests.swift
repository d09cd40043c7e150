import Frames
import Testing

@testable import Masks

@Suite struct MovingRectangleTests {
  private func combined(_ text: String, orientation: DisplayOrientation = .upright) throws -> CombinedMask {
    try CombinedMask(
      options: try maskOptions { $0.rectangles = [try MaskRectangle(parsing: text)] },
      input: maskedInput(orientation: orientation))
  }

  private func box(_ text: String, frame: Int) throws -> Box? {
    try MaskRectangle(parsing: text).box(index: frame, time: nil)
  }

  @Test func parses() throws {
    let keys = [
      RectangleKey(box: Box(x: 10, y: 20, width: 80, height: 40), moment: .time(0)),
      RectangleKey(box: Box(x: -3, y: 20, width: 8, height: 4), moment: .time(65.5)),
    ]
    let rectangle = try MaskRectangle(parsing: "10,20,80,40@0s; -3, 20,8,4@00:01:05.5")
    #expect(try rectangle == MaskRectangle(keys: keys))
    #expect(rectangle.usesTimes && !rectangle.isConstant)
    #expect(try !MaskRectangle(parsing: "1,1,1,1@3;2,2,2,2@9").usesTimes)
  }

  @Test(arguments: [
    ("1,1,2,2@0; 1,1,2,2@5s", "mix a frame number and a time"),
    ("1,1,2,2@5; 1,1,2,2@4", "is not after 1,1,2,2@5"), ("1,1,2,2@5s; 1,1,2,2@5s", "is not after 1,1,2,2@5s"),
    ("1,1,2,2@0; 1,1,2,2", "'1,1,2,2' of a rectangle that moves has no moment"),
    ("1,1,2,2; 1,1,2,2@3", "has no moment"), ("1,1,2,2@0; 1,1,2,2@", "has no moment"),
    ("1,1,2,2@0-3; 1,1,2,2@5", "has a range"), ("1,1,2,2@0; 1,1,2,2@5/9", "has a range"),
    ("1,1,2,2@0;", "is no rectangle"), ("1,1,2,2@0; 1,1,0,2@3", "is empty"),
    ("1,1,2,2@0; 1,1,2,2@x", "'x' is no frame number or time"),
  ])
  func refuses(text: String, words: String) {
    #expect { try MaskRectangle(parsing: text) } throws: { isKind(.options, naming: words)($0) }
  }

  /// More digits than a number can have are no infinite time.
  @Test func timesAreFinite() {
    let digits = String(repeating: "9", count: 400)
    #expect(throws: MaskError.self) { try MaskRectangle(parsing: "1,1,2,2@0s; 1,1,2,2@\(digits)s") }
  }

  @Test func movesEvenlyAndKeepsItsSize() throws {
    let text = "-7,0,3,5@10; 6,4,3,5@17; 6,4,3,5@20"
    #expect(try box(text, frame: 9) == nil)
    #expect(try box(text, frame: 21) == nil)
    for frame in 10...20 {
      let found = try #require(try box(text, frame: frame))
      let share = min(Double(frame - 10) / 7, 1)
      #expect(abs(Double(found.x) - (-7 + 13 * share)) <= 0.5)
      #expect(abs(Double(found.y) - 4 * share) <= 0.5)
      #expect(found.width == 3 && found.height == 5)
    }
  }

  @Test func changesItsSizeByItsEdges() throws {
    let text = "0,0,2,2@0; 10,0,4,2@4"
    let found = try (0...4).map { try #require(try box(text, frame: $0)) }
    // Left edges 0, 2.5, 5, 7.5, 10, right ones 2, 5, 8, 11, 14.
    #expect(found.map(\.x) == [0, 3, 5, 8, 10])
    #expect(found.map { $0.x + $0.width } == [2, 5, 8, 11, 14])
  }

  @Test func timesIncludeBothEnds() throws {
    // Frames of 0.1 s from 5 s on; times count from the first frame.
    let mask = try combined("0,0,1,1@0.2s; 4,0,1,1@0.6s")
    let rows = try (0..<8).map { positions(try mask.mask(for: grayFrame($0))) }
    #expect(rows == [[], [], [0], [1], [2], [3], [4], []])
    #expect(mask.needsTimes && !mask.isConstant && !mask.looksAtFrames)
    var timeless = grayFrame(3)
    timeless.time = nil
    #expect { try mask.mask(for: timeless) } throws: { isKind(.options, naming: "has no time")($0) }
  }

  @Test func framesNeedNoTimes() throws {
    let mask = try combined("0,0,1,1@0; 4,0,1,1@4")
    #expect(!mask.needsTimes && !mask.isConstant)
    #expect(try positions(mask.mask(for: grayFrame(2))) == [2])
  }

  @Test func movesOverTheDisplayedPicture() throws {
    // Displayed 4 x 6: from the top left corner, which is the coded bottom left one, down.
    let mask = try combined("0,0,1,1@0; 0,5,1,1@5", orientation: DisplayOrientation(quarterTurns: 1))
    #expect(try (0..<6).map { positions(try mask.mask(for: grayFrame($0))) } == (18..<24).map { [$0] })
  }

  @Test func whatReachesBeyondThePictureIsCutWithOneWarning() throws {
    let mask = try combined("-3,0,2,1@0; 5,0,2,1@8; 8,0,2,1@11")
    #expect(mask.warnings.count == 1)
    #expect(mask.warnings[0].contains("reaches beyond the picture, which is 6x4"))
    let rows = try (0..<12).map { positions(try mask.mask(for: grayFrame($0))) }
    #expect(
      rows == [[], [], [0], [0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5], [], [], []])
    #expect(try combined("0,0,2,1@0; 4,0,2,1@8").warnings.isEmpty)
  }

  @Test func oneThatIsNeverInThePictureIsRefused() throws {
    for text in ["-9,0,2,1@0; -9,9,2,1@8", "-4,0,2,2@0; 2,-9,2,2@4", "6,0,1,1@0;9,0,1,1@2"] {
      #expect { try combined(text) } throws: { isKind(.options, naming: "lies outside the picture")($0) }
    }
    // From one side to the other, right across.
    let across = try combined("-4,0,2,1@0; 8,0,2,1@12")
    #expect(try positions(across.mask(for: grayFrame(6))) == [2, 3])
  }

  @Test func framesThatAreNotThereAreTold() throws {
    let mask = try combined("0,0,1,1@2; 4,0,1,1@40")
    #expect(mask.extentWarnings(frames: 10).first?.contains("frames 10 to 40 do not exist") == true)
    // A frame at its last key only, which a range of times does not include.
    let late = try combined("0,0,1,1@0.1s; 1,1,1,1@0.3s")
    for index in [0, 3] { _ = try late.mask(for: grayFrame(index)) }
    #expect(late.lateWarnings.isEmpty)
    let never = try combined("0,0,1,1@8s; 1,1,1,1@9s")
    _ = try never.mask(for: grayFrame(0))
    #expect(never.lateWarnings.first?.contains("8s-9s of --mask-rect 0,0,1,1@8s; ... holds no frame") == true)
  }

  @Test func oneThatComesAgainMayEndBeyondTheLastFrame() throws {
    let mask = try combined("0,0,1,1@8-12/20")
    #expect(mask.extentWarnings(frames: 10).isEmpty)
    #expect(mask.extentWarnings(frames: 8).count == 1)
    #expect(!mask.isConstant && !mask.needsTimes)
    #expect(try combined("0,0,1,1@0s-1s/4s").needsTimes)
    #expect(try positions(mask.mask(for: grayFrame(28))) == [0])
    #expect(try mask.mask(for: grayFrame(33)).isEmpty)
  }
}
