import Foundation
import Spelling

/// Finds unknown words in a command line, and options that are given twice. It comes before the parser, whose first message
/// would often be about an option that is missing only because another one is misspelt.
struct CommandLineCheck {
  /// The parser's description of its commands.
  private struct Tool: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?
    var defaultSubcommand: String?

    func has(_ option: String) -> Bool { arguments?.contains { $0.isCalled(option) } ?? false }
  }

  private struct Argument: Decodable {
    var kind: String
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?

    func isCalled(_ text: String) -> Bool { names?.contains { $0.text == text } ?? false }
  }

  private struct Name: Decodable {
    var kind: String
    var name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  private let root: Command

  /// - Parameter description: the parser's description in JSON.
  init?(description: String) {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(description.utf8)) else { return nil }
    root = tool.command
  }

  /// Options of other programs, and their names here.
  private static let habits = [
    "-y": "--force", "--overwrite": "--force", "-i": "the input is named without an option", "-m": "--mask",
    "-q": "--progress none", "--quiet": "--progress none", "--silent": "--progress none", "-c:v": "--codec",
    "-vcodec": "--codec", "-pix_fmt": "--pixel-format", "-an": "--no-audio", "-sn": "--no-subtitles",
    "-V": "--version", "-r": "--mask-rect", "--rect": "--mask-rect", "--jobs": "--threads", "-j": "--threads",
    "--sensitivity": "--detect-sensitivity", "--region": "--detect-region",
    "--invert": "--mask-polarity black-is-missing", "--mask-invert": "--mask-polarity black-is-missing",
  ]

  /// One sentence about all mistakes; nil where there are none, or only the parser can tell.
  ///
  /// - Parameter isFile: whether a file exists.
  func complaint(
    about words: [String], isFile: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
  ) -> String? {
    let commands = root.subcommands ?? []
    let names = commands.map(\.commandName)
    if words.first == "help"
      || words.contains(where: { $0.hasPrefix("--experimental") || $0.hasPrefix("--generate") })
    {
      return nil
    }
    let named = commands.first { $0.commandName == words.first }
    guard let command = named ?? commands.first(where: { $0.commandName == root.defaultSubcommand }) else {
      return nil
    }
    let reading = read(Array(words.dropFirst(named == nil ? 0 : 1)), command)
    if named == nil, let first = words.first, !first.hasPrefix("-"), !isFile(first),
      !first.contains(where: { "./%\\".contains($0) })
    {
      let near = Spelling.hint(for: first, among: names)
      if !near.isEmpty || reading.values.count > 1 {
        return
          "there is neither a command nor a file called '\(first)'\(near); commands are \(names.joined(separator: ", "))"
      }
    }
    let sentences = reading.unknown + reading.repeated + surplus(reading.values, command, isFile)
    return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
  }

  /// Options of masks that take one value. Without a message, the first of two would be ignored.
  private static let single: [String: String] = [
    "--mask": "unite the masks in one file", "--mask-value": "mask the other value by a file",
    "--mask-color": "mask the other colour by a file", "--missing-value": "mask the other number by a file",
  ]

  private struct Reading {
    var unknown: [String] = []
    /// How often each of `single` was given.
    var given: [String: Int] = [:]

    /// Messages about options that were given too often.
    var repeated: [String] {
      CommandLineCheck.single.sorted { $0.key < $1.key }.filter { given[$0.key, default: 0] > 1 }
        .map { "\($0.key) is given more than once, and one is all that it takes: \($0.value)" }
    }
    /// Words that are neither options nor values of options.
    var values: [String] = []
  }

  private func read(_ words: [String], _ command: Command) -> Reading {
    var reading = Reading()
    var rest = words[...]
    let options = (command.arguments ?? []).filter { $0.kind != "positional" }
    func option(_ text: String) -> Argument? { options.first { $0.isCalled(text) } }
    while let word = rest.popFirst() {
      if word == "--" {
        reading.values += rest
        break
      }
      guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else {
        reading.values.append(word)
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      if let found = option(name) ?? (["--help", "-h", "--version"].contains(name) ? nil : option(word)) {
        if Self.single[name] != nil { reading.given[name, default: 0] += 1 }
        if found.kind == "option" && !word.contains("=") { rest = rest.dropFirst() }
        continue
      }
      if ["--help", "-h", "--version"].contains(name) { continue }
      // Several letters behind one dash may be several flags.
      if !word.hasPrefix("--") && word.dropFirst().allSatisfy({ option("-\($0)")?.kind == "flag" }) {
        continue
      }
      reading.unknown.append(sentence(about: name, command, options))
      // The value of an unknown option is no input.
      if !word.contains("="), let next = rest.first, !next.hasPrefix("-"),
        isLikelyValue(of: name, next, options)
      {
        rest = rest.dropFirst()
      }
    }
    return reading
  }

  /// Whether a word after an unknown option is likely its value: if the most similar known option takes one.
  private func isLikelyValue(of name: String, _ word: String, _ options: [Argument]) -> Bool {
    guard let near = nearest(to: name, options) else { return !word.contains(".") }
    return options.first { $0.isCalled(near) }?.kind != "flag"
  }

  private func nearest(to name: String, _ options: [Argument]) -> String? {
    let long = options.flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
    let typed = String(name.drop { $0 == "-" })
    return Spelling.nearest(to: typed, among: long).map { "--" + $0 }
  }

  private func sentence(about name: String, _ command: Command, _ options: [Argument]) -> String {
    let others = (root.subcommands ?? []).filter { $0.has(name) }.map(\.commandName)
    let start = "there is no option \(name)"
    if let habit = Self.habits[name] {
      let word = habit.prefix { $0 != " " }
      if options.contains(where: { $0.isCalled(String(word)) }) {
        return "\(start) (did you mean '\(habit)'?)"
      }
      if !habit.hasPrefix("-") { return "\(start): \(habit)" }
    }
    let place =
      others.isEmpty ? "" : " of '\(command.commandName)' (it is one of \(others.joined(separator: ", ")))"
    let near = nearest(to: name, options).map { " (did you mean '\($0)'?)" } ?? ""
    let all =
      place.isEmpty && near.isEmpty
      ? "; 'inrr-video \(command.commandName) --help' lists those that there are" : ""
    return start + (place.isEmpty ? near : place) + all
  }

  private static let pictures: Set<String> = [
    "png", "jpg", "jpeg", "bmp", "tif", "tiff", "pgm", "pbm", "gif", "webp",
  ]

  /// The message about more words than the command takes.
  private func surplus(_ values: [String], _ command: Command, _ isFile: (String) -> Bool) -> [String] {
    let taken = (command.arguments ?? []).filter { $0.kind == "positional" }
    if taken.contains(where: \.isRepeating) || values.count <= taken.count { return [] }
    let extra = values.dropFirst(taken.count)
    guard let first = extra.first else { return [] }
    let suffix = first.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let what =
      extra.count == 1 ? "the argument '\(first)' has" : "\(extra.count) arguments from '\(first)' on have"
    var advice: [String] = []
    if taken.isEmpty {
      let options = (command.arguments ?? []).filter { $0.kind == "option" && $0.valueName == "file" }
      let named = options.compactMap { $0.names?.first { $0.kind == "long" }?.text }.prefix(2)
      advice.append("files are named by options, such as \(named.joined(separator: " and "))")
    } else if extra.count > 1 && extra.allSatisfy(isFile) {
      advice.append(
        "several inputs are jobs of 'inrr-video run', and a sequence of images is named by a pattern such as 'f_%05d.png'"
      )
    } else if command.has("--mask") && (Self.pictures.contains(suffix) || isFile(first)) {
      advice.append("a mask is named with --mask \(first)")
    }
    if !taken.isEmpty && command.has("--output") && !isFile(first) && extra.count == 1 {
      advice.append("an output is named with -o \(first)")
    }
    return ["\(what) no meaning here" + (advice.isEmpty ? "" : ": \(advice.joined(separator: ", "))")]
  }
}
