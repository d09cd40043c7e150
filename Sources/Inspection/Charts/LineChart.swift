import Foundation

/// Curves as an SVG picture that can be read on a light and on a dark background.
public struct LineChart: Sendable {
  public struct Series: Sendable {
    public var name: String
    /// A value that is not finite interrupts the curve.
    public var points: [(x: Double, y: Double)]
    /// Whether a value holds until the next one, instead of being joined to it by a line.
    var hasSteps = false

    public init(name: String, points: [(x: Double, y: Double)]) { (self.name, self.points) = (name, points) }
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
    /// Range of the horizontal axis; nil for the range of the values.
    var range: ClosedRange<Double>?
    /// Whether the vertical axis contains zero.
    var isFromZero = false

    public init(title: String, horizontal: String, vertical: String, series: [Series]) {
      (self.title, self.horizontal, self.vertical, self.series) = (title, horizontal, vertical, series)
    }
  }

  /// Sizes in SVG units. A file has its legend beside the panels. In a page, the legend is above them and the page's
  /// style sheet has the colours of text and axes.
  private struct Layout {
    var width: Double
    var panelHeight: Double
    var plot: (left: Double, right: Double, top: Double, bottom: Double)

    static let file = Layout(width: 860, panelHeight: 330, plot: (72, 600, 40, 270))
    static let page = Layout(width: 560, panelHeight: 290, plot: (58, 548, 48, 242))
  }

  /// Panels below one another, which share their colours and legend by the names of their series.
  public var panels: [Panel]
  /// Whether the picture is part of a report's page instead of a file.
  private let isForPage: Bool
  private var layout: Layout { isForPage ? .page : .file }

  public init(panels: [Panel]) { self.init(panels: panels, isForPage: false) }

  init(panels: [Panel], isForPage: Bool) { (self.panels, self.isForPage) = (panels, isForPage) }

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
      lines.append(Self.label(name, x + 36, y))
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

  /// `data-plot` and `data-range` tell the page's script where the axes are, so that it can mark a frame.
  private func pageHead(height: Double) -> String {
    let (left, right, top, bottom) = layout.plot
    let label = panels.map { "\($0.title): \($0.vertical) over \($0.horizontal)" }.joined(separator: "; ")
    let range = panels.first?.range.map {
      " data-range=\"\(Self.text($0.lowerBound)) \(Self.text($0.upperBound))\""
    }
    let plot = [left, right, top, bottom].map(Self.text).joined(separator: " ")
    return """
      <svg viewBox="0 0 \(Self.text(layout.width)) \(Self.text(height))" role="img" \
      aria-label="\(escaped(label))" data-plot="\(plot)"\(range ?? "")>
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
    let middle = (left + right) / 2
    var lines = [
      Self.label(panel.title, middle, isForPage ? 16 : 22, "text-anchor=\"middle\" font-size=\"14\"")
    ]
    for tick in y.ticks {
      lines.append(
        "<path class=\"grid\" d=\"M\(Self.text(left)) \(Self.text(y(tick)))H\(Self.text(right))\"/>")
      lines.append(Self.label(y.label(tick), left - 8, y(tick) + 4, "text-anchor=\"end\""))
    }
    for tick in x.ticks {
      lines.append("<path class=\"axis\" d=\"M\(Self.text(x(tick))) \(Self.text(bottom))v5\"/>")
      lines.append(Self.label(x.label(tick), x(tick), bottom + 19, "text-anchor=\"middle\""))
    }
    lines.append(
      "<path class=\"axis\" fill=\"none\" d=\"M\(Self.text(left)) \(Self.text(top))V\(Self.text(bottom))H\(Self.text(right))\"/>"
    )
    lines.append(Self.label(panel.horizontal, middle, bottom + 40, "text-anchor=\"middle\""))
    let centre = Self.text((top + bottom) / 2)
    lines.append(
      "<text transform=\"translate(\(isForPage ? 13 : 18) \(centre)) rotate(-90)\" text-anchor=\"middle\">\(escaped(panel.vertical))</text>"
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

  private static func label(_ text: String, _ x: Double, _ y: Double, _ attributes: String = "") -> String {
    let place = "x=\"\(Self.text(x))\" y=\"\(Self.text(y))\""
    return "<text \(attributes.isEmpty ? place : "\(place) \(attributes)")>\(escaped(text))</text>"
  }

  private static func text(_ value: Double) -> String { String(format: "%.6g", value) }
}

/// A text as HTML and SVG hold it.
func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
}
