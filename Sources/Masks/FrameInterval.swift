import Frames

/// A range of frames, given by their numbers (from 0) or by time (from the first frame, in seconds).
public enum FrameInterval: Sendable, Equatable {
  /// Frames `first ... last`, both included; nil leaves an end open.
  case frames(first: Int?, last: Int?)
  /// Frames shown at `start ..< end`; nil leaves an end open.
  case times(start: Double?, end: Double?)

  /// Whether the interval contains every frame of any video.
  public var isEverything: Bool {
    switch self {
    case .frames(let first, let last): (first ?? 0) <= 0 && last == nil
    case .times(let start, let end): (start ?? 0) <= 0 && end == nil
    }
  }

  /// Whether a frame lies in the interval.
  ///
  /// - Parameters:
  ///   - index: the frame's number, from 0.
  ///   - time: seconds since the first frame; a frame without a time lies in no interval of times.
  public func contains(index: Int, time: Double?) -> Bool {
    switch self {
    case .frames(let first, let last):
      return index >= (first ?? 0) && index <= (last ?? Int.max)
    case .times(let start, let end):
      guard let time else { return false }
      let slack = FrameMoment.slack
      return time >= (start ?? 0) - slack && (end.map { time < $0 - slack } ?? true)
    }
  }
}

extension FrameInterval {
  /// From a moment to another one of the same kind.
  init?(from: FrameMoment, to: FrameMoment) {
    switch (from, to) {
    case (.frame(let first), .frame(let last)): self = .frames(first: first, last: last)
    case (.time(let start), .time(let end)): self = .times(start: start, end: end)
    case (.frame, .time), (.time, .frame): return nil
    }
  }

  /// Whether a frame lies in the interval or, with a period, in one of its repetitions.
  func contains(index: Int, time: Double?, period: FrameMoment?) -> Bool {
    switch (self, period) {
    case (.frames(let first, let last?), .frame(let period)?) where period > 0:
      let since = index - (first ?? 0)
      return since >= 0 && since % period <= last - (first ?? 0)
    case (.times(let start, let end?), .time(let period)?) where period > 0:
      guard let time else { return false }
      let since = time - (start ?? 0) + FrameMoment.slack
      return since >= 0 && since.truncatingRemainder(dividingBy: period) < end - (start ?? 0)
    default: return contains(index: index, time: time)
    }
  }

  /// Reads the number of frames or seconds after which the interval comes again, such as `100` or `4s`.
  ///
  /// - Throws: `MaskError` of kind `.options` for one that is shorter than the interval, or of the other kind.
  public func period(parsing text: String) throws -> FrameMoment {
    let period = try FrameMoment(parsing: text)
    let length: FrameMoment
    switch self {
    case .frames(let first, let last?): length = .frame(min(last - (first ?? 0), .max - 1) + 1)
    case .times(let start, let end?): length = .time(end - (start ?? 0))
    case .frames, .times:
      throw MaskError(
        .options,
        "the range \(self.text) has no end, so that it can't come again every \(text): write its end")
    }
    guard let spare = length.distance(to: period) else {
      throw MaskError(
        .options,
        "the range \(self.text) and its period '\(text)' mix frame numbers and times: write 0-24/100 or 0s-1s/4s"
      )
    }
    guard spare >= 0 else {
      throw MaskError(
        .options, "the range \(self.text) is longer than \(text), after which it would come again")
    }
    return period
  }

  /// Reads `12`, `10-20`, `10-`, `-20`, `5s-7.5s`, `00:00:05-00:00:07.5`, `5s-`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { throw Self.unreadable(text) }
    let ends = try parts.map { $0.isEmpty ? nil : try Self.end($0, of: text) }
    let from = ends[0]
    let to = ends[ends.count - 1]
    switch (from, to) {
    case (.frame(let first)?, .frame(let last)?):
      guard first <= last else { throw Self.backwards(text) }
      self = .frames(first: first, last: last)
    case (.frame(let first)?, nil): self = .frames(first: first, last: nil)
    case (nil, .frame(let last)?): self = .frames(first: nil, last: last)
    case (.time(let start)?, .time(let end)?):
      if ends.count == 1 {
        throw MaskError(.options, "'\(text)' is a single moment: give a range of times such as 5s-7.5s")
      }
      guard start < end else { throw Self.backwards(text) }
      self = .times(start: start, end: end)
    case (.time(let start)?, nil): self = .times(start: start, end: nil)
    case (nil, .time(let end)?): self = .times(start: nil, end: end)
    case (.frame?, .time?), (.time?, .frame?):
      throw MaskError(.options, "'\(text)' mixes a frame number and a time: write 10-20 or 5s-7.5s")
    case (nil, nil): throw Self.unreadable(text)
    }
  }

  /// Reads a list separated by commas, such as `10,20-25`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public static func list(parsing text: String) throws -> [FrameInterval] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      try FrameInterval(parsing: part.trimmed)
    }
  }

  private static func end(_ part: String, of text: String) throws -> FrameMoment {
    guard let moment = FrameMoment(reading: part) else { throw unreadable(text) }
    return moment
  }

  private static func unreadable(_ text: String) -> MaskError {
    MaskError(
      .options, "'\(text)' is no range of frames or times: write 10-20, 10-, 5s-7.5s or 00:00:05-00:00:07.5")
  }

  private static func backwards(_ text: String) -> MaskError {
    MaskError(.options, "the range '\(text)' ends before it begins")
  }
}
