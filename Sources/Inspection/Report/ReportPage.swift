import Foundation

/// A report as one HTML file that contains everything it needs: style, script, figures and pictures.
public enum ReportPage {
  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` where a figure is not finite, which should not happen.
  public static func html(_ data: ReportData) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // "</script>" in a file's name must not end the script, and "<!--" must not begin a comment.
    let json = String(decoding: try encoder.encode(Contents(data: data)), as: UTF8.self)
      .replacingOccurrences(of: "<", with: "\\u003c")
    var page = text(PackageResources.report_html)
    for (place, content) in [
      ("{{title}}", escaped(data.video.input).replacingOccurrences(of: "{{", with: "{ {")),
      ("{{subject}}", data.detection == nil ? "restoration report" : "damage that was found"),
      ("{{style}}", text(PackageResources.report_css)),
      ("{{script}}", script), ("{{data}}", json),
    ] {
      // Each place is there once. The data come last, so that a place's name within them is not replaced.
      guard let range = page.range(of: place) else { continue }
      page.replaceSubrange(range, with: content)
    }
    return Data(page.utf8)
  }

  /// What the script reads: the report's data and its plots.
  private struct Contents: Encodable {
    let data: ReportData

    private enum CodingKeys: String, CodingKey { case charts, learnedCharts }

    func encode(to encoder: any Encoder) throws {
      try data.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(ReportCharts.overFrames(data).map { $0.svg() }, forKey: .charts)
      try container.encode(
        data.learned.map { ReportCharts.learned($0).map { $0.svg() } }, forKey: .learnedCharts)
    }
  }

  /// The files of the script, which together are one function and share its variables.
  private static var script: String {
    // `windows.js` comes last: it shows the first frame, for which all functions must be defined.
    [
      PackageResources.stage_js, PackageResources.kinds_js, PackageResources.plots_js,
      PackageResources.volume_js, PackageResources.finds_js, PackageResources.windows_js,
    ].map(text).joined(separator: "\n")
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
