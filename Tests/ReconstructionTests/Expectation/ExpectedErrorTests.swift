import Foundation
import Frames
import Testing

@testable import Reconstruction

@Suite("What missing samples are expected to err by")
struct ExpectedErrorTests {
  private func unit(_ psnr: Double, samples: Int = 100, deviation: Double = 1) -> ExpectedError {
    ExpectedError(
      error: ErrorSum(squares: Double(samples) * pow(10, -psnr / 10), samples: samples), deviation: deviation)
  }

  @Test func aRangeHasAMiddleOnlyWhereItIsNarrow() throws {
    let narrow = try #require(unit(30).psnr)
    #expect(abs((narrow.middle ?? 0) - 30) < 1e-9 && abs(narrow.low - 28.355) < 1e-9)
    #expect(abs(narrow.high - 31.645) < 1e-9)
    let wide = try #require(unit(30, deviation: 3).psnr)
    #expect(wide.middle == nil && abs(wide.low - 25.065) < 1e-9)
    #expect(unit(30, samples: 0).psnr == nil)
  }

  @Test func unitsErrTogetherAndApart() throws {
    var all = Expectation()
    for _ in 0..<4 { all.add(unit(30), missing: 1000) }
    let range = try #require(all.psnr)
    // Three fifths of the variance are common to all four.
    #expect(abs((range.middle ?? 0) - 30) < 1e-9)
    #expect(abs(range.high - 30 - 1.645 * (0.6 + 0.4 / 4).squareRoot()) < 1e-6)
    // A unit with most of the error decides.
    all.add(unit(10, deviation: 1.5), missing: 1000)
    let worse = try #require(all.psnr)
    #expect(abs((worse.middle ?? 0) - 16.82) < 0.01 && worse.high - worse.low > 3.2)
  }

  @Test func nothingIsSaidWhereTooMuchIsUnknown() throws {
    var all = Expectation()
    #expect(all.psnr == nil)
    all.add(unit(30), missing: 970)
    let alone = try #require(all.psnr)
    all.add(nil, missing: 30)
    let some = try #require(all.psnr)
    #expect(some.low < alone.low && some.high > alone.high)
    all.add(nil, missing: 30)
    #expect(all.psnr == nil)
    var other = Expectation()
    other.add(unit(30), missing: 10_000)
    other += all
    #expect(other.psnr != nil)
  }
}
