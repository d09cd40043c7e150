import Foundation
import Frames
import Testing

@testable import Reconstruction

@Suite("Hold-out error and the error of missing samples")
struct ErrorModelTests {
  /// A plane with a hole of 12 x 12 that lasts, over a slope, and another that is held out beside it, over a slope `ratio` times
  /// as steep.
  private func site(_ ratio: Float, frames: Int = 4) -> (samples: MaskedSamples, filled: Estimate) {
    let (height, width) = (24, 48)
    var values: [Float] = []
    var states: [UInt8] = []
    for _ in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          values.append(x < 24 ? 0.01 * Float(x) : 0.24 + 0.01 * ratio * Float(x - 24))
          let inside = (6..<18).contains(y)
          states.append(
            inside && (6..<18).contains(x)
              ? SampleState.missing
              : inside && (30..<42).contains(x) ? SampleState.heldOut : SampleState.known)
        }
      }
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: height, width: width, values: values, states: states,
      rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init))
    return (
      MaskedSamples(frames: frames, height: height, width: width, planes: [plane]), Estimate(planes: [values])
    )
  }

  private func expected(
    _ ratio: Float, heldOut: ErrorSum = ErrorSum(squares: 1, samples: 1000), difficulty: Double = 1,
    noise: Double = 0
  ) -> ExpectedError? {
    let (samples, filled) = site(ratio)
    let figures = [SampleState.missing, SampleState.heldOut].map {
      FillFigures(of: $0, in: samples, filled: filled, estimates: [filled], window: 0..<4)
    }
    return ErrorModel.expected(
      of: [.init(heldOut: heldOut, missing: 500)],
      .init(
        holes: HoleShape(of: samples), extent: HoleExtent(of: samples, window: 0..<4),
        fills: (figures[0], figures[1]), difficulty: difficulty, runs: FrameRuns(of: samples), frames: 4),
      noise: noise)
  }

  @Test func figuresOfAFillAreThoseOfItsSamples() {
    let (samples, filled) = site(2)
    var other = filled
    for i in other.planes[0].indices { other.planes[0][i] += 0.02 }
    let figures = FillFigures(
      of: SampleState.missing, in: samples, filled: filled, estimates: [filled, other], window: 0..<4)
    #expect(abs(figures.disagreement - 0.0002) < 1e-7)
    #expect(abs(figures.slope - 0.0001 - 1e-6) < 1e-7 && figures.change == 0)
    let one = FillFigures(
      of: SampleState.heldOut, in: samples, filled: filled, estimates: [filled], window: 0..<1)
    #expect(abs(one.slope - 0.0004 - 1e-6) < 1e-7 && one.change == nil)
    let extent = HoleExtent(of: samples, window: 0..<4)
    #expect(abs(extent.depth - 6) < 1e-9 && extent.lasting == 1)
  }

  @Test func aHoleOverLessIsExpectedToErrLess() throws {
    let (level, steep) = (try #require(expected(1)), try #require(expected(2)))
    let gain = try #require(steep.error.psnr) - (try #require(level.error.psnr))
    // Depth 6 is 0.37 of the way from 4 to 12; slopes differ by 6 dB.
    #expect(abs(gain - (0.28 + 0.57 * log(1.5) / log(3)) * 6.0) < 0.1)
    #expect(abs(try #require(level.error.psnr) - 30 + 0.22) < 0.01 && level.error.samples == 500)
    #expect(steep.deviation > level.deviation && level.deviation > 1)
  }

  @Test func noiseThatWasAddedCounts() throws {
    let (without, with) = (try #require(expected(1)), try #require(expected(1, noise: 0.002)))
    #expect(abs(with.error.squares - without.error.squares - 1) < 1e-9)
  }

  @Test func withoutHeldOutSamplesNothingIsExpected() { #expect(expected(1, heldOut: ErrorSum()) == nil) }

  /// Frames by letters: known, missing, held out.
  private func frames(_ kinds: String) -> MaskedSamples {
    let states: [UInt8] = kinds.flatMap { kind -> [UInt8] in
      let state = ["k": SampleState.known, "m": SampleState.missing, "h": SampleState.heldOut][kind]
      return Array(repeating: state ?? SampleState.known, count: 16)
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: 4, width: 4, values: states.map { _ in 0.5 }, states: states,
      rowPositions: [0, 1, 2, 3], columnPositions: [0, 1, 2, 3])
    return MaskedSamples(frames: kinds.count, height: 4, width: 4, planes: [plane])
  }

  @Test func gapsThatNoneLikeThemWasHeldOutForAreUnknown() throws {
    func expected(_ kinds: String, difficulty: Double = 1) -> ExpectedError? {
      let samples = frames(kinds)
      return ErrorModel.expected(
        of: [.init(heldOut: ErrorSum(squares: 1, samples: 1000), missing: 32)],
        .init(
          holes: HoleShape(of: samples), extent: HoleExtent(of: samples, window: 0..<samples.frames),
          fills: nil,
          difficulty: difficulty, runs: FrameRuns(of: samples), frames: samples.frames), noise: 0)
    }
    #expect(expected("kkmmkkkhkk") == nil)
    let few = try #require(expected("kkmmkkkhhkk"))
    let many = try #require(expected("kkmmkkkhhkkhhkhhk"))
    #expect(few.error.psnr == many.error.psnr && few.deviation > many.deviation)
    let harder = try #require(expected("kkmmkkkhhkk", difficulty: 2))
    #expect(abs(harder.error.squares - 2 * few.error.squares) < 1e-9 && harder.deviation > few.deviation)
  }

  @Test func planesAreExpectedToErrByTheirOwnHeldOutSamples() throws {
    let samples = frames("kkkkhkkk")
    func expected(_ chroma: ErrorSum) throws -> ExpectedError {
      var holes = HoleShape(of: samples)
      holes.compactness = 0
      return try #require(
        ErrorModel.expected(
          of: [
            .init(heldOut: ErrorSum(squares: 10, samples: 10_000), missing: 100),
            .init(heldOut: chroma, missing: 50),
          ],
          .init(
            holes: holes, extent: HoleExtent(of: samples, window: 0..<8), fills: nil, difficulty: 1,
            runs: FrameRuns(of: samples), frames: 8), noise: 0))
    }
    let told = try expected(ErrorSum(squares: 10, samples: 1000))
    #expect(abs(told.error.squares - 0.1 - 0.5) < 1e-9 && told.error.samples == 150)
    // With hardly any of its own, luma's error is taken for it, and more is left open.
    let hardly = try expected(ErrorSum(squares: 0.1, samples: 1))
    #expect(abs(hardly.error.squares - 0.1 - 50 * (0.1 + 0.008) / 9) < 1e-9)
    #expect(hardly.deviation > told.deviation)
  }
}
