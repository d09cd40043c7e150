import Foundation

/// Curves as an SVG picture that can be read on light and dark ground.
public struct LineChart: Sendable {
  public struct Series: Sendable {
    public var name: String
    public var points: [(x: Double, y: Double)]

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

    public init(title: String, horizontal: String, vertical: String, series: [Series]) {
      self.title = title
      self.horizontal = horizontal
      self.vertical = vertical
      self.series = series
    }
  }

  /// Panels below one another, which share their colours and legend by the names of their series.
  public var panels: [Panel]

  public init(panels: [Panel]) { self.panels = panels }

  private static let width = 860.0
  private static let panelHeight = 330.0
  private static let plot = (left: 72.0, right: 600.0, top: 40.0, bottom: 270.0)
  /// Colours of middle lightness, which stand out on white and on black; dashes tell further series apart.
  private static let colours = [
    "#2f7ed8", "#e8743b", "#19a979", "#d64b8a", "#9b6ade", "#b08a1e", "#13a4b4", "#e0454b",
  ]
  private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

  public func svg() -> String {
    var names: [String] = []
    for series in panels.flatMap(\.series) where !names.contains(series.name) { names.append(series.name) }
    let legend = Double(names.count) * 20 + 50
    let height = max(Double(panels.count) * Self.panelHeight, legend)
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.text(Self.width)) \(Self.text(height))" \
      width="\(Self.text(Self.width))" height="\(Self.text(height))" font-family="sans-serif" font-size="12">
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
    for (index, panel) in panels.enumerated() {
      lines.append("<g transform=\"translate(0 \(Self.text(Double(index) * Self.panelHeight)))\">")
      lines += body(of: panel, names: names)
      lines.append("</g>")
    }
    for (index, name) in names.enumerated() {
      let y = 48 + Double(index) * 20
      lines.append("<path d=\"M622 \(Self.text(y - 4))h28\" \(Self.stroke(index))/>")
      lines.append("<text x=\"658\" y=\"\(Self.text(y))\">\(Self.escaped(name))</text>")
    }
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }

  private func body(of panel: Panel, names: [String]) -> [String] {
    let points = panel.series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let x = Scale(
      points.map(\.x), from: Self.plot.left, to: Self.plot.right, isTight: true,
      isLogarithmic: panel.isHorizontalLogarithmic)
    let y = Scale(
      points.map(\.y), from: Self.plot.bottom, to: Self.plot.top, isTight: false,
      isLogarithmic: panel.isVerticalLogarithmic)
    let (left, right, top, bottom) = Self.plot
    let middle = Self.text((left + right) / 2)
    var lines = [
      "<text x=\"\(middle)\" y=\"22\" text-anchor=\"middle\" font-size=\"14\">\(Self.escaped(panel.title))</text>"
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
      "<text transform=\"translate(18 \(centre)) rotate(-90)\" text-anchor=\"middle\">\(Self.escaped(panel.vertical))</text>"
    )
    for series in panel.series {
      let drawn = series.points.filter { $0.x.isFinite && $0.y.isFinite }
      guard let index = names.firstIndex(of: series.name), !drawn.isEmpty else { continue }
      if drawn.count == 1 {
        let colour = Self.colours[index % Self.colours.count]
        lines.append(
          "<circle cx=\"\(Self.text(x(drawn[0].x)))\" cy=\"\(Self.text(y(drawn[0].y)))\" r=\"3\" fill=\"\(colour)\"/>"
        )
        continue
      }
      let path = drawn.map { "\(Self.text(x($0.x))) \(Self.text(y($0.y)))" }.joined(separator: "L")
      lines.append("<path d=\"M\(path)\" \(Self.stroke(index))/>")
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
