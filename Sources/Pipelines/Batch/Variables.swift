import Reconstruction
import Yams

/// What `${name}` stands for in a file of batch jobs.
struct Variables {
  private(set) var values: [String: String] = [:]

  /// Takes over a mapping of names to single values, each of which may use those before it.
  mutating func add(_ value: YAMLValue) {
    for (name, item) in value.entries() {
      guard Self.isName(name) else {
        item.fail("'\(name)' is no name of a variable: use letters, digits and _")
        continue
      }
      values[name] = replaced(item).text() ?? ""
    }
  }

  mutating func set(_ name: String, to value: String) { values[name] = value }

  static func isName(_ text: String) -> Bool {
    text.first?.isNumber == false
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  /// The value with every variable in it replaced; unknown ones are noted.
  func replaced(_ value: YAMLValue) -> YAMLValue {
    YAMLValue(
      node: replaced(value.node, diagnostics: value.diagnostics), name: value.name,
      diagnostics: value.diagnostics)
  }

  private func replaced(_ node: Node, diagnostics: YAMLDiagnostics) -> Node {
    switch node {
    case .scalar(var scalar):
      guard scalar.string.contains("${") else { return node }
      // In flow style a variable has to be quoted, whatever it stands for.
      if scalar.string.wholeMatch(of: /\$\{[^}]*\}/) != nil { scalar.style = .plain }
      scalar.string = replaced(scalar.string) { message in
        if let mark = scalar.mark {
          diagnostics.addUnknown(message, at: mark)
        } else {
          diagnostics.add(message, at: nil)
        }
      }
      return .scalar(scalar)
    case .sequence(let sequence):
      return .sequence(
        Node.Sequence(
          sequence.map { replaced($0, diagnostics: diagnostics) }, sequence.tag, sequence.style, sequence.mark
        ))
    case .mapping(let mapping):
      return .mapping(
        Node.Mapping(
          mapping.map { ($0.key, replaced($0.value, diagnostics: diagnostics)) }, mapping.tag, mapping.style,
          mapping.mark))
    case .alias: return node
    }
  }

  private func replaced(_ text: String, complain: (String) -> Void) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.range(of: "${") {
      result += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: "}") else {
        complain("'\(text)' has a ${ without its }")
        return result
      }
      let name = String(rest[..<end])
      rest = rest[end...].dropFirst()
      if let value = values[name] {
        result += value
      } else {
        complain("there is no variable '\(name)'\(Spelling.hint(for: name, among: values.keys.sorted()))")
      }
    }
    return result + rest
  }
}
