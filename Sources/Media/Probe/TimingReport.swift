internal import CFFmpeg

/// How the frames of a video follow each other.
public struct TimingReport: Sendable, Hashable, Codable {
  /// Seconds per unit of the time stamps, as a fraction.
  public var timeBase: String
  /// Frames per second over the whole; nil for fewer than two frames.
  public var framesPerSecond: Double?
  /// Whether every frame is where a constant rate puts it, to one unit of the time base; nil where time stamps are
  /// missing or there are fewer than three.
  public var isRegular: Bool?
  public var firstSeconds: Double?
  public var lastSeconds: Double?
  public var shortestStepSeconds: Double?
  public var longestStepSeconds: Double?
  /// Frames without a time stamp, and frames that have another's.
  public var missing: Int
  public var repeated: Int

  enum CodingKeys: String, CodingKey {
    case missing, repeated
    case timeBase = "time_base"
    case framesPerSecond = "frames_per_second"
    case isRegular = "regular"
    case firstSeconds = "first_seconds"
    case lastSeconds = "last_seconds"
    case shortestStepSeconds = "shortest_step_seconds"
    case longestStepSeconds = "longest_step_seconds"
  }

  /// - Parameters:
  ///   - times: time stamps in any order, in units of `unit` seconds.
  ///   - missing: frames that have none.
  init(times: [Int64], missing: Int, unit: Rational) {
    self.missing = missing
    timeBase = unit.description
    let sorted = times.sorted()
    // In floating point: what a broken file says may lie anywhere.
    let steps = zip(sorted, sorted.dropFirst()).map { Double($1) - Double($0) }
    repeated = steps.filter { $0 == 0 }.count
    let seconds = unit.value
    firstSeconds = sorted.first.map { Double($0) * seconds }
    lastSeconds = sorted.last.map { Double($0) * seconds }
    shortestStepSeconds = steps.min().map { $0 * seconds }
    longestStepSeconds = steps.max().map { $0 * seconds }
    guard let first = sorted.first, let last = sorted.last, last > first, seconds > 0 else { return }
    let mean = (Double(last) - Double(first)) / Double(sorted.count - 1)
    framesPerSecond = 1 / (mean * seconds)
    if missing > 0 || sorted.count < 3 { return }
    isRegular = sorted.enumerated().allSatisfy {
      abs(Double($0.element) - Double(first) - mean * Double($0.offset)) <= 1
    }
  }
}
