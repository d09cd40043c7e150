/// A moment of a video: a frame by its number (from 0), or a time (from the first frame, in seconds).
public enum FrameMoment: Sendable, Equatable {
  case frame(Int)
  case time(Double)

  /// Time stamps are multiples of a time base such as 1/90000 s. The slack keeps rounding errors from deciding where a
  /// moment falls on a frame.
  static let slack = 1e-6

  /// How far another moment lies behind this one, in frames or seconds; nil between a frame and a time.
  func distance(to other: FrameMoment) -> Double? {
    switch (self, other) {
    // Both count from 0, so that the difference can't overflow.
    case (.frame(let from), .frame(let to)): Double(to - from)
    case (.time(let from), .time(let to)): to - from
    case (.frame, .time), (.time, .frame): nil
    }
  }
}

extension FrameMoment {
  /// Reads `12`, `7.5s`, `mm:ss` or `hh:mm:ss`.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    guard let moment = FrameMoment(reading: text) else {
      throw MaskError(.options, "'\(text)' is no frame number or time: write 10, 5s or 00:00:05")
    }
    self = moment
  }

  /// The same; nil for a text that is no moment.
  init?(reading text: String) {
    if let frame = Int(text), frame >= 0 {
      self = .frame(frame)
    } else if let seconds = Self.seconds(text) {
      self = .time(seconds)
    } else {
      return nil
    }
  }

  /// Reads `7.5s`, `mm:ss` and `hh:mm:ss`; seconds may have a fraction.
  private static func seconds(_ text: String) -> Double? {
    if text.hasSuffix("s") { return plainNumber(text.dropLast()) }
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
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

  /// Reads digits with at most one point. `Double` alone would also take signs, exponents, infinity and hexadecimal, and
  /// very many digits for infinity.
  private static func plainNumber(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
