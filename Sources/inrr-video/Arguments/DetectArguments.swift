import ArgumentParser
import Detection
import Masks
import Pipelines
import Spelling

/// How damage is looked for.
struct DetectArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How much is found, from 0 (what is certain alone) to 1 (faint damage too, at the price of false alarms; default 0.5).",
      valueName: "0...1"))
  var detectSensitivity: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle outside of which nothing is found; written as --mask-rect; repeatable.",
      valueName: "x,y,w,h[@from-to]"))
  var detectRegion: [String] = []

  /// The kinds that can be looked for, for shells.
  static var kindWords: [String] { DamageKind.offered.map(\.rawValue) }

  /// The kinds that can be looked for, for help texts.
  static var kindNames: String { kindWords.joined(separator: ", ") }

  /// The words of a list, such as `dirt,scratches`; none for nil.
  ///
  /// - Parameter option: for messages.
  /// - Throws: `JobError` for words that are no kinds, and for a list without any.
  static func words(_ list: String?, of option: String) throws -> [String] {
    guard let list else { return [] }
    let words = list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    let known = DamageKind.offered.map(\.rawValue)
    if let wrong = words.first(where: { !known.contains($0) }) {
      throw JobError.configuration(
        "\(option) names '\(wrong)', which is no kind of damage that can be looked for"
          + "\(Spelling.hint(for: wrong, among: known)): give some of \(kindNames)")
    }
    if words.isEmpty {
      throw JobError.configuration("\(option) names no kind of damage: give some of \(kindNames)")
    }
    return words
  }

  var sensitivity: OptionSettings.Option? {
    .init("mask.detect_sensitivity", "--detect-sensitivity", detectSensitivity)
  }

  /// Adds the regions to options that say what is looked for.
  ///
  /// - Throws: `MaskError`, or `JobError` where nothing is looked for.
  func place(in options: inout MaskOptions) throws {
    let regions = try detectRegion.map(MaskRectangle.init(parsing:))
    if regions.isEmpty { return }
    if options.detection == nil {
      throw JobError.configuration(
        "--detect-region says where damage is looked for: name kinds of damage with --detect, or leave it out"
      )
    }
    options.detection?.regions = regions
  }
}
