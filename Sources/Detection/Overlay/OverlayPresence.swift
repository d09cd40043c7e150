/// The frames in which a mark is there, from how well each frame fits.
struct OverlayPresence: Sendable, Equatable {
  /// Frames that may fit badly between ones that fit well: the picture under the mark may hide it for a moment.
  private static let gap = 12
  /// Frames at each end that may fit only faintly: a mark that fades is soon strong enough for its signs.
  private static let fade = 8
  /// Fewer frames that fit well are chance.
  private static let fewest = 8
  /// A frame's fit is the median over so many frames before and behind it too, which keeps sudden changes where they are.
  private static let reach = 2

  private(set) var ranges: [Range<Int>] = []
  private var run: Run?
  /// Where the frames without a break begin that fit at least faintly.
  private var faintStart: Int?
  private var recent: [Float] = []
  private var last: Int?
  private var lastGood: Float = 0
  private var lastFaint: Float = 0

  private struct Run: Sendable, Equatable {
    var start: Int
    var end: Int
    var lastGood: Int
    var count: Int
    /// Whether all frames since the last good one fit at least faintly.
    var isUnbroken: Bool
  }

  /// The last frame that fits well, so far.
  var lastSeen: Int? { run?.lastGood ?? ranges.last.map { $0.upperBound - 1 } }

  /// - Parameters:
  ///   - good: from this fit on the mark is there.
  ///   - faint: from this fit on it may be, beside frames in which it is.
  mutating func add(frame: Int, fit: Float, good: Float, faint: Float) {
    if let last, frame != last + 1 { close() }
    recent.append(fit)
    if recent.count > 2 * Self.reach + 1 { recent.removeFirst() }
    last = frame
    // The first frames have no others before them.
    if recent.count > Self.reach {
      decide(frame: frame - Self.reach, fit: median(recent), good: good, faint: faint)
    }
    (lastGood, lastFaint) = (good, faint)
  }

  /// Decides frames that wait for others behind them: there are none.
  mutating func close() {
    if let last {
      for k in 0..<min(Self.reach, recent.count) {
        let frame = last - min(Self.reach, recent.count) + 1 + k
        decide(
          frame: frame, fit: median(Array(recent.suffix(2 * Self.reach - k))), good: lastGood,
          faint: lastFaint)
      }
    }
    (recent, last, faintStart) = ([], nil, nil)
    endRun()
  }

  private mutating func decide(frame: Int, fit: Float, good: Float, faint: Float) {
    if fit < faint {
      faintStart = nil
      run?.isUnbroken = false
    } else if faintStart == nil {
      faintStart = frame
    }
    if let last = run?.lastGood, frame - last > Self.gap { endRun() }
    if fit >= good {
      let earliest = max(faintStart ?? frame, frame - Self.fade, ranges.last?.upperBound ?? 0)
      run = Run(
        start: run?.start ?? earliest, end: frame + 1, lastGood: frame, count: (run?.count ?? 0) + 1,
        isUnbroken: true)
    } else if fit >= faint, let current = run, current.isUnbroken, frame - current.lastGood <= Self.fade {
      run?.end = frame + 1
    }
  }

  private mutating func endRun() {
    if let run, run.count >= Self.fewest {
      if let last = ranges.last, run.start - last.upperBound <= Self.gap {
        ranges[ranges.count - 1] = last.lowerBound..<run.end
      } else {
        ranges.append(run.start..<run.end)
      }
    }
    run = nil
  }

  /// Moves the beginning of the first range back to where older evidence has it.
  mutating func extendFirst(to start: Int) {
    if let first = ranges.first {
      ranges[0] = min(start, first.lowerBound)..<first.upperBound
    } else if let first = run?.start {
      run?.start = min(start, first)
    }
  }

  /// Where the first range, or the one that goes on, begins.
  var firstStart: Int? { ranges.first?.lowerBound ?? run?.start }
}
