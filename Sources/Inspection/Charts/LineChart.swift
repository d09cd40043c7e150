import Foundation

/// Curves as an SVG picture that can be read on light and dark ground.
public struct LineChart: Sendable {
  public struct Series: Sendable {
    public var name: String
    /// A value that is no number interrupts the curve.
    public var points: [(x: Double, y: Double)]
    /// Whether a value holds until the next one, instead of being joined to it by a line.
    var hasSteps = false

    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  /// One pair of axes.
  public struct Panel: Sendable {
    public var title: String
    public var horizontal: String
    public var vertical: String
    public var series: [Series]
    /// Whether an axis is logarithmic, where all its values are above zero.
    public var isHorizontalLogarithmic = false
    public var isVerticalLogarithmic = false
    /// Ends of the horizontal axis, where they are not those of the values.
    var range: ClosedRange<Double>?
    var isFromZero = false

    public init(title: String, horizontal: String, vertical: String, series: [Series]) {
      self.title = title
      self.horizontal = horizontal
      self.vertical = vertical
      self.series = series
    }
  }

  /// Where things lie. A file shows the legend beside the panels; a page has room for it above, and colours of its own
  /// for text and axes.
  private struct Layout {
    var width: Double
    var panelHeight: Double
    var plot: (left: Double, right: Double, top: Double, bottom: Double)

    static let file = Layout(width: 860, panelHeight: 330, plot: (72, 600, 40, 270))
    static let page = Layout(width: 560, panelHeight: 290, plot: (58, 548, 48, 242))
  }

  /// Panels below one another, which share their colours and legend by the names of their series.
  public var panels: [Panel]
  /// Whether the picture is part of a page, which has its style, instead of a file.
  private let isForPage: Bool
  private var layout: Layout { isForPage ? .page : .file }

  public init(panels: [Panel]) { self.init(panels: panels, isForPage: false) }

  init(panels: [Panel], isForPage: Bool) {
    self.panels = panels
    self.isForPage = isForPage
  }

  /// Colours of middle lightness, which stand out on white and on black; dashes tell further series apart.
  private static let colours = [
    "#2f7ed8", "#e8743b", "#19a979", "#d64b8a", "#9b6ade", "#b08a1e", "#13a4b4", "#e0454b",
  ]
  private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

  public func svg() -> String {
    var names: [String] = []
    for series in panels.flatMap(\.series) where !names.contains(series.name) { names.append(series.name) }
    let legend = isForPage ? 0 : Double(names.count) * 20 + 50
    let height = max(Double(panels.count) * layout.panelHeight, legend)
    var lines = isForPage ? [pageHead(height: height)] : fileHead(height: height)
    for (index, panel) in panels.enumerated() {
      lines.append("<g transform=\"translate(0 \(Self.text(Double(index) * layout.panelHeight)))\">")
      lines += body(of: panel, names: names)
      lines.append("</g>")
    }
    // Letters are about 6.3 wide.
    var x = isForPage ? layout.plot.left : 622
    for (index, name) in names.enumerated() {
      let y = isForPage ? 38 : 48 + Double(index) * 20
      lines.append("<path d=\"M\(Self.text(x)) \(Self.text(y - 4))h28\" \(Self.stroke(index))/>")
      lines.append("<text x=\"\(Self.text(x + 36))\" y=\"\(Self.text(y))\">\(Self.escaped(name))</text>")
      if isForPage { x += 54 + 6.3 * Double(name.count) }
    }
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }

