import ArgumentParser
import Fitting
import Foundation
import Pipelines
import Spelling

/// The options of an experiment that no YAML file describes.
struct ExperimentArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is taken away: random=RATE, patch, textural, block=RATE, downsample=K, or file with --mask.",
      valueName: "pattern"))
  var pattern: String?

  @Option(help: ArgumentHelp("Models by commas: siren, fourier, dmf, tucker.", valueName: "model,..."))
  var models: String?

  @Option(
    help: ArgumentHelp(
      "Lists of penalties, several by spaces or semicolons: \"none; inrr=0.0655; inrr=auto,tv=1e-3\" (default none).",
      valueName: "lists"))
  var regularizers: String?

  @Option(help: ArgumentHelp("One more list of penalties; repeatable.", valueName: "list"))
  var regularizer: [String] = []

  @Flag(help: "Adds SIREN with INRR in the setting of the paper's code.")
  var reference = false

  @Option(help: ArgumentHelp("Resamples the input, such as 256x256.", valueName: "size"))
  var size: String?

  @Flag(help: "Turns the input to gray.")
  var gray = false

  @Option(help: ArgumentHelp("Frames of a clip, from 0 (default: the first 32).", valueName: "a-b"))
  var frames: String?

  @Option(
    help: ArgumentHelp(
      "Share of the known samples held out where weights are auto (default 0.1).", valueName: "share"))
  var holdout: Double?

  @Option(
    help: ArgumentHelp(
      "Iterations between two points of the curves (default: a twentieth of the iterations).", valueName: "n")
  )
  var observeEvery: Int?

  @Option(help: "Start of the random numbers of the mask and of the models (default 0).")
  var seed: UInt64?

  /// The options that were given, as they are written.
  var given: [String] {
    let options: [(String, Bool)] = [
      ("--pattern", pattern != nil), ("--models", models != nil), ("--regularizers", regularizers != nil),
      ("--regularizer", !regularizer.isEmpty), ("--reference", reference), ("--size", size != nil),
      ("--gray", gray), ("--frames", frames != nil), ("--holdout", holdout != nil),
      ("--observe-every", observeEvery != nil), ("--seed", seed != nil),
    ]
    return options.filter(\.1).map(\.0)
  }

  mutating func validate() throws {
    if let holdout, !(0.001...0.9).contains(holdout) {
      throw ValidationError("--holdout \(holdout) lies outside 0.001 ... 0.9")
    }
    if let observeEvery, observeEvery < 1 {
      throw ValidationError("--observe-every \(observeEvery) is below 1")
    }
  }

  /// - Throws: `ValidationError` or `JobError`.
  func settings(input: String, mask: String?, threshold: Int) throws -> ExperimentSettings {
    guard let pattern = pattern ?? (mask == nil ? nil : "file") else {
      throw ValidationError("what is to be taken away? Give --pattern random=0.3, or --mask with a picture")
    }
    let source = try ExperimentSettings.Mask(
      pattern: pattern, file: mask, threshold: threshold, seed: seed ?? 0)
    if mask != nil, case .pattern = source.source {
      throw ValidationError("--pattern \(pattern) takes no --mask: leave out one of them")
    }
    let name = PathName.stem(of: input)
    var settings = ExperimentSettings(
      name: name.replacingOccurrences(of: "%", with: ""), input: input, mask: source, methods: try methods())
    settings.size = try size.map(ExperimentSettings.size(parsing:))
    settings.gray = gray
    settings.frames = try frames.map(ExperimentSettings.frames(parsing:))
    if let holdout { settings.holdout = holdout }
    settings.observationPeriod = observeEvery
    return settings
  }

  /// Every model with every list of penalties, and the reference where it is asked for.
  func methods() throws -> [ExperimentMethod] {
    let kinds = try (models ?? "").split(separator: ",").map(Self.model(parsing:))
    let texts = Self.alternatives(regularizers ?? "") + regularizer
    if kinds.isEmpty && (!reference || !texts.isEmpty) {
      throw ValidationError(
        "which models are to be compared? Give --models siren,tucker, for example, or --reference")
    }
    let lists = try (texts.isEmpty ? ["none"] : texts).map { text in
      do {
        return try RegularizerSettings.list(parsing: text)
      } catch let error as RegularizerTextError {
        let advice = text.contains("none,") || text.contains(",none") ? "; separate alternatives by ';'" : ""
        throw ValidationError("--regularizers: \(error.description)\(advice)")
      }
    }
    var methods = kinds.flatMap { kind in
      lists.map { ExperimentMethod(model: ModelSettings(kind), regularizers: $0) }
    }
    if reference { methods.append(.reference()) }
    if let seed { for i in methods.indices { methods[i].seed = seed } }
    return methods
  }

  private static func model(parsing text: Substring) throws -> ModelKind {
    if let kind = ModelKind(rawValue: String(text)) { return kind }
    let names = ModelKind.allCases.map(\.rawValue)
    throw ValidationError(
      "there is no model '\(text)'\(Spelling.hint(for: String(text), among: names)): choose among "
        + names.joined(separator: ", "))
  }

  /// The lists of penalties in a text, which spaces and semicolons separate; a space after a comma does not.
  static func alternatives(_ text: String) -> [String] {
    var lists: [String] = []
    for part in text.split(whereSeparator: { $0 == ";" }) {
      var isOpen = false
      for word in part.split(whereSeparator: \.isWhitespace) {
        if isOpen || (word.hasPrefix(",") && !lists.isEmpty) {
          lists[lists.count - 1] += word
        } else {
          lists.append(String(word))
        }
        isOpen = word.hasSuffix(",")
      }
    }
    return lists
  }
}
