import Reconstruction
import Spelling
import Yams

/// Keys and values of a file of settings, read one by one; `close()` refuses the keys that nobody asked for.
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

  /// Notes what is wrong with the mapping as a whole.
  func fail(_ message: String) { owner.fail(message) }

  /// Notes every key that was not asked for, with the nearest one that was.
  func close() {
    for (key, value) in pairs where !known.contains(value.name) {
      let hint = Spelling.hint(for: value.name, among: known)
      let rest = hint.isEmpty ? "; known are \(known.joined(separator: ", "))" : ""
      owner.diagnostics.add("\(owner.name) has no key '\(value.name)'\(hint)\(rest)", at: key.mark)
    }
  }
}
