import Testing

@testable import Fuzz

@Suite struct SharesTests {
  /// Milliseconds that files took: models, volumes, settings, videos, restorations, plans.
  private static let costs =
    [0.25, 0.3, 0.7, 0.7, 0.9, 1.1, 1.2, 2, 3, 4, 4, 4.3, 5, 8, 8, 9, 12, 20] + [
      40, 50, 60, 70, 90, 150, 180,
    ]

  @Test(arguments: [costs, Array(costs.reversed()), costs.map { $0 * $0 }, costs + costs])
  func everyFormatHasAFiftiethOfTheFilesOrATwentiethOfTheTime(costs: [Double]) {
    let times = Shares.times(costs: costs, total: 600)
    #expect(abs(times.reduce(0, +) - 600) < 1e-6)
    let files = zip(times, costs).map { $0 / $1 }
    let all = files.reduce(0, +)
    for (time, count) in zip(times, files) {
      #expect(time >= 600 * 0.0499 || count >= all * 0.0199)
      #expect(time <= 600 * 0.0501)
    }
  }

  @Test func asManyFilesAreReadOfAllThatAreBelowATwentieth() {
    let times = Shares.times(costs: Self.costs, total: 1)
    let below = zip(times, Self.costs).filter { $0.0 < 0.0499 }.map { $0.0 / $0.1 }
    #expect(below.count >= 5)
    #expect(below.allSatisfy { abs($0 / below[0] - 1) < 1e-9 })
  }

  @Test func fewFormatsHaveEqualTimes() {
    #expect(Shares.times(costs: [1], total: 7) == [7])
    for (time, expected) in zip(Shares.times(costs: [1, 1000, 30, 1], total: 8), [2, 2, 2, 2.0]) {
      #expect(abs(time - expected) < 1e-9)
    }
    #expect(Shares.times(costs: [], total: 7).isEmpty)
  }
}