  private func fileHead(height: Double) -> [String] {
    [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.text(layout.width)) \(Self.text(height))" \
      width="\(Self.text(layout.width))" height="\(Self.text(height))" font-family="sans-serif" font-size="12">
      """,
      """
      <style>
      .ground { fill: #ffffff } text { fill: #222222 } .axis { stroke: #444444 } .grid { stroke: #dddddd }
      @media (prefers-color-scheme: dark) {
      .ground { fill: #16181c } text { fill: #e6e6e6 } .axis { stroke: #bbbbbb } .grid { stroke: #3a3d44 }
      }
      </style>
      """,
      "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
    ]
  }

  /// With the places of the horizontal axis, for what the page draws on it.
  private func pageHead(height: Double) -> String {
    let (left, right, top, bottom) = layout.plot
    let label = panels.map { "\($0.title): \($0.vertical) over \($0.horizontal)" }.joined(separator: "; ")
    let range = panels.first?.range.map {
      " data-range=\"\(Self.text($0.lowerBound)) \(Self.text($0.upperBound))\""
    }
    let plot = [left, right, top, bottom].map(Self.text).joined(separator: " ")
    return """
      <svg viewBox="0 0 \(Self.text(layout.width)) \(Self.text(height))" role="img" \
      aria-label="\(Self.escaped(label))" data-plot="\(plot)"\(range ?? "")>
      """
  }

  private func body(of panel: Panel, names: [String]) -> [String] {
    let points = panel.series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let (left, right, top, bottom) = layout.plot
    let x = Scale(
      panel.range.map { [$0.lowerBound, $0.upperBound] } ?? points.map(\.x), from: left, to: right,
      isTight: true, isLogarithmic: panel.isHorizontalLogarithmic)
    let y = Scale(
      points.map(\.y) + (panel.isFromZero ? [0] : []), from: bottom, to: top, isTight: false,
      isLogarithmic: panel.isVerticalLogarithmic)
    let middle = Self.text((left + right) / 2)
    let title = isForPage ? 16 : 22
    var lines = [
      "<text x=\"\(middle)\" y=\"\(title)\" text-anchor=\"middle\" font-size=\"14\">\(Self.escaped(panel.title))</text>"
    ]
    for tick in y.ticks {
      let place = Self.text(y(tick))
      lines.append("<path class=\"grid\" d=\"M\(Self.text(left)) \(place)H\(Self.text(right))\"/>")
      lines.append(
        "<text x=\"\(Self.text(left - 8))\" y=\"\(Self.text(y(tick) + 4))\" text-anchor=\"end\">\(y.label(tick))</text>"
      )
    }
    for tick in x.ticks {
      let place = Self.text(x(tick))
      lines.append("<path class=\"axis\" d=\"M\(place) \(Self.text(bottom))v5\"/>")
      lines.append(
        "<text x=\"\(place)\" y=\"\(Self.text(bottom + 19))\" text-anchor=\"middle\">\(x.label(tick))</text>")
    }
    lines.append(
      "<path class=\"axis\" fill=\"none\" d=\"M\(Self.text(left)) \(Self.text(top))V\(Self.text(bottom))H\(Self.text(right))\"/>"
    )
    lines.append(
      "<text x=\"\(middle)\" y=\"\(Self.text(bottom + 40))\" text-anchor=\"middle\">\(Self.escaped(panel.horizontal))</text>"
    )
    let centre = Self.text((top + bottom) / 2)
    lines.append(
      "<text transform=\"translate(\(isForPage ? 13 : 18) \(centre)) rotate(-90)\" text-anchor=\"middle\">\(Self.escaped(panel.vertical))</text>"
    )
    for series in panel.series {
      guard let index = names.firstIndex(of: series.name) else { continue }
      let isDrawn = { (point: (x: Double, y: Double)) in point.x.isFinite && point.y.isFinite }
      for run in series.points.split(whereSeparator: { !isDrawn($0) }) {
        let places = run.map { (x: Self.text(x($0.x)), y: Self.text(y($0.y))) }
        if places.count == 1 {
          let colour = Self.colours[index % Self.colours.count]
          lines.append(
            "<circle cx=\"\(places[0].x)\" cy=\"\(places[0].y)\" r=\"\(isForPage ? 1.5 : 3)\" fill=\"\(colour)\"/>"
          )
          continue
        }
        let path = places.map { "\($0.x) \($0.y)" }
        let drawn =
          series.hasSteps
          ? path[0] + places.dropFirst().map { "H\($0.x)V\($0.y)" }.joined() : path.joined(separator: "L")
        lines.append("<path d=\"M\(drawn)\" \(Self.stroke(index))/>")
      }
    }
    return lines
  }

  private static func stroke(_ index: Int) -> String {
    let dash = dashes[index / colours.count % dashes.count]
    let pattern = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
    return "fill=\"none\" stroke=\"\(colours[index % colours.count])\" stroke-width=\"2\"\(pattern)"
  }

  private static func text(_ value: Double) -> String { String(format: "%.6g", value) }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
