/// Seconds that repeated runs of a piece of work took.
struct Timing {
  let seconds: [Double]

  var median: Double {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// What the fastest run took: a machine can do at least that.
  var least: Double { seconds.min() ?? .infinity }

  /// Half the distance between the quartiles over the median.
  var spread: Double {
    let sorted = seconds.sorted()
    let last = sorted.count - 1
    return (sorted[last * 3 / 4] - sorted[last / 4]) / (2 * median)
  }

  /// Runs `work` once to warm up, then `runs` times.
  static func measure(runs: Int, _ work: () -> Void) -> Timing {
    precondition(runs > 0, "nothing to take the median of")
    work()
    return Timing(seconds: (0..<runs).map { _ in stopwatch(work) })
  }

  static func stopwatch(_ work: () -> Void) -> Double { ContinuousClock().measure(work) / .seconds(1) }
}

/// A check that failed: whatever would have been timed is wrong.
struct WrongResult: Error, CustomStringConvertible {
  let description: String

  /// - Throws: `WrongResult` unless `difference` is at most `limit`; not a number counts as too large.
  static func check(_ what: String, difference: Double, limit: Double) throws {
    if difference <= limit { return }
    throw WrongResult(description: "\(what): off by \(difference), at most \(limit) is allowed")
  }
}
