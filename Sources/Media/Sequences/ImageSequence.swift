import Foundation

/// What is done about numbers that a sequence of images lacks.
public enum SequenceGaps: Sendable, Equatable {
  /// The sequence can't be read; the text says what to do about it.
  case refused(advice: String)
  /// Each is a frame of the sequence without an image.
  case frames

  public static let refused = SequenceGaps.refused(
    advice: "add them, or give --mask-gaps, with which their frames count as missing")
}

/// The images that a numbered pattern such as `frame_%05d.png` stands for.
public struct ImageSequence: Sendable, Equatable {
  /// The pattern with its folder.
  public let path: String
  /// Numbers of the images, ascending; at least one.
  public let runs: [ClosedRange<Int>]
  private let pattern: NumberPattern
  private let folder: String

  public static func == (left: ImageSequence, right: ImageSequence) -> Bool {
    (left.path, left.runs) == (right.path, right.runs)
  }

  /// Nil for a path that is no pattern, or that is the name of a file.
  ///
  /// - Throws: `MediaError` of kind `.cannotRead` where the folder holds none of the pattern's images.
  public init?(path: String) throws {
    let (folder, name) = OutputFile.split(path)
    guard Self.isPattern(path), let pattern = NumberPattern(name) else { return nil }
    let names = OutputFile.names(in: folder)
    guard let runs = Self.runs(of: names.compactMap(pattern.number(in:))) else {
      throw MediaError(.cannotRead, Self.nothing(path, pattern, names))
    }
    (self.path, self.runs, self.pattern, self.folder) = (path, runs, pattern, folder)
  }

  /// Whether a path is a pattern of names with a number in them, and not the name of a file.
  public static func isPattern(_ path: String) -> Bool {
    NumberPattern(OutputFile.split(path).name) != nil && access(path, F_OK) != 0
  }

  /// The pattern that all names of a folder's images follow, and the numbers that they skip; nil where there is none.
  public static func pattern(ofNames names: [String]) -> (name: String, skipped: String?)? {
    // Only names with zeros before their numbers show the pattern's number of digits.
    let texts = Set(names.compactMap(NumberPattern.text(of:)))
    let text = texts.first { text in
      NumberPattern(text).map { pattern in names.allSatisfy { pattern.number(in: $0) != nil } } ?? false
    }
    guard let text, let pattern = NumberPattern(text), !names.isEmpty,
      let runs = runs(of: names.compactMap(pattern.number(in:)))
    else { return nil }
    return (text, list(runs) { String($0) })
  }

  public var first: Int { runs[0].lowerBound }
  public var last: Int { runs[runs.count - 1].upperBound }
  /// The number of frames, with those that have no image.
  public var count: Int { last - first + 1 }

  /// The number of images.
  public var images: Int { runs.reduce(0) { $0 + $1.count } }

  /// Frames, counted from 0, that have no image.
  public var gaps: [Range<Int>] {
    zip(runs, runs.dropFirst()).map { $0.upperBound + 1 - first..<$1.lowerBound - first }
  }

  /// The name of a frame's image, without its folder.
  public func name(ofFrame index: Int) -> String { pattern.name(of: first + index) }

  /// The pattern for FFmpeg, which would take a percent sign in the folder's name for another number.
  var url: String { folder.replacing("%", with: "%%") + OutputFile.split(path).name }

  /// A sentence that names the gaps; nil where there is none.
  public var gapSentence: String? {
    Self.list(runs, name: pattern.name(of:)).map { missing in
      "there are images from \(pattern.name(of: first)) to \(pattern.name(of: last)), but not \(missing)"
    }
  }

  /// - Throws: `MediaError` of kind `.cannotRead` that names the numbers that are missing.
  func refuseGaps(advice: String) throws {
    if let gapSentence { throw MediaError(.cannotRead, "\(path): \(gapSentence): \(advice)") }
  }

  private static func runs(of numbers: [Int]) -> [ClosedRange<Int>]? {
    var runs: [ClosedRange<Int>] = []
    for number in numbers.sorted() {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.isEmpty ? nil : runs
  }

  /// The numbers between the runs, the first few of them: `f_003.png, f_007.png to f_009.png and 12 more`.
  private static func list(_ runs: [ClosedRange<Int>], name: (Int) -> String) -> String? {
    let gaps = zip(runs, runs.dropFirst()).map { $0.upperBound + 1...$1.lowerBound - 1 }
    if gaps.isEmpty { return nil }
    let shown = gaps.prefix(4).map { gap in
      gap.count == 1 ? name(gap.lowerBound) : "\(name(gap.lowerBound)) to \(name(gap.upperBound))"
    }
    let rest = gaps.dropFirst(4).reduce(0) { $0 + $1.count }
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private static func nothing(_ path: String, _ pattern: NumberPattern, _ names: [String]) -> String {
    let like = names.filter(pattern.matches).min()
    let advice = like.map { like in
      "\(like) is there: " + (NumberPattern.text(of: like).map { "write \($0)" } ?? "check the pattern")
    }
    return "\(path): no image is called like that, such as \(pattern.name(of: 1)); "
      + (advice ?? "check the name and its folder")
  }
}
