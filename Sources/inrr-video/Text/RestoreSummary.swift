import Foundation
import Media
import Pipelines
import Reconstruction

/// The text after a restoration: what was missing, what was done, how good it probably is, and where to look.
enum RestoreSummary {
  static func text(_ result: RestoreResult, output: OutputArguments, input: String) -> String {
    let figures = result.metrics
    var lines = [("missing", missing(result)), ("done", done(figures))]
    if let detection = figures.detection {
      lines.insert(("found", DetectSummary.found(detection, frames: figures.frames)), at: 0)
    }
    for overlay in figures.overlays ?? [] { lines.append(("overlay", overlay.text)) }
    if !figures.windows.isEmpty { lines.append(("quality", quality(figures))) }
    if let damage = result.damage { lines.append(("damage", damage)) }
    if let doubtful = doubtful(figures) { lines.append(("look at", doubtful)) }
    let seconds = figures.seconds
    let speed = Double(figures.frames) / max(seconds.total, 1e-9)
    let time = String(
      format:
        "%@ (%.2f frames/s): %.0f %% reconstructing; %.0f %% reading and %.0f %% writing, partly beside it",
      duration(seconds.total), speed, share(seconds.fit, seconds.total),
      share(seconds.decode, seconds.total), share(seconds.encode, seconds.total))
    lines.append(("time", time))
    lines.append(("output", figures.output))
    if let metrics = output.metrics { lines.append(("figures", metrics)) }
    if let mask = output.saveMask { lines.append(("mask", mask)) }
    if let model = output.saveModel { lines.append(("model", model)) }
    if let report = output.report {
      lines.append(("report", page(report)))
    } else if !figures.windows.isEmpty, ![input, figures.output].contains(StandardStream.path) {
      let command = "inrr-video inspect \(quoted(input)) --result \(quoted(figures.output))"
      let record = output.metrics.map { " --metrics \(quoted($0))" } ?? ""
      lines.append(("compare", "\(command)\(maskOptions())\(record) --html report"))
    }
    return lines.map { Figures.line($0, $1) }.joined(separator: "\n")
  }

  /// Where the page of a folder is, and how it is looked at.
  static func page(_ folder: String) -> String {
    "\(folder)/index.html: open it with  xdg-open \(quoted("\(folder)/index.html"))"
  }

  private static func missing(_ result: RestoreResult) -> String {
    let figures = result.metrics
    let share = "\(Figures.percent(figures.missingFraction)) of all samples"
    if figures.windows.isEmpty { return share }
    let boxes = Set(figures.windows.map(\.report.box)).count
    guard let frames = result.missingFrames else {
      // Windows overlap in time and in space.
      let intervals = merged(figures.windows.map { $0.report.firstFrame...$0.report.lastFrame })
      let held = intervals.reduce(0) { $0 + $1.count }
      let slices =
        held >= figures.frames ? "all over the \(figures.frames)" : "within \(held) of \(figures.frames)"
      return "\(share), \(slices) slices, in \(boxes) box\(boxes == 1 ? "" : "es")"
    }
    let all = Figures.count(figures.frames, "frame")
    if frames.whole == frames.touched {
      return "\(share): \(Figures.count(frames.whole, "whole frame")) of \(figures.frames)"
    }
    let touched = frames.touched == figures.frames ? "in all of \(all)" : "in \(frames.touched) of \(all)"
    let whole = frames.whole == 0 ? "" : " (\(frames.whole) of them whole)"
    let places =
      figures.windows.contains { $0.report.spots != nil }
      ? "all over the picture" : "in \(boxes) box\(boxes == 1 ? "" : "es")"
    return "\(share), \(touched)\(whole), \(places)"
  }

