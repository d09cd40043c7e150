import Testing

@testable import Volumes

@Suite struct IntensityScaleTests {
  @Test func aRangeIsLinear() {
    let scale = IntensityScale(minimum: -1000, maximum: 3000, some: (0..<4000).map { Double($0) - 1000 })
    #expect(scale.isLinear)
    #expect(scale.sample(-1000) == 0 && scale.sample(3000) == 65535)
    for value in [-1000.0, -17, 0, 40, 2999] {
      #expect(abs(scale.number(scale.sample(value)) - value) <= 4000 / 65535.0)
    }
  }

  @Test func floatsKeepTheirDigitsAndIntegersTheirSteps() {
    for isWhole in [true, false] {
      let scale = IntensityScale(minimum: -3, maximum: 5, isWhole: isWhole)
      for value in [-2.999, -0.3, 0.123456789, 4.5] {
        let error = abs(scale.number(scale.sample(value)) - value)
        #expect(isWhole ? error < 1e-4 && error > 1e-9 : error < 1e-12, "\(value)")
      }
    }
  }

  @Test func aFewOutliersDoNotTakeTheContrast() {
    let bulk = (0..<100_000).map { Double($0 % 1000) }
    let scale = IntensityScale(minimum: 0, maximum: 1e6, some: bulk + [1e6])
    #expect(!scale.isLinear)
    // Steps of the bulk stay far finer than of a linear scale, which would have 15 numbers a step.
    for value in stride(from: 0.0, to: 1000, by: 37) {
      #expect(abs(scale.number(scale.sample(value)) - value) < 0.012)
    }
    #expect(scale.number(scale.sample(1e6)) == 1e6)
    let samples = stride(from: 0.0, through: 1e6, by: 997).map { scale.sample($0) }
    #expect(samples == samples.sorted())
  }

  @Test func nothingLiesOutsideTheKnownRange() {
    let scale = IntensityScale(minimum: 17, maximum: 23)
    #expect(scale.number(0) == 17 && scale.number(65535) == 23)
    #expect(scale.sample(5) == 0 && scale.sample(99) == 65535)
  }

  @Test func extremeRangesNeitherTrapNorLoseTheirEnds() {
    let whole = IntensityScale(minimum: -Double.greatestFiniteMagnitude, maximum: .greatestFiniteMagnitude)
    #expect(whole.number(whole.sample(.greatestFiniteMagnitude)) == .greatestFiniteMagnitude)
    #expect(whole.sample(0) == 32768 || whole.sample(0) == 32767)
    let constant = IntensityScale(minimum: 7, maximum: 7, some: [7, 7])
    #expect(constant.number(constant.sample(7)) == 7 && constant.number(1) == 7)
  }
}
