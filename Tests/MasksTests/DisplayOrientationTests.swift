import Frames
import Testing

@testable import Masks

@Suite struct DisplayOrientationTests {
  /// 1 2 3 / 4 5 6 as coded.
  private let coded = FrameMask(width: 3, height: 2, missing: [1, 2, 3, 4, 5, 6])

  @Test(arguments: [
    (DisplayOrientation.upright, 3, [1, 2, 3, 4, 5, 6] as [UInt8]),
    (DisplayOrientation(quarterTurns: 1), 2, [4, 1, 5, 2, 6, 3]),
    (DisplayOrientation(quarterTurns: 2), 3, [6, 5, 4, 3, 2, 1]),
    (DisplayOrientation(quarterTurns: -1), 2, [3, 6, 2, 5, 1, 4]),
    (DisplayOrientation(mirrored: true), 3, [3, 2, 1, 6, 5, 4]),
    (DisplayOrientation(quarterTurns: 1, mirrored: true), 2, [6, 3, 5, 2, 4, 1]),
  ])
  func turns(orientation: DisplayOrientation, width: Int, displayed: [UInt8]) {
    let shown = orientation.displayedMask(fromCoded: coded)
    #expect(shown == FrameMask(width: width, height: 6 / width, missing: displayed))
    #expect(orientation.codedMask(fromDisplayed: shown) == coded)
  }
}
