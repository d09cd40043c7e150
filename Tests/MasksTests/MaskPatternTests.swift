import Frames
import TestSupport
import Testing

@testable import Masks

@Suite struct MaskPatternTests {
  private func masks(
    _ pattern: MaskPattern, width: Int = 64, height: Int = 48, frames: Int = 2, seed: UInt64 = 1
  ) -> [FrameMask] {
    var chance = Chance(seed: seed)
    return pattern.masks(width: width, height: height, frames: frames, using: &chance)
  }

  @Test(arguments: [0.0, 0.3, 0.9, 1])
  func randomRate(rate: Double) {
    let drawn = masks(.random(rate: rate), width: 100, height: 100)
    for mask in drawn { #expect(abs(Double(mask.missingCount) / 10_000 - rate) < 0.02) }
    if rate == 0.3 { #expect(drawn[0] != drawn[1]) }
  }

  @Test func blocksAreWhole() {
    let drawn = masks(.block(rate: 0.4), width: 70, height: 50, frames: 3)
    for mask in drawn {
      for y in 0..<50 {
        for x in 0..<70 { #expect(mask.missing[y * 70 + x] == mask.missing[y / 16 * 16 * 70 + x / 16 * 16]) }
      }
    }
    #expect(drawn[0] != drawn[1])
  }

  @Test func patchesOfThePaper() {
    let drawn = masks(.patch, width: 256, height: 256)
    #expect(drawn[0] == drawn[1])
    #expect(drawn[0].missingCount == 30 * 40 + 30 * 30)
    for (x, y, missing) in [
      (150, 70, 1), (189, 99, 1), (190, 99, 0), (149, 70, 0), (200, 229, 1), (230, 200, 0),
    ] {
      #expect(drawn[0].missing[y * 256 + x] == UInt8(missing))
    }
    #expect(masks(.patch, width: 128, height: 64)[0].missingCount == 20 * 7 + 15 * 8)
  }

  @Test func everyThirdIsKnown() {
    let mask = masks(.downsample(factor: 3), width: 7, height: 4)[0]
    #expect(mask.missing.indices.filter { mask.missing[$0] == 0 } == [0, 3, 6, 21, 24, 27])
  }

  @Test(arguments: [(256, 256), (96, 64), (320, 180)])
  func strokesCoverATenth(width: Int, height: Int) {
    let drawn = masks(.textural, width: width, height: height)
    #expect(drawn[0] == drawn[1])
    #expect(abs(Double(drawn[0].missingCount) / Double(width * height) - 0.1) < 0.001)
    // They are all over the picture.
    let rows = (0..<height).filter { y in drawn[0].missing[y * width..<(y + 1) * width].contains(1) }
    #expect(rows.count > height / 2)
  }

  @Test(arguments: [MaskPattern.random(rate: 0.5), .block(rate: 0.5), .textural])
  func theSeedDecides(pattern: MaskPattern) {
    #expect(masks(pattern) == masks(pattern))
    #expect(masks(pattern) != masks(pattern, seed: 2))
  }
}
