import Detection
import Foundation
import Pipelines

/// What a search for damage found, in words.
enum DetectSummary {
  static func text(_ result: DetectResult, of job: DetectJob) -> String {
    var lines = [("found", found(result.figures, frames: result.frames))]
    if let damage = result.damage { lines.append(("damage", damage)) }
    let speed = Double(result.frames) / max(result.seconds, 1e-9)
    lines.append(("time", String(format: "%.1f s (%.2f frames/s)", result.seconds, speed)))
    lines.append(("mask", job.output))
    lines.append(("list", job.list))
    if let folder = job.views.folder { lines.append(("page", RestoreSummary.page(folder))) }
    if let panel = job.views.panel { lines.append(("panel", panel)) }
    return lines.map { Figures.line($0, $1) }.joined(separator: "\n")
  }

  /// `34 scratches in 120 and 2 spots of dirt in 2 of 250 frames, 0.40 % of the samples`.
  static func found(_ figures: DetectionFigures, frames: Int) -> String {
    let all = Figures.count(frames, "frame")
    let kinds = figures.kinds.compactMap(DamageKind.init(rawValue:))
    let parts = kinds.compactMap { kind -> String? in
      guard let count = figures.found[kind.rawValue], count.finds > 0 else { return nil }
      return "\(count.finds) \(count.finds == 1 ? kind.singular : kind.plural) in \(count.frames)"
    }
    guard let last = parts.last else {
      return "nothing: no \(kinds.map(\.plural).joined(separator: ", no ")) in \(all)"
    }
    let others = parts.dropLast().joined(separator: ", ")
    return (others.isEmpty ? last : "\(others) and \(last)")
      + " of \(all), \(Figures.percent(figures.share)) of the samples"
  }
}
