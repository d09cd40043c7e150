import Foundation
import Testing

@testable import Inspection

@Suite struct LineChartTests {
  @Test func drawsEverySeriesWithItsName() throws {
    let series = ["plain", "a < b & c"].enumerated().map { index, name in
      LineChart.Series(name: name, points: (0..<5).map { (x: Double($0 * 100), y: Double($0 + index)) })
    }
    let single = LineChart.Series(name: "single", points: [(x: 0, y: .nan), (x: 200, y: 3)])
    let chart = LineChart(panels: [
      .init(title: "PSNR", horizontal: "iterations", vertical: "dB", series: series + [single]),
      .init(title: "NMAE", horizontal: "iterations", vertical: "1", series: []),
    ])
    let svg = chart.svg()
    #expect(svg.components(separatedBy: "a &lt; b &amp; c").count == 2)
    #expect(svg.contains("<circle") && svg.contains(">iterations<") && svg.contains(">dB<"))
    #expect(svg.contains("prefers-color-scheme: dark") && !svg.contains("nan"))
    #expect(svg.components(separatedBy: "<svg").count == 2 && svg.hasSuffix("</svg>\n"))
  }

  @Test(arguments: [(0.0012, 0.002), (0.7, 1.0), (3, 5), (1, 1), (180, 200)])
  func roundSteps(step: Double, round: Double) {
    #expect(abs(Scale.roundStep(step) - round) < 1e-12)
  }

  @Test func marksAreRound() {
    let scale = Scale([20.3, 31.7], from: 100, to: 0, isTight: false)
    #expect(scale.ticks == [20, 22, 24, 26, 28, 30, 32])
    #expect(scale.label(22) == "22" && scale(20) == 100 && scale(32) == 0)
    let powers = Scale([0.03, 0.9], from: 0, to: 1, isTight: false, isLogarithmic: true)
    #expect(powers.ticks.map(powers.label) == ["0.02", "0.05", "0.10", "0.20", "0.50", "1.00"])
    #expect(abs(powers(0.2) - log10(10) / log10(50)) < 1e-12)
    #expect(Scale([0, 1], from: 0, to: 1, isTight: true, isLogarithmic: true)(0.5) == 0.5)
    #expect(Scale([], from: 0, to: 1, isTight: true).ticks.count > 1)
    #expect(Scale([5, 5], from: 0, to: 1, isTight: true)(5) == 0.5)
  }
}
