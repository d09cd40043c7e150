import Foundation
import Pipelines

/// The texts about a batch, for people and for programs.
enum BatchSummary {
  /// The counts, and every failure.
  static func text(_ report: BatchReport, path: String) -> String {
    var lines: [String] = []
    for status in [BatchReport.Status.failed, .stopped] {
      for entry in report.inputs where entry.status == status {
        lines.append("\(status.rawValue)  \(named(entry))")
      }
    }
    // What an output lacks must not be seen in the report alone. What an earlier run told is not told again.
    for entry in report.inputs where entry.status == .done || entry.status == .failed {
      for warning in entry.warnings {
        lines.append("warning  \(warning.contains(entry.input) ? warning : "\(entry.input): \(warning)")")
      }
    }
    let counts = [BatchReport.Status.done, .skipped, .failed, .stopped].map { status in
      "\(report.count(of: status)) \(status.rawValue)"
    }
    lines.append("\(Figures.count(report.inputs.count, "input")): \(counts.joined(separator: ", "))")
    lines.append("report  \(path)")
    // Line by line, so that a long list of failures is not shortened.
    return lines.map(MessageText.tidied).joined(separator: "\n")
  }

  /// The reason after the input's name, which most reasons begin with already.
  static func named(_ entry: BatchReport.Entry) -> String {
    entry.reason.hasPrefix(entry.input) ? entry.reason : "\(entry.input): \(entry.reason)"
  }

  static func line(_ report: BatchReport, path: String) throws -> String {
    try JSONProgress.text([
      "event": "finished", "done": report.count(of: .done), "skipped": report.count(of: .skipped),
      "failed": report.count(of: .failed), "stopped": report.count(of: .stopped), "report": path,
      "seconds_elapsed": report.seconds,
    ])
  }

  static func line(_ entry: BatchReport.Entry) throws -> String {
    try JSONProgress.text([
      "event": "input", "job": entry.job, "input": entry.input, "output": entry.output,
      "status": entry.status.rawValue, "reason": entry.reason,
      "exit_code": entry.exitCode.map { Int($0) } ?? NSNull(),
      "windows": entry.windows ?? NSNull(), "windows_kept": entry.windowsKept,
      "seconds": entry.seconds, "holdout_psnr_db": JSONProgress.number(entry.holdoutPsnrDb),
      "expected_psnr_db": JSONProgress.number(entry.expectedPsnrDb),
      "expected_psnr_low_db": JSONProgress.number(entry.expectedPsnrLowDb),
      "expected_psnr_high_db": JSONProgress.number(entry.expectedPsnrHighDb),
      "warnings": entry.warnings,
    ])
  }
}
