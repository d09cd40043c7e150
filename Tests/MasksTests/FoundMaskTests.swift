import Detection
import Frames
import Testing

@testable import Masks

@Suite struct FoundMaskTests {
  /// Samples (1, 1), (2, 1) and (5, 3).
  private var found: FrameMask {
    var mask = FrameMask(width: 6, height: 4, missing: Array(repeating: 0, count: 24))
    for place in [7, 8, 23] { mask.missing[place] = 1 }
    return mask
  }

  private func mask(
    _ found: FoundMasks, of index: Int = 0, orientation: DisplayOrientation = .upright,
    _ change: (inout MaskOptions) throws -> Void = { _ in }
  ) throws -> (missing: [Int], found: [Int], isConstant: Bool) {
    let options = try maskOptions {
      $0.detection = DetectionOptions(kinds: [.scratches])
      try change(&$0)
    }
    let mask = try CombinedMask(options: options, input: maskedInput(orientation: orientation), found: found)
    let missing = try mask.mask(for: grayFrame(index), found: self.found)
    return (positions(missing), positions(mask.found), mask.isConstant)
  }

  @Test func findsAreMissing() throws {
    #expect(try mask(.perFrame) == ([7, 8, 23], [7, 8, 23], false))
    #expect(try mask(.constant(found)) == ([7, 8, 23], [7, 8, 23], true))
  }

  @Test func findsAreUnitedWithWhatIsDrawnAndGrowAlone() throws {
    let result = try mask(.perFrame) {
      $0.dilation = 1
      $0.rectangles = [try MaskRectangle(parsing: "0,3,1,1")]
    }
    #expect(result.missing == [0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 22, 23])
    #expect(result.found == [7, 8, 23])
  }

  @Test func findsAreLimitedAndKept() throws {
    let regions = try [MaskRectangle(parsing: "0,0,2,4@0-1"), MaskRectangle(parsing: "5,3,1,1@3-")]
    for (frame, places) in [(1, [7]), (2, []), (3, [23])] {
      #expect(try mask(.perFrame, of: frame) { $0.detection?.regions = regions }.missing == places)
      #expect(try mask(.constant(found), of: frame) { $0.detection?.regions = regions }.found == places)
    }
    #expect(
      try mask(.perFrame) { $0.valuePlaces = [try MaskRectangle(parsing: "2,0,4,4")] }.missing == [8, 23])
    let kept = try mask(.constant(found)) {
      $0.dilation = 1
      $0.keptRectangles = [try MaskRectangle(parsing: "0,0,2,4")]
    }
    #expect(kept.missing == [2, 3, 8, 9, 14, 15, 16, 17, 22, 23] && kept.found == [8, 23])
  }

  @Test func optionsOfASearchNeedOne() {
    let options = DetectionOptions(kinds: [.scratches, .pixels, .scratches])
    #expect(options.kinds == [.scratches, .pixels] && options.needsSurvey && options.needsSearch)
    #expect(maskOptions { $0.detection = options }.isEmpty == false)
    #expect(throws: MaskError.self) {
      try maskOptions {
        $0.detection = options
        $0.detection?.regions = [MaskRectangle(x: 1, y: 1, width: 0, height: 2)]
      }.validate()
    }
  }

  @Test(arguments: 0...3, [false, true])
  func boxesTurnAsMasksDo(turns: Int, mirrored: Bool) {
    let orientation = DisplayOrientation(quarterTurns: turns, mirrored: mirrored)
    let box = Box(x: 1, y: 2, width: 3, height: 1)
    var mask = FrameMask(width: 6, height: 4, missing: Array(repeating: 0, count: 24))
    for x in 1..<4 { mask.missing[12 + x] = 1 }
    let displayed = orientation.displayedMask(fromCoded: mask)
    let turned = orientation.displayedBox(fromCoded: box, width: 6, height: 4)
    var drawn: [Int] = []
    for y in turned.y..<turned.y + turned.height {
      for x in turned.x..<turned.x + turned.width { drawn.append(y * displayed.width + x) }
    }
    #expect(drawn == positions(displayed))
  }
}
