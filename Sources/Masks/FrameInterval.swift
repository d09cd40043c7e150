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
      // Time stamps are multiples of a time base such as 1/90000 s. The slack keeps rounding errors from deciding where
      // an end falls on a frame.
      let slack = 1e-6
      return time >= (start ?? 0) - slack && (end.map { time < $0 - slack } ?? true)
    }
  }
}

extension FrameInterval {
  /// Reads `12`, `10-20`, `10-`, `-20`, `5s-7.5s`, `00:00:05-00:00:07.5`, `5s-`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { throw Self.unreadable(text) }
    let ends = try parts.map { $0.isEmpty ? nil : try End(parsing: $0, within: text) }
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

  private static func unreadable(_ text: String) -> MaskError {
    MaskError(
      .options, "'\(text)' is no range of frames or times: write 10-20, 10-, 5s-7.5s or 00:00:05-00:00:07.5")
  }

  private static func backwards(_ text: String) -> MaskError {
    MaskError(.options, "the range '\(text)' ends before it begins")
  }

  private enum End {
    case frame(Int)
    case time(Double)

    init(parsing part: String, within text: String) throws {
      if let frame = Int(part), frame >= 0 {
        self = .frame(frame)
      } else if let seconds = Self.seconds(part) {
        self = .time(seconds)
      } else {
        throw FrameInterval.unreadable(text)
      }
    }

    /// Reads `7.5s`, `mm:ss` and `hh:mm:ss`; seconds may have a fraction.
    private static func seconds(_ part: String) -> Double? {
      if part.hasSuffix("s") { return plainNumber(part.dropLast()) }
      let fields = part.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 2 || fields.count == 3, let last = plainNumber(fields[fields.count - 1]) else {
        return nil
      }
      var total = 0.0
      for field in fields.dropLast() {
        guard let value = Int(field), value >= 0 else { return nil }
        total = total * 60 + Double(value)
      }
      return last < 60 ? total * 60 + last : nil
    }

    /// Reads digits with at most one point. `Double` alone would also take signs, exponents, infinity and hexadecimal.
    private static func plainNumber(_ text: Substring) -> Double? {
      guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
      return Double(text)
    }
  }
}
