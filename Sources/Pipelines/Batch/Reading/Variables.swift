import Spelling
import Yams

/// The values of `${name}` in a file of batch jobs.
struct Variables {
  private(set) var values: [String: String] = [:]
  /// Names without a usable value, about which a message exists.
  private var unknown: Set<String> = []
  private let budget = ReplacementBudget()

  /// Adds a mapping of names to single values; a value may use the variables before it.
  mutating func add(_ value: YAMLValue) {
    for (name, item) in value.entries() {
      guard Self.isName(name) else {
        item.fail("'\(name)' is no name of a variable: use letters, digits and _")
        continue
      }
      let replacement = Replacement(item.node, by: self, item.diagnostics)
      if replacement.isUnknown {
        unknown.insert(name)
        values[name] = nil
      } else {
        set(
          name,
          to: YAMLValue(node: replacement.node, name: item.name, diagnostics: item.diagnostics).text() ?? "")
      }
    }
  }

  mutating func set(_ name: String, to value: String) {
    values[name] = value
    unknown.remove(name)
  }

  static func isName(_ text: String) -> Bool {
    text.first?.isNumber == false
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// The value with all variables replaced; unknown variables are noted.
  func replaced(_ value: YAMLValue) -> YAMLValue {
    YAMLValue(
      node: Replacement(value.node, by: self, value.diagnostics).node, name: value.name,
      diagnostics: value.diagnostics)
  }

  /// The result of a replacement.
  fileprivate enum Replaced {
    case text(String)
    /// With the message; nil where it exists already.
    case unknown(String?)
  }

  fileprivate func replaced(_ text: String) -> Replaced {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else { return .unknown("'\(text)' has a ${ without its }") }
      let name = String(rest[..<end])
      rest = rest[end...].dropFirst()
      if unknown.contains(name) { return .unknown(nil) }
      guard let value = values[name] else {
        return .unknown(
          "there is no variable '\(name)'\(Spelling.hint(for: name, among: values.keys.sorted()))")
      }
      result += value
      if result.utf8.count > YAMLLimits.valueBytes {
        return .unknown(
          "'\(text)' becomes longer than \(YAMLLimits.valueBytes) bytes by its variables, which stand for each other"
        )
      }
    }
    return .text(result + rest)
  }

  /// Takes a value and its bytes from the budget; false where all jobs together need too much.
  fileprivate func isWithinBounds(_ node: Node, bytes: Int = 0, _ diagnostics: YAMLDiagnostics) -> Bool {
    if budget.isSpent { return false }
    budget.values -= 1
    budget.bytes -= bytes
    if budget.isSpent {
      diagnostics.add(
        "the jobs come to more than can be read, with what matrices and variables stand for: \(budget.spent)",
        at: node.mark)
      return false
    }
    return true
  }

  /// Whether the budget is used up, about which a message exists.
  var areSpent: Bool { budget.isSpent }
}

/// The size that all jobs of a file together may have; shared by the variables of all jobs.
private final class ReplacementBudget {
  var values = YAMLLimits.replacedValues
  var bytes = YAMLLimits.replacedBytes

  var isSpent: Bool { values < 0 || bytes < 0 }

  var spent: String {
    values < 0
      ? "\(YAMLLimits.replacedValues) values are the most"
      : "\(ByteCount.text(YAMLLimits.replacedBytes)) of text are the most"
  }
}

/// A value in which variables are replaced.
private struct Replacement {
  private(set) var node: Node
  /// Whether it has a variable without a value.
  private(set) var isUnknown = false

  private let variables: Variables
  private let diagnostics: YAMLDiagnostics

  init(_ node: Node, by variables: Variables, _ diagnostics: YAMLDiagnostics) {
    (self.node, self.variables, self.diagnostics) = (node, variables, diagnostics)
    self.node = replaced(node)
  }

  private mutating func replaced(_ node: Node) -> Node {
    guard variables.isWithinBounds(node, diagnostics) else { return node }
    switch node {
    case .scalar(let scalar): return .scalar(replaced(scalar))
    case .sequence(let sequence):
      var items: [Node] = []
      for item in sequence { items.append(replaced(item)) }
      return .sequence(Node.Sequence(items, sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      var pairs: [(Node, Node)] = []
      for (key, value) in mapping { pairs.append((key, replaced(value))) }
      return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
    case .alias: return node
    }
  }

  private mutating func replaced(_ scalar: Node.Scalar) -> Node.Scalar {
    guard scalar.string.contains("${") else { return scalar }
    var scalar = scalar
    switch variables.replaced(scalar.string) {
    case .text(let text):
      // In flow style a variable must be quoted, also where it stands for a number or a flag.
      if scalar.string.wholeMatch(of: /\$\{[^}]*\}/) != nil { scalar.style = .plain }
      scalar.string = text
      if !variables.isWithinBounds(.scalar(scalar), bytes: text.utf8.count, diagnostics) { isUnknown = true }
    case .unknown(let complaint):
      isUnknown = true
      switch (complaint, scalar.mark) {
      case (let complaint?, let mark?): diagnostics.addUnknown(complaint, at: mark)
      case (let complaint?, nil): diagnostics.add(complaint, at: nil)
      case (nil, let mark?): diagnostics.silence(mark)
      case (nil, nil): break
      }
    }
    return scalar
  }
}
