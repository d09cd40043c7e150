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
    let rectangle = MaskRectangle(x: -2, y: 3, width: 5, height: 10)
    #expect(rectangle.clipped(toWidth: 8, height: 6) == MaskRectangle(x: 0, y: 3, width: 3, height: 3))
    #expect(rectangle.clipped(toWidth: 8, height: 3) == nil)
    #expect(MaskRectangle(x: 8, y: 0, width: 1, height: 1).clipped(toWidth: 8, height: 3) == nil)
  }
}
