import Foundation
import Synchronization

/// The rows of the table in docs/fidelity.md, written where `FIDELITY_TABLE` names a file.
enum FidelityTable {
  private static let rows = Mutex<[String: String]>([:])

  static func record(
    _ test: FidelityCase, _ comparison: Comparison, _ known: KnownSamples, isFaithful: Bool
  ) throws {
    guard let path = ProcessInfo.processInfo.environment["FIDELITY_TABLE"] else { return }
    let video = { (view: FileView) in
      "\(view.fields["video.codec_name"] ?? "-"), \(view.fields["video.pix_fmt"] ?? "-")"
    }
    let differ =
      test.mayDiffer.map { "\($0.fields.joined(separator: ", ")): \($0.reason)" }
      + test.refused.map {
        "stream \($0) (\(comparison.before.fields["stream.\($0).codec_name"] ?? comparison.before.kinds[$0] ?? "?")) left out, with a warning"
      }
    let samples =
      test.isLossless
      ? (known.changed == 0 ? "identical" : "CHANGED")
      : known.psnr.isFinite ? String(format: "%.1f dB", known.psnr) : "identical"
    let row =
      "| \(test.property) | \(test.inputContainer): \(video(comparison.before)) | "
      + "\(test.outputContainer): \(video(comparison.after)) | \(comparison.before.frameTimes.count) | \(samples) | "
      + "\(isFaithful ? "the same" : "DIFFERENT") | \(differ.joined(separator: "; ")) |"
    rows.withLock { $0[test.description] = row }
    let order = FidelityCase.all.map(\.description)
    let table = rows.withLock { rows in order.compactMap { rows[$0] } }
    let text = header + table.joined(separator: "\n") + "\n"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private static let header = """
    | file | input | output | frames | known samples | ffprobe's fields, times, packets | but for |
    |---|---|---|---|---|---|---|

    """
}
