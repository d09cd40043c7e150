import Inspection

/// The curves of an experiment as pictures.
struct ExperimentCharts {
  let results: ExperimentResults

  /// PSNR and NMAE against iterations, a line a method.
  func curves() -> LineChart {
    let quality = LineChart.Panel(
      title: "PSNR of the raw output, all samples", horizontal: "iterations", vertical: "PSNR (dB)",
      series: results.methods.map { Self.series($0, \.raw.psnrDb) })
    var error = LineChart.Panel(
      title: "Error on missing samples", horizontal: "iterations", vertical: "NMAE (share of the range)",
      series: results.methods.map { Self.series($0, \.raw.nmaeMissing) })
    error.isVerticalLogarithmic = true
    return LineChart(panels: [quality, error])
  }

  /// Hold-out error against the sweep's frequency; nil without a sweep.
  func sweep() -> LineChart? {
    let rows = results.sweep.filter(\.isComplete)
      .compactMap { row in row.frequency.map { (x: Double($0), row: row) } }.sorted { $0.x < $1.x }
    if rows.isEmpty { return nil }
    func points(_ value: (MethodResult.Figures) -> Double?) -> [(x: Double, y: Double)] {
      rows.compactMap { item in item.row.figures.flatMap(value).map { (x: item.x, y: $0) } }
    }
    var panel = LineChart.Panel(
      title: "Error on samples that were held out, and on missing ones", horizontal: "frequency",
      vertical: "NMAE (share of the range)",
      series: [
        .init(name: "hold-out", points: points(\.holdoutNmae)),
        .init(name: "missing", points: points(\.raw.nmaeMissing)),
      ])
    panel.isHorizontalLogarithmic = true
    panel.isVerticalLogarithmic = true
    return LineChart(panels: [panel])
  }

  /// A point is the mean over the frames, where they are fitted one by one. Iteration 0 is left out: it is far from the rest
  /// and says nothing.
  private static func series(
    _ method: MethodResult, _ value: (MethodResult.Point) -> Double?
  ) -> LineChart.Series {
    var sums: [Int: (sum: Double, count: Int)] = [:]
    for point in method.curve {
      guard point.iteration > 0, let y = value(point) else { continue }
      let sum = sums[point.iteration] ?? (0, 0)
      sums[point.iteration] = (sum.sum + y, sum.count + 1)
    }
    return .init(
      name: method.name,
      points: sums.sorted { $0.key < $1.key }.map {
        (x: Double($0.key), y: $0.value.sum / Double($0.value.count))
      })
  }
}
