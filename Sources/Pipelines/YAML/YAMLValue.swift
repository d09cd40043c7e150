import Foundation
import Spelling
import Yams

/// A value of a file of settings, read strictly: a value that does not fit is noted with its place, and read as nil.
struct YAMLValue {
  let node: Node
  /// Its key, for messages.
  let name: String
  let diagnostics: YAMLDiagnostics

  /// Notes a mistake in this value.
  func fail(_ message: String) { diagnostics.add(message, at: node.mark) }

  private func refuse<Result>(_ wanted: String) -> Result? {
    fail("\(name) must be \(wanted), not \(found)")
    return nil
  }

  /// What the value is, for messages.
  private var found: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  /// The text of a value that is not quoted, and no list or mapping.
  private var plain: String? {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return nil }
    return scalar.string
  }

  /// Any single value as it is written.
  func text() -> String? {
    if case .scalar(let scalar) = node, !scalar.string.isEmpty { return scalar.string }
    return refuse("a text")
  }

  /// The text as a parser reads it; the parser's error is noted.
  func parsed<Result>(_ parse: (String) throws -> Result) -> Result? {
    text().flatMap { text in attempt { try parse(text) } }
  }

  /// The result of `body`; nil where it throws, with the error noted.
  func attempt<Result>(_ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      fail("\(error)")
      return nil
    }
  }

  func integer(in range: ClosedRange<Int>) -> Int? {
    let digits = plain.map { $0.filter { $0 != "_" } }
    guard let value = digits.flatMap({ Int($0) }) else { return refuse("a whole number") }
    guard range.contains(value) else {
      if range.lowerBound == range.upperBound { return refuse("\(range.lowerBound)") }
      let upper = range.upperBound == .max ? " or more" : " to \(range.upperBound)"
      return refuse("\(range.lowerBound)\(upper)")
    }
    return value
  }

  func number(in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude)
    -> Double?
  {
    guard let value = plain.flatMap({ Double($0) }), value.isFinite else { return refuse("a number") }
    guard range.contains(value) else {
      let upper =
        range.upperBound == .greatestFiniteMagnitude ? " or more" : " to \(Self.text(range.upperBound))"
      return refuse("\(Self.text(range.lowerBound))\(upper)")
    }
    return value
  }

  /// A number above zero, within what float32 holds.
  func positive() -> Double? {
    guard let value = plain.flatMap({ Double($0) }), value >= 1e-30, value <= 1e30 else {
      return refuse("a number above 0")
    }
    return value
  }

  func flag() -> Bool? {
    switch plain {
    case "true": true
    case "false": false
    default: refuse("true or false")
    }
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    guard case .scalar(let scalar) = node else { return refuse("one of \(words.joined(separator: ", "))") }
    if let value = Choice(rawValue: scalar.string) { return value }
    return refuse("one of \(words.joined(separator: ", "))")
  }

  func list() -> [YAMLValue]? {
    guard case .sequence(let sequence) = node else { return refuse("a list") }
    return sequence.enumerated().map { index, node in
      YAMLValue(node: node, name: "\(name)[\(index)]", diagnostics: diagnostics)
    }
  }

  func mapping() -> YAMLMapping? {
    guard case .mapping(let mapping) = node else { return refuse("a mapping of keys to values") }
    return YAMLMapping(mapping, of: self)
  }

  var isList: Bool { if case .sequence = node { true } else { false } }

  private static func text(_ value: Double) -> String { String(format: "%g", value) }
}

/// The keys and values of a mapping, read one by one. `close()` notes the keys that were not asked for.
final class YAMLMapping {
  private let owner: YAMLValue
  private var pairs: [(key: Node, value: YAMLValue)] = []
  private var known: [String] = []

  init(_ mapping: Node.Mapping, of owner: YAMLValue) {
    self.owner = owner
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        owner.diagnostics.add("a key must be a single word", at: key.mark)
        continue
      }
      pairs.append((key, YAMLValue(node: value, name: scalar.string, diagnostics: owner.diagnostics)))
    }
  }

  /// The value of a key; nil where the key is not given.
  subscript(key: String) -> YAMLValue? {
    if !known.contains(key) { known.append(key) }
    return pairs.first { $0.value.name == key }?.value
  }

  /// The value of a key that must be there.
  func required(_ key: String) -> YAMLValue? {
    if let value = self[key] { return value }
    owner.fail("\(owner.name) needs the key '\(key)'")
    return nil
  }

  /// Notes a mistake in the mapping as a whole.
  func fail(_ message: String) { owner.fail(message) }

  /// Notes each key that was not asked for, with the most similar known key.
  func close() {
    for (key, value) in pairs where !known.contains(value.name) {
      let hint = Spelling.hint(for: value.name, among: known)
      let rest = hint.isEmpty ? "; known are \(known.joined(separator: ", "))" : ""
      owner.diagnostics.add("\(owner.name) has no key '\(value.name)'\(hint)\(rest)", at: key.mark)
    }
  }
}
