import Inspection

/// The curves of an experiment as pictures.
struct ExperimentCharts {
  let results: ExperimentResults

  /// PSNR and NMAE against iterations, a line a method.
  func curves() -> LineChart {
    LineChart(panels: [
      .init(
        title: "PSNR of the raw output, all samples", horizontal: "iterations", vertical: "PSNR (dB)",
        series: results.methods.map { Self.series($0, \.raw.psnrDb) }),
      .init(
        title: "Error on missing samples", horizontal: "iterations", vertical: "NMAE (share of the range)",
        series: results.methods.map { Self.series($0, \.raw.nmaeMissing) }),
    ])
  }

  /// Hold-out error against the sweep's frequency; nil without a sweep.
  func sweep() -> LineChart? {
    let rows = results.sweep.filter(\.isComplete)
      .compactMap { row in row.frequency.map { (x: Double($0), row: row) } }.sorted { $0.x < $1.x }
    if rows.isEmpty { return nil }
    func points(_ value: (MethodResult.Figures) -> Double?) -> [(x: Double, y: Double)] {
      rows.compactMap { item in item.row.figures.flatMap(value).map { (x: item.x, y: $0) } }
    }
    return LineChart(panels: [
      .init(
        title: "Error on samples that were held out, and on missing ones", horizontal: "frequency",
        vertical: "NMAE (share of the range)",
        series: [
          .init(name: "hold-out", points: points(\.holdoutNmae)),
          .init(name: "missing", points: points(\.raw.nmaeMissing)),
        ])
    ])
  }

  /// Frame by frame, a point is the mean over the frames.
  private static func series(
    _ method: MethodResult, _ value: (MethodResult.Point) -> Double?
  ) -> LineChart.Series {
    var sums: [Int: (sum: Double, count: Int)] = [:]
    for point in method.curve {
      guard let y = value(point) else { continue }
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
