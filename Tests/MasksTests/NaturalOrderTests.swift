import Media
import Testing

@testable import Masks

@Test func numbersInNamesCountByValue() {
  let sorted = ["a10.png", "a9.png", "b1.png", "a010.png", "a1b2.png", "a1b10.png", "a.png"]
    .sorted(by: naturallyPrecedes)
  #expect(sorted == ["a.png", "a1b2.png", "a1b10.png", "a9.png", "a010.png", "a10.png", "b1.png"])
}

@Test func patternsAreRecognised() {
  #expect(ImageSequence.isPattern("m_%05d.png"))
  #expect(ImageSequence.isPattern("m_%d.png"))
  #expect(!ImageSequence.isPattern("100%.png"))
}
