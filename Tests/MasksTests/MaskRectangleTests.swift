import Frames
import Testing

@testable import Masks

@Suite struct MaskRectangleTests {
  @Test func parses() throws {
    #expect(try MaskRectangle(parsing: "1,2,3,4") == MaskRectangle(x: 1, y: 2, width: 3, height: 4))
    #expect(try MaskRectangle(parsing: "-1, 2, 3, 4") == MaskRectangle(x: -1, y: 2, width: 3, height: 4))
    #expect(
      try MaskRectangle(parsing: "1,2,3,4@10-20")
        == MaskRectangle(x: 1, y: 2, width: 3, height: 4, interval: .frames(first: 10, last: 20)))
  }

  @Test(arguments: [
    "", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,4@", "1,2,3,4@x", "1,2,0,4", "1,2,3,-4", "1.5,2,3,4",
    "9223372036854775807,0,9223372036854775807,1",
  ])
  func refuses(text: String) {
    #expect { try MaskRectangle(parsing: text) } throws: { ($0 as? MaskError)?.kind == .options }
  }

  @Test func clips() {
    let rectangle = Box(x: -2, y: 3, width: 5, height: 10)
    #expect(rectangle.clipped(toWidth: 8, height: 6) == Box(x: 0, y: 3, width: 3, height: 3))
    #expect(rectangle.clipped(toWidth: 8, height: 3) == nil)
    #expect(Box(x: 8, y: 0, width: 1, height: 1).clipped(toWidth: 8, height: 3) == nil)
  }

  @Test func comesAgain() throws {
    let frames = try MaskRectangle(parsing: "0,0,1,1@2-4/10")
    #expect((0..<26).filter { frames.box(index: $0, time: nil) != nil } == [2, 3, 4, 12, 13, 14, 22, 23, 24])
    // Frames of 0.1 s, whose times are no sums of tenths.
    let times = try MaskRectangle(parsing: "0,0,1,1@0.2s-0.4s/1s")
    let seen = (0..<30).filter { times.box(index: $0, time: Double($0) * (1.0 / 10)) != nil }
    #expect(seen == [2, 3, 12, 13, 22, 23])
    #expect(times.box(index: 2, time: nil) == nil)
    let back = try MaskRectangle(parsing: "0,0,1,1@0-4/5")
    #expect((0..<20).allSatisfy { back.box(index: $0, time: nil) != nil })
  }

  @Test(arguments: [
    ("1,2,3,4@0-24/24", "0-24 is longer than 24"), ("1,2,3,4@0s-1s/0.5s", "0s-1s is longer than 0.5s"),
    ("1,2,3,4@0-24/4s", "mix frame numbers and times"), ("1,2,3,4@0s-1s/100", "mix frame numbers and times"),
    ("1,2,3,4@5-/100", "has no end"), ("1,2,3,4@0-24/", "no frame number or time"),
    ("1,2,3,4@0-24/x", "'x' is no frame number or time"),
    ("1,2,3,4@0-9223372036854775807/9", "is longer than 9"),
  ])
  func refusesPeriods(text: String, words: String) {
    #expect { try MaskRectangle(parsing: text) } throws: { isKind(.options, naming: words)($0) }
  }
}
