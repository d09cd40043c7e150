import Testing

@testable import Masks

@Suite struct FrameIntervalTests {
  @Test(arguments: [
    ("12", FrameInterval.frames(first: 12, last: 12)),
    ("10-20", .frames(first: 10, last: 20)),
    ("10-", .frames(first: 10, last: nil)),
    ("-20", .frames(first: nil, last: 20)),
    ("5s-7.5s", .times(start: 5, end: 7.5)),
    ("00:00:05-00:00:07.5", .times(start: 5, end: 7.5)),
    ("1:02:03-", .times(start: 3723, end: nil)),
    ("02:03-2:04.25", .times(start: 123, end: 124.25)),
    ("-5s", .times(start: nil, end: 5)),
  ])
  func parses(text: String, expected: FrameInterval) throws {
    #expect(try FrameInterval(parsing: text) == expected)
  }

  @Test(arguments: [
    "", "-", "x", "10-20-30", "20-10", "7s-5s", "5s-5s", "5s", "10-5s", "1.5-2.5", "-5-", "1:75-2:00",
    "1e3s-",
    "0x10s-", "nans-", "١-٢",
  ])
  func refuses(text: String) {
    #expect { try FrameInterval(parsing: text) } throws: { ($0 as? MaskError)?.kind == .options }
  }

  @Test func framesAreIncluded() throws {
    let interval = try FrameInterval(parsing: "10-20")
    #expect(!interval.contains(index: 9, time: nil))
    #expect(interval.contains(index: 10, time: nil))
    #expect(interval.contains(index: 20, time: nil))
    #expect(!interval.contains(index: 21, time: nil))
  }

  @Test func timesIncludeTheStartAndNotTheEnd() throws {
    let interval = try FrameInterval(parsing: "1s-2s")
    #expect(!interval.contains(index: 0, time: 0.96))
    #expect(interval.contains(index: 0, time: 1))
    #expect(interval.contains(index: 0, time: 0.9999999))
    #expect(interval.contains(index: 0, time: 1.96))
    #expect(!interval.contains(index: 0, time: 2))
    #expect(!interval.contains(index: 0, time: nil))
  }

  @Test func listsAndEverything() throws {
    #expect(
      try FrameInterval.list(parsing: "10, 20-25") == [
        .frames(first: 10, last: 10), .frames(first: 20, last: 25),
      ])
    #expect(try FrameInterval(parsing: "0-").isEverything)
    #expect(try FrameInterval(parsing: "0s-").isEverything)
    #expect(try !FrameInterval(parsing: "1-").isEverything)
    #expect(throws: MaskError.self) { try FrameInterval.list(parsing: "10,,20") }
  }
}
