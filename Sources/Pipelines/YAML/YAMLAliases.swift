import Yams

/// Counts a text's values with those that aliases stand for, before the parser follows the aliases: a few lines of aliases
/// within aliases can stand for more values than memory holds, and the parser compares those in keys with each other.
struct YAMLAliases {
  /// Replaces the asterisk of an alias, so that the parser sees a plain word. A private character that texts do not have; a
  /// text that has it is counted too high at worst.
  private static let mark: Character = "\u{E000}"

  private var sizes: [String: Int] = [:]

  /// - Throws: `YAMLExpansion.Failure` for more than `YAMLLimits.values`, or `YamlError`.
  static func check(_ text: String) throws {
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return }
    // The anchors live as long as the parser.
    let parser = try Parser(yaml: text.replacing("*", with: "\(mark)"))
    try withExtendedLifetime(parser) {
      guard let root = try parser.singleRoot() else { return }
      var aliases = YAMLAliases()
      if aliases.size(of: root) > YAMLLimits.values { throw YAMLExpansion.tooMany(at: root.mark) }
    }
  }

  /// The number of values in a node, with those of aliases; counting stops above the limit.
  private mutating func size(of node: Node) -> Int {
    var size = 1
    switch node {
    case .scalar(let scalar):
      if scalar.string.first == Self.mark {
        let name = scalar.string.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        size = sizes[String(name)] ?? 1
      }
    case .sequence(let sequence):
      for item in sequence { size = min(YAMLLimits.values + 1, size + self.size(of: item)) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        size = min(YAMLLimits.values + 1, size + self.size(of: key) + self.size(of: value))
      }
    case .alias: break
    }
    if let anchor = node.anchor { sizes[anchor.rawValue] = size }
    return size
  }
}
