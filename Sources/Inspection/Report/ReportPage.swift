import Foundation

/// A report as one page that needs nothing beside it: style, script, figures and pictures are in it.
public enum ReportPage {
  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` where a figure is no number, which none should be.
  public static func html(_ data: ReportData) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // "</script>" in a file's name must not end the script, and "<!--" must not begin a comment.
    let json = String(decoding: try encoder.encode(Contents(data: data)), as: UTF8.self)
      .replacingOccurrences(of: "<", with: "\\u003c")
    var page = text(PackageResources.report_html)
    for (place, content) in [
      ("{{title}}", escaped(data.video.input)), ("{{style}}", text(PackageResources.report_css)),
      ("{{script}}", script), ("{{data}}", json),
    ] {
      // Once each, and what is filled in is not looked at again: the data come last.
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

  /// One function in parts, which share its variables.
  private static var script: String {
    // The last part of what concerns windows shows the first frame, for which all must be there.
    [
      PackageResources.stage_js, PackageResources.plots_js, PackageResources.volume_js,
      PackageResources.windows_js,
    ].map(text).joined(separator: "\n")
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: "{{", with: "{ {")
  }
}
