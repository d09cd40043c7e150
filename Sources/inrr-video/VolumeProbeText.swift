import Foundation
import Pipelines

/// What a person reads about a volume.
enum VolumeProbeText {
  static func text(_ outcome: VolumeProbeJob.Outcome) -> String {
    var lines = [("file", "\(outcome.path): \(outcome.format)"), ("read as", outcome.reading)]
    if let doubt = outcome.doubt { lines.append(("but", doubt)) }
    lines.append(("spacing", numbers(outcome.spacing, between: " x ")))
    if let affine = outcome.affine {
      let rows = stride(from: 0, to: 12, by: 4).map { numbers(Array(affine[$0..<$0 + 4]), between: " ") }
      lines.append(("affine", rows.joined(separator: "; ")))
    }
    if outcome.slope != 1 || outcome.intercept != 0 {
      let slope = numbers([outcome.slope], between: "")
      lines.append(("scale", "\(slope) x stored + \(numbers([outcome.intercept], between: ""))"))
    }
    if let range = outcome.range { lines.append(("numbers", numbers(range, between: " to "))) }
    if outcome.notNumbers > 0 { lines.append(("missing", "\(outcome.notNumbers) voxels are no numbers")) }
    if outcome.smallerCopies > 0 {
      lines.append(("copies", "\(outcome.smallerCopies) smaller ones, which follow a restoration"))
    }
    return lines.map { name, text in name.padding(toLength: 11, withPad: " ", startingAt: 0) + text }
      .joined(separator: "\n")
  }

  private static func numbers(_ values: [Double], between separator: String) -> String {
    values.map { String(format: "%.6g", $0) }.joined(separator: separator)
  }
}
