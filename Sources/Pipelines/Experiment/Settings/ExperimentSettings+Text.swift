extension ExperimentSettings {
  private static let largestSide = 16384

  /// Reads `256x256`, width by height.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func size(parsing text: String) throws -> Size {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], (8...largestSide).contains(width),
      (8...largestSide).contains(height)
    else {
      throw JobError.configuration(
        "'\(text)' is no size: write 256x256, width by height, 8 to \(largestSide) each")
    }
    return Size(width: width, height: height)
  }

  /// Reads `0-31`, both ends included, or `7` for one frame.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func frames(parsing text: String) throws -> ClosedRange<Int> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
      last >= first, last < 1 << 30
    else { throw JobError.configuration("'\(text)' are no frames: write 0-31, or 7 for one frame") }
    return first...last
  }
}

extension ExperimentSettings.Mask {
  public enum Pattern: String, CaseIterable, Sendable {
    case random, patch, textural, block, downsample, file
  }

  /// As in the authors' code, only white is known.
  public static let standardThreshold = 255

  /// Reads `random=0.3`, `patch`, `textural`, `block=0.2`, `downsample=2` or `file`.
  ///
  /// - Parameter file: the mask's picture, for `file` and `textural`.
  /// - Throws: `JobError` of kind `.configuration`.
  public init(pattern text: String, file: String?, threshold: Int = standardThreshold, seed: UInt64 = 0)
    throws
  {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let pattern = Pattern(rawValue: sides[0]) else {
      let known = Pattern.allCases.map(\.rawValue).joined(separator: ", ")
      throw JobError.configuration("there is no pattern '\(sides[0])': choose among \(known)")
    }
    let number = sides.count == 2 ? Double(sides[1]) : nil
    let needsNumber = [.random, .block, .downsample].contains(pattern)
    if needsNumber != (number != nil) || (sides.count == 2) != needsNumber {
      let example = pattern == .downsample ? "downsample=2" : "\(pattern.rawValue)=0.3"
      throw JobError.configuration(
        needsNumber ? "'\(text)' needs a number: write \(example)" : "'\(pattern.rawValue)' takes no number")
    }
    try self.init(pattern, rate: number, factor: number, file: file, threshold: threshold, seed: seed)
  }

  /// - Throws: `JobError` of kind `.configuration` for a number that is missing or out of bounds.
  init(
    _ pattern: Pattern, rate: Double?, factor: Double?, file: String?, threshold: Int, seed: UInt64
  ) throws {
    func share() throws -> Double {
      guard let rate, rate > 0, rate < 1 else {
        throw JobError.configuration(
          "the pattern \(pattern.rawValue) needs a share of missing pixels between 0 and 1")
      }
      return rate
    }
    switch pattern {
    case .random: self.init(.pattern(.random(rate: try share())), seed: seed)
    case .block: self.init(.pattern(.block(rate: try share())), seed: seed)
    case .patch: self.init(.pattern(.patch), seed: seed)
    case .downsample:
      guard let factor, let whole = Int(exactly: factor), (2...1024).contains(whole) else {
        throw JobError.configuration("the pattern downsample needs a factor, a whole number from 2 to 1024")
      }
      self.init(.pattern(.downsample(factor: whole)), seed: seed)
    case .textural:
      self.init(file.map { .file($0, threshold: threshold) } ?? .pattern(.textural), seed: seed)
    case .file:
      guard let file else { throw JobError.configuration("the pattern file needs the mask's file") }
      self.init(.file(file, threshold: threshold), seed: seed)
    }
  }
}