  private static func done(_ figures: RestoreMetrics) -> String {
    let windows = figures.windows.map(\.report)
    if windows.isEmpty { return "nothing to reconstruct" }
    var totals: [String: Double] = [:]
    for report in windows { for (id, weight) in report.weights { totals[id.name, default: 0] += weight } }
    let sum = max(totals.values.reduce(0, +), 1e-9)
    let main = totals.filter { $0.value / sum >= 0.1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(3)
      .map { String(format: "%@ %.0f %%", $0.key, $0.value / sum * 100) }
    let mix = main.isEmpty ? "" : ", mostly by \(main.joined(separator: ", "))"
    let kept = windows.count { $0.isKept }
    let before = kept > 0 ? " (\(kept) of them by an earlier run)" : ""
    let sites = windows.count { $0.spots == nil }
    let kinds = windows.compactMap(\.spots)
    let spots = kinds.reduce(0) { $0 + $1.all }
    let named = [
      (kinds.reduce(0) { $0 + $1.lines }, "line"), (kinds.reduce(0) { $0 + $1.blotches }, "blotch"),
      (kinds.reduce(0) { $0 + $1.points }, "point"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : $0.1 == "blotch" ? "es" : "s")" }
    let what = [
      spots > 0
        ? "\(Figures.count(spots, "small hole")) (\(named.joined(separator: ", ")))" : nil,
      sites > 0 || spots == 0 ? Figures.count(sites, "site") : nil,
    ].compactMap { $0 }.joined(separator: " and ")
    return "\(what) solved\(before), preset \(figures.preset.rawValue)\(mix)"
  }

  private static func quality(_ figures: RestoreMetrics) -> String {
    let held = figures.windows.reduce(0) { $0 + $1.report.holdoutSamples }
    let measured = figures.holdoutPsnrDb.map {
      "\(Figures.decibels($0)) on \(held) known samples kept aside"
    }
    guard let expected = figures.expectedPSNR else {
      guard let measured else { return "unknown: no known samples could be kept aside to check it" }
      return "unknown: nothing like all of the holes could be kept aside to check it (\(measured))"
    }
    let text = "probably \(range(expected))"
    return measured.map { "\(text); \($0)" } ?? text
  }

  /// `24.1 to 29.3 dB`.
  private static func range(_ psnr: PSNRRange) -> String {
    String(format: "%.1f to %.1f dB", psnr.low, psnr.high)
  }

  /// Sites that are probably bad, or of which that can't be told, which come first.
  private static func doubtful(_ figures: RestoreMetrics) -> String? {
    let windows = figures.windows.map(\.report)
    let expected = windows.map(\.expected?.psnr)
    let values = expected.compactMap { $0?.low }.sorted()
    guard windows.count > 1 else { return nil }
    let middle = values.isEmpty ? 0 : values[values.count / 2]
    let low = zip(windows, expected).compactMap { report, psnr in psnr.map { (report: report, psnr: $0) } }
      .filter { $0.psnr.low < middle - 3 }.sorted { $0.psnr.low < $1.psnr.low }
    let unknown = zip(windows, expected).filter { $0.1 == nil }.map(\.0)
    let named = (unknown.map { ($0, nil) } + low.map { ($0.report, $0.psnr) }).prefix(3).map { report, psnr in
      let figure = psnr.map { range($0) } ?? "unknown"
      let place = report.spots == nil ? " at \(report.box.x),\(report.box.y)" : ""
      return "\(report.firstFrame)–\(report.lastFrame)\(place) (\(figure))"
    }
    if named.isEmpty { return nil }
    let more = low.count + unknown.count - named.count
    return "frames \(named.joined(separator: ", "))\(more > 0 ? " and \(more) more" : "")"
  }

  private static func merged(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var result: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func share(_ part: Double, _ whole: Double) -> Double { part / max(whole, 1e-9) * 100 }

  private static func duration(_ seconds: Double) -> String {
    seconds < 60 ? String(format: "%.1f s", seconds) : Figures.clock(seconds)
  }

  /// The options of the command line about the mask and about how the input is read.
  private static func maskOptions() -> String {
    var rest = CommandLine.arguments.dropFirst()
    var words: [String] = []
    while let word = rest.popFirst() {
      let kinds = [
        "--mask", "--missing-", "--axis", "--spacing", "--stack-as", "--stream", "--keep-", "--detect",
      ]
      guard kinds.contains(where: word.hasPrefix) else { continue }
      words.append(word)
      let flags = ["--mask-hold", "--mask-corrupt", "--mask-gaps", "--keep-nan"]
      let isComplete = word.contains("=") || flags.contains(word)
      if !isComplete, let value = rest.popFirst() { words.append(value) }
    }
    return words.map { " " + quoted($0) }.joined()
  }

  /// A word as a shell takes it.
  private static func quoted(_ text: String) -> String {
    let plain = text.allSatisfy { $0.isLetter || $0.isNumber || "._-/%+=:,".contains($0) }
    return plain && !text.isEmpty ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
