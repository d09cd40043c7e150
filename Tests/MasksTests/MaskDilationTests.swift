import Frames
import TestSupport
import Testing

@testable import Masks

@Suite struct MaskDilationTests {
  /// What dilation means, sample by sample.
  private func plainlyDilated(_ mask: FrameMask, by radius: Int) -> FrameMask {
    var result = mask
    for y in 0..<mask.height {
      for x in 0..<mask.width {
        let rows = max(0, y - radius)...min(mask.height - 1, y + radius)
        let columns = max(0, x - radius)...min(mask.width - 1, x + radius)
        let near = rows.contains { row in columns.contains { mask.missing[row * mask.width + $0] != 0 } }
        result.missing[y * mask.width + x] = near ? 1 : 0
      }
    }
    return result
  }

  @Test(arguments: [0, 1, 2, 3, 7, 40])
  func agreesWithThePlainDefinition(radius: Int) {
    var chance = Chance(seed: UInt64(radius))
    for (width, height) in [(1, 1), (1, 9), (17, 1), (23, 14)] {
      for share in [0.01, 0.1, 0.5] {
        let missing = (0..<width * height).map { _ -> UInt8 in
          chance.happens(share) ? 1 : 0
        }
        let mask = FrameMask(width: width, height: height, missing: missing)
        #expect(mask.dilated(by: radius) == plainlyDilated(mask, by: radius))
      }
    }
  }

  @Test func nothingGrowsToNothing() {
    #expect(FrameMask(width: 4, height: 4).dilated(by: 3).isEmpty)
  }
}
