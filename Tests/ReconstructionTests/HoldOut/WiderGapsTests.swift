import Testing

@testable import Reconstruction

/// Slices that can't be judged at their own distance.
@Suite struct WiderGapsTests {
  private let frames = 16
  private let area = 400

  private func heldOut(_ missingFrames: (Int) -> Bool, allowsWiderGaps: Bool) -> [Int]? {
    let missing = (0..<frames).flatMap { [UInt8](repeating: missingFrames($0) ? 1 : 0, count: area) }
    return HoldOut(allowsWiderGaps: allowsWiderGaps).choose(
      missing: missing, frames: frames, height: 20, width: 20, seed: 1
    ).map { chosen in (0..<frames).filter { chosen[$0 * area..<($0 + 1) * area].allSatisfy { $0 == 1 } } }
  }

  @Test func everyOtherMissingSliceIsJudgedAcrossWiderGaps() throws {
    #expect(heldOut({ $0 % 2 == 1 }, allowsWiderGaps: false) == nil)
    let held = try #require(heldOut({ $0 % 2 == 1 }, allowsWiderGaps: true))
    #expect(held == [4, 12])
  }

  @Test func fewKnownSlicesAreEnoughButTheEndsStay() throws {
    #expect(heldOut({ $0 % 6 != 0 }, allowsWiderGaps: true) == [6])
    #expect(heldOut({ $0 > 1 }, allowsWiderGaps: true) == nil)
  }

  @Test func slicesWithKnownNeighboursAreTakenFirst() throws {
    let held = try #require(heldOut({ $0 == 5 }, allowsWiderGaps: true))
    #expect(held.count == 1 && held != [2])
  }
}
