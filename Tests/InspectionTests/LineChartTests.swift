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

  @Test func curvesAreInterruptedWhereNothingIsKnown() throws {
    var data = ReportData(
      video: .init(input: "a", result: "b", frames: 6, width: 4, height: 4, aspect: 1, framesPerSecond: 25))
    data.frames.missing = [0, 0.1, 0.1, 0, 0, 0]
    data.frames.expectedLow = [30, 31, nil, 33, 33, 35]
    data.frames.psnrMissing = [nil, 28, nil, nil, nil, nil]
    let charts = ReportCharts.overFrames(data)
    #expect(charts.map(\.panels[0].title) == ["Quality", "Missing"])
    let svg = charts[0].svg()
    // Two runs of what is expected, which holds until the next; a single point; two keys of the legend.
    #expect(svg.matches(of: /d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+/).count == 2)
    #expect(svg.components(separatedBy: "<circle").count == 2)
    // The whole video is the axis, whatever is known of it.
    #expect(svg.contains("data-range=\"0 5\"") && svg.contains("data-plot=\"58 548 48 242\""))
    #expect(svg.contains("aria-label=\"Quality: PSNR, dB over frame\"") && !svg.contains("xmlns"))
  }

  @Test func whatTheFitLearnedIsDrawn() {
    var axis = LearnedStructure.Axis(name: "rows", count: 3)
    axis.spectrum = [10, 1, 1e-9]
    axis.energy.add(0.5, at: 0)
    axis.energy.add(0, at: 10)
    let structure = LearnedStructure(first: 0, last: 1, x: 0, y: 0, width: 4, height: 4, axes: [axis])
    let charts = ReportCharts.learned(structure)
    #expect(
      charts.map(\.panels[0].title) == [
        "Dirichlet energy along each axis", "Singular values of the Tucker core",
      ])
    // Zero has no place on a logarithmic axis, and what is nothing but rounding is left out.
    #expect(
      charts[0].panels[0].series[0].points.count == 1 && charts[1].panels[0].series[0].points.count == 2)
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
    let decades = Scale([3e-8, 20], from: 0, to: 1, isTight: false, isLogarithmic: true)
    #expect(decades.ticks.map(decades.label) == ["1e-08", "1e-06", "0.0001", "0.01", "1", "100"])
    #expect(Scale([0, 1], from: 0, to: 1, isTight: true, isLogarithmic: true)(0.5) == 0.5)
    #expect(Scale([], from: 0, to: 1, isTight: true).ticks.count > 1)
    #expect(Scale([5, 5], from: 0, to: 1, isTight: true)(5) == 0.5)
  }
}
