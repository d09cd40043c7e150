/// The plots of a report's page.
enum ReportCharts {
  /// Quality, flicker and share of missing pixels over the frames. Charts without a value are left out.
  static func overFrames(_ data: ReportData) -> [LineChart] {
    if let detection = data.detection { return overFrames(detection, count: data.video.frames) }
    let noun = data.volume == nil ? "frame" : "slice"
    let frames = data.frames
    let all = 0...Double(max(data.video.frames - 1, 1))
    func expected(_ name: String, _ values: [Double?]) -> LineChart.Series {
      var series = LineChart.Series(name: name, points: points(values))
      series.hasSteps = true
      return series
    }
    return [
      chart(
        "Quality", noun, "PSNR, dB", range: all,
        [
          expected("expected at least", frames.expectedLow),
          expected("expected at most", frames.expectedHigh),
          .init(name: "missing, against the reference", points: points(frames.psnrMissing)),
        ]),
      chart(
        "Flicker: temporal roughness", noun, "steps of 8 bits", range: all, isFromZero: true,
        [
          .init(name: "in the holes", points: points(frames.roughness)),
          .init(name: "around them", points: points(frames.roughnessAround)),
        ]),
      chart(
        "Missing", noun, "% of the \(noun)", range: all, isFromZero: true,
        [
          .init(
            name: data.volume == nil ? "missing pixels" : "missing voxels",
            points: points(frames.missing.map { 100 * $0 }))
        ]),
    ].compactMap { $0 }
  }

  /// Share of damaged pixels over the frames.
  private static func overFrames(_ detection: ReportData.Detection, count: Int) -> [LineChart] {
    let shares = detection.shares
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      values.enumerated().map { (x: Double($0.offset * shares.run), y: 100 * $0.element) }
    }
    let series: [LineChart.Series] =
      shares.run == 1
      ? [.init(name: "damaged pixels", points: points(shares.means))]
      : [
        .init(name: "mean of \(shares.run) frames", points: points(shares.means)),
        .init(name: "most in one of them", points: points(shares.peaks)),
      ]
    let all = 0...Double(max(count - 1, 1))
    return [
      chart("Damaged", "frame", "% of the frame", range: all, isFromZero: true, series)
    ].compactMap { $0 }
  }

  /// What the fit of one window learned, over its iterations.
  static func learned(_ structure: LearnedStructure) -> [LineChart] {
    func curve(_ name: String, _ curve: LearnedStructure.Curve) -> LineChart.Series {
      .init(name: name, points: zip(curve.iterations, curve.values).map { (x: Double($0), y: $1) })
    }
    return [
      chart(
        "Dirichlet energy along each axis", "iteration", "energy", isLogarithmic: true,
        structure.axes.map { curve($0.name, $0.energy) }),
      chart(
        "Singular values of the Tucker core", "number", "singular value", isLogarithmic: true,
        structure.axes.map { axis in
          .init(
            name: axis.name,
            points: axis.spectrum.enumerated().filter { $0.element > axis.spectrum[0] * 1e-7 }
              .map { (x: Double($0.offset + 1), y: $0.element) })
        }),
      chart(
        "Hold-out PSNR of the fit", "iteration", "PSNR, dB",
        [curve("the best so far", structure.holdoutPSNR)]),
      chart("Loss", "iteration", "loss", isLogarithmic: true, [curve("of the fit", structure.loss)]),
    ].compactMap { $0 }
  }

  /// A chart of one panel; nil where no series has a point. On a logarithmic axis only values above zero are drawn.
  private static func chart(
    _ title: String, _ horizontal: String, _ vertical: String, range: ClosedRange<Double>? = nil,
    isFromZero: Bool = false, isLogarithmic: Bool = false, _ series: [LineChart.Series]
  ) -> LineChart? {
    var series = series
    for i in series.indices where isLogarithmic { series[i].points.removeAll { $0.y <= 0 } }
    series.removeAll(where: \.points.isEmpty)
    if series.isEmpty { return nil }
    var panel = LineChart.Panel(title: title, horizontal: horizontal, vertical: vertical, series: series)
    (panel.range, panel.isFromZero, panel.isVerticalLogarithmic) = (range, isFromZero, isLogarithmic)
    return LineChart(panels: [panel], isForPage: true)
  }

  /// Points frame by frame, NaN where nothing is known. At most 1500 points are drawn, which is more than a chart has
  /// pixels: of a longer video, each point is the mean of a run of frames.
  private static func points(_ values: [Double?]) -> [(x: Double, y: Double)] {
    guard values.contains(where: { $0 != nil }) else { return [] }
    let run = max(1, (values.count + 1499) / 1500)
    return stride(from: 0, to: values.count, by: run).map { start in
      let known = values[start..<min(start + run, values.count)].compactMap { $0 }
      return (x: Double(start), y: known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count))
    }
  }
}
