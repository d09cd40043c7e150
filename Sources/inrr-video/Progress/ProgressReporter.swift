import ArgumentParser
import Foundation
import Pipelines

/// The ways to print a job's progress.
enum ProgressKind: String, CaseIterable {
  case auto, bar, plain, json
  /// Only the summary at the end.
  case summary
  /// Only warnings and errors.
  case none

  /// For shells.
  static var words: [String] { allCases.map(\.rawValue) }

  static let help =
    "auto (a bar on a terminal, else plain), bar, plain, json (a line each on standard output), summary (only what is "
    + "said at the end) or none (not even that)."

  /// - Throws: `ValidationError` for any other word.
  static func check(_ text: String) throws {
    if ProgressKind(rawValue: text) == nil {
      throw ValidationError(
        "--progress \(text) is not available: choose auto, bar, plain, json, summary or none")
    }
  }

  /// Whether lines for people are printed during the work.
  var tellsPeople: Bool { [.auto, .bar, .plain].contains(self) }

  /// - Parameter isOutputPiped: whether the video goes to standard output.
  func reporter(isOutputPiped: Bool = false) -> any ProgressReporter {
    switch self {
    case .auto: Console.isTerminal ? ProgressBar() : PlainProgress()
    case .bar: ProgressBar()
    case .plain: PlainProgress()
    case .json: JSONProgress(toErrors: isOutputPiped)
    case .summary, .none: SilentProgress()
    }
  }
}

protocol ProgressReporter: AnyObject {
  func update(_ progress: JobProgress)
  /// Prints a warning on a line of its own.
  func warn(_ sentence: String)
  /// Prints something good to know, which is no warning.
  func note(_ sentence: String)
  /// Ends the progress, so that other lines can follow.
  func end()
}

extension ProgressReporter {
  func warn(_ sentence: String) { Console.warning(sentence) }
  func note(_ sentence: String) { Console.note(sentence) }
  func end() {}
}

/// Prints only warnings.
final class SilentProgress: ProgressReporter {
  func update(_ progress: JobProgress) {}
  func note(_ sentence: String) {}
}

/// A job's speed, and the time left at that speed.
struct Pace: Equatable {
  var framesPerSecond: Double?
  var secondsLeft: Double?

  init(_ progress: JobProgress, elapsed: Double) {
    guard elapsed > 0, progress.framesSolved > 0 else { return }
    let speed = progress.framesSolved / elapsed
    framesPerSecond = speed
    if let total = progress.announcedFrames {
      secondsLeft = max(0, Double(total) - progress.framesSolved) / speed
    }
    if progress.isFinished { secondsLeft = 0 }
  }
}

/// Measures the time since it was made, and says when the next report is due.
struct ReportClock {
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private let interval: Duration

  init(every interval: Duration) { self.interval = interval }

  var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// True at most once an interval, and with `always`.
  mutating func isDue(always: Bool) -> Bool {
    let now = ContinuousClock.now
    if !always, let last, now - last < interval { return false }
    last = now
    return true
  }
}
