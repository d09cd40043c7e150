import Foundation
import Pipelines

/// One line of a terminal, rewritten a few times a second.
final class ProgressBar: ProgressReporter {
  private var clock = ReportClock(every: .milliseconds(200))
  private var isShown = false

  func update(_ progress: JobProgress) {
    guard clock.isDue(always: progress.isFinished) else { return }
    Console.write("\r\u{1B}[K" + Self.line(progress, elapsed: clock.elapsed, columns: Console.columns - 1))
    isShown = true
  }

  func warn(_ sentence: String) {
    if isShown { Console.write("\r\u{1B}[K") }
    Console.warning(sentence)
  }

  func end() {
    if isShown { Console.write("\n") }
    isShown = false
  }

  /// The bar at its widest `columns` characters: `[#####-----] 24/48 frames  3.1 frames/s  0:08 left  31.20 dB`.
  static func line(_ progress: JobProgress, elapsed: Double, columns: Int) -> String {
    let text = ProgressText.text(progress, elapsed: elapsed)
    let room = columns - text.count - 3
    guard let total = progress.announcedFrames, total > 0, room >= 10 else {
      return String(text.prefix(columns))
    }
    let cells = min(room, 40)
    let share = progress.isFinished ? 1 : min(1, progress.framesSolved / Double(total))
    let filled = Int((share * Double(cells)).rounded(.down))
    return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "] "
      + text
  }
}

/// A line every few seconds, for logs.
final class PlainProgress: ProgressReporter {
  private var clock = ReportClock(every: .seconds(5))
  private let prefix: String

  /// - Parameter input: for every line, where several inputs are at work.
  init(input: String? = nil) { prefix = input.map { "\($0)  " } ?? "" }

  func update(_ progress: JobProgress) {
    guard clock.isDue(always: progress.isFinished) else { return }
    Console.line(prefix + ProgressText.text(progress, elapsed: clock.elapsed))
  }
}

enum ProgressText {
  /// `24/48 frames  3.1 frames/s  0:08 left  hold-out 31.20 dB`, without what is unknown.
  static func text(_ progress: JobProgress, elapsed: Double) -> String {
    let pace = Pace(progress, elapsed: elapsed)
    let done = Int(progress.framesSolved)
    let total = progress.isFinished ? done : progress.announcedFrames
    var parts = [total.map { "\(done)/\($0) frames" } ?? "\(done) frames"]
    if let speed = pace.framesPerSecond { parts.append(String(format: "%.2f frames/s", speed)) }
    if progress.isFinished {
      parts.append(Figures.clock(elapsed))
    } else if let left = pace.secondsLeft {
      parts.append("\(Figures.clock(left)) left")
    }
    if let psnr = progress.holdoutPSNR { parts.append("hold-out \(Figures.decibels(psnr))") }
    return parts.joined(separator: "  ")
  }
}
