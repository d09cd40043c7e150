import Foundation

/// Figures and tables for people.
enum Figures {
  /// Lines of a name and a text that begins in the same column.
  static func table(_ lines: [(name: String, text: String)], indent: Int) -> String {
    lines.map { $0.name.padding(toLength: indent, withPad: " ", startingAt: 0) + $0.text }
      .joined(separator: "\n")
  }

  /// `1 window`, `2 windows`.
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// A line of a summary: what it is about, and what there is to say.
  static func line(_ name: String, _ text: String) -> String {
    name.padding(toLength: 9, withPad: " ", startingAt: 0) + text
  }

  static func decibels(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value.isFinite ? String(format: "%.2f dB", value) : "identical"
  }

  static func ratio(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }

  static func percent(_ fraction: Double) -> String { String(format: "%.2f %%", fraction * 100) }

  /// A rough length of time, such as `42 s`, `12 min` or `3 h 20 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "-" }
    if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 90 { return "\(minutes) min" }
    return minutes < 600 ? "\(minutes / 60) h \(minutes % 60) min" : "\(Int((seconds / 3600).rounded())) h"
  }

  /// `0:42`, `12:03`, `1:02:03`.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e7 else { return "-" }
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}
