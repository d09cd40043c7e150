import Foundation

/// Tables and curves of an experiment, for people and for other programs.
struct ExperimentTable {
  let results: ExperimentResults

  /// A column: its heading, its figure, and whether high or low figures are better.
  private struct Column: Sendable {
    enum Best: Sendable { case highest, lowest, none }

    var heading: String
    var digits: Int
    var best: Best
    var value: @Sendable (MethodResult) -> Double?

    func text(_ value: Double?) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "-" }

    /// The figures as cells. Of several the best is bold, and so are figures that print the same.
    func cells(_ rows: [MethodResult]) -> [String] {
      let values = rows.map(value)
      let found = values.compactMap { $0 }
      var winner: String?
      if found.count > 1 {
        switch best {
        case .highest: winner = text(found.max())
        case .lowest: winner = text(found.min())
        case .none: break
        }
      }
      return values.map { value in
        let cell = text(value)
        return value != nil && cell == winner ? "**\(cell)**" : cell
      }
    }
  }

  private static let columns: [Column] = [
    Column(heading: "iterations", digits: 0, best: .none) { Double($0.iterations) },
    Column(heading: "PSNR, dB", digits: 2, best: .highest) { $0.figures?.raw.psnrDb },
    Column(heading: "PSNR missing, dB", digits: 2, best: .highest) { $0.figures?.raw.psnrMissingDb },
    Column(heading: "NMAE missing", digits: 4, best: .lowest) { $0.figures?.raw.nmaeMissing },
    Column(heading: "NMAE", digits: 4, best: .lowest) { $0.figures?.raw.nmae },
    Column(heading: "SSIM", digits: 4, best: .highest) { $0.figures?.ssim },
    Column(heading: "SSIM missing", digits: 4, best: .highest) { $0.figures?.ssimMissing },
    Column(heading: "seconds", digits: 1, best: .lowest) { $0.seconds },
  ]

  private static let sweepColumns = [
    Column(heading: "hold-out PSNR, dB", digits: 2, best: .highest) { $0.figures?.holdoutPsnrDb },
    Column(heading: "hold-out NMAE", digits: 4, best: .lowest) { $0.figures?.holdoutNmae },
    Column(heading: "PSNR missing, dB", digits: 2, best: .highest) { $0.figures?.raw.psnrMissingDb },
    Column(heading: "seconds", digits: 1, best: .none) { $0.seconds },
  ]

  func markdown() -> String {
    let input = results.input
    var lines = ["# \(Self.escaped(results.name))", ""]
    let frames = input.frames == 1 ? "" : ", \(input.frames) frames"
    let colour = input.channels == 1 ? "gray" : "RGB"
    lines.append(
      "\(Self.escaped(input.path)), \(input.width) x \(input.height) \(colour)\(frames); mask \(Self.escaped(results.mask.pattern)), "
        + String(format: "%.1f %% missing.", results.mask.missingFraction * 100))
    let done = results.methods.filter(\.isComplete)
    if !done.isEmpty { lines += [""] + Self.table("method", done.map(\.name), done, Self.columns) }
    let swept = results.sweep.filter(\.isComplete)
    if !swept.isEmpty {
      lines += ["", "## Hold-out error against frequency", ""]
      let labels = swept.map { $0.frequency.map { Self.number(Double($0)) } ?? "-" }
      lines += Self.table("frequency", labels, swept, Self.sweepColumns)
    }
    let chosen = (done + swept).filter {
      $0.usedRegularizers != nil && $0.usedRegularizers != $0.settings.regularizers
    }
    if !chosen.isEmpty {
      lines += ["", "## Weights chosen by hold-out samples", ""]
      lines += chosen.map { "- \(Self.escaped($0.name)): \($0.usedRegularizers ?? "")" }
    }
    let failed = (results.methods + results.sweep).filter { $0.failure != nil }
    if !failed.isEmpty {
      lines += ["", "## Failed", ""]
      lines += failed.map { "- \(Self.escaped($0.name)): \(Self.escaped($0.failure ?? ""))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func table(
    _ first: String, _ labels: [String], _ rows: [MethodResult], _ columns: [Column]
  ) -> [String] {
    let cells = columns.map { $0.cells(rows) }
    let head = ["| \(first) | " + columns.map(\.heading).joined(separator: " | ") + " |"]
    let rule = ["|---|" + String(repeating: "---:|", count: columns.count)]
    return head + rule
      + rows.indices.map { row in
        "| \(escaped(labels[row])) | " + cells.map { $0[row] }.joined(separator: " | ") + " |"
      }
  }

  /// The curves of all methods, with a line for each observation.
  func csv() -> String {
    var lines = ["method,frame,iteration,seconds,loss,psnr_db,psnr_missing_db,nmae,nmae_missing"]
    for method in results.methods + results.sweep {
      for point in method.curve {
        let figures = [
          point.loss, point.raw.psnrDb, point.raw.psnrMissingDb, point.raw.nmae, point.raw.nmaeMissing,
        ]
        lines.append(
          ([Self.quoted(method.name), point.frame.map { "\($0)" } ?? "", "\(point.iteration)"]
            + ([point.seconds] + figures).map { $0.map(Self.number) ?? "" }).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func number(_ value: Double) -> String { String(format: "%.7g", value) }

  /// A field as RFC 4180 has it.
  private static func quoted(_ text: String) -> String {
    text.contains { "\",\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
