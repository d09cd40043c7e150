import ArgumentParser
import Foundation
import Pipelines

/// How a job tells where it stands.
enum ProgressKind: String, CaseIterable {
  case auto, bar, plain, json
  /// Nothing but the summary at the end.
  case summary
  /// Nothing but warnings and errors.
  case none

  static let help =
    "auto (a bar on a terminal, else plain), bar, plain, json (a line each on standard output), summary (only what is "
    + "said at the end) or none (not even that)."

  /// - Throws: `ValidationError` for a word that is none of these.
  static func check(_ text: String) throws {
    if ProgressKind(rawValue: text) == nil {
      throw ValidationError(
        "--progress \(text) is not available: choose auto, bar, plain, json, summary or none")
    }
  }

  /// Whether lines for people may be written while the job is at work.
  var tellsPeople: Bool { [.auto, .bar, .plain].contains(self) }

  /// - Parameter isOutputPiped: whether standard output belongs to the video.
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
  /// Prints a warning without garbling what is on the screen.
  func warn(_ sentence: String)
  /// Prints what is good to know and no reason to worry.
  func note(_ sentence: String)
  /// Leaves the screen fit for other lines.
  func end()
}

extension ProgressReporter {
  func warn(_ sentence: String) { Console.warning(sentence) }
  func note(_ sentence: String) { Console.note(sentence) }
  func end() {}
}

/// Nothing but warnings.
final class SilentProgress: ProgressReporter {
  func update(_ progress: JobProgress) {}
  func note(_ sentence: String) {}
}

/// A job's speed, and the time that is left at it.
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

/// Seconds since it was made, and whether another report is due.
struct ReportClock {
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private let interval: Duration

  init(every interval: Duration) { self.interval = interval }

  var elapsed: Double {
    let duration = ContinuousClock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// True at most once an interval, and whenever `always`.
  mutating func isDue(always: Bool) -> Bool {
    let now = ContinuousClock.now
    if !always, let last, now - last < interval { return false }
    last = now
    return true
  }
}
