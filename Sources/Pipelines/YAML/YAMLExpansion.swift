import Yams

/// Checks the size of a parsed text, and resolves merged keys (`<<: *name`).
struct YAMLExpansion {
  /// A mistake in the text, and its place.
  struct Failure: Error {
    var message: String
    var mark: Mark?
  }

  private var count = 0

  /// - Throws: `Failure` for more than `YAMLLimits` allows.
  static func expanded(_ node: Node) throws -> Node {
    var expansion = YAMLExpansion()
    return try expansion.expanded(node, depth: 0)
  }

  static func tooMany(at mark: Mark?) -> Failure {
    Failure(
      message:
        "more than \(YAMLLimits.values) values, with what aliases stand for: split the file, or look for "
        + "aliases within aliases",
      mark: mark)
  }

  private mutating func expanded(_ node: Node, depth: Int) throws -> Node {
    count += 1
    if count > YAMLLimits.values { throw Self.tooMany(at: node.mark) }
    if depth > YAMLLimits.depth {
      throw Failure(
        message: "lists and mappings lie more than \(YAMLLimits.depth) deep in each other", mark: node.mark)
    }
    switch node {
    case .scalar(let scalar):
      let size = scalar.string.utf8.count
      if size > YAMLLimits.valueBytes {
        throw Failure(
          message: "a value of \(size) bytes: \(YAMLLimits.valueBytes) are the most", mark: scalar.mark)
      }
      return node
    case .sequence(let sequence):
      let items = try sequence.map { try expanded($0, depth: depth + 1) }
      return .sequence(Node.Sequence(items, sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      return .mapping(try expanded(mapping, depth: depth))
    case .alias: return node
    }
  }

  private mutating func expanded(_ mapping: Node.Mapping, depth: Int) throws -> Node.Mapping {
    var own: [(Node, Node)] = []
    var merged: [Node.Mapping] = []
    for (key, value) in mapping {
      let key = try expanded(key, depth: depth + 1)
      let value = try expanded(value, depth: depth + 1)
      guard Self.isMerge(key) else {
        own.append((key, value))
        continue
      }
      merged += try Self.sources(value, at: key.mark)
    }
    if !merged.isEmpty {
      var names = Set(own.compactMap { Self.name($0.0) })
      for source in merged {
        for (key, value) in source {
          // The mapping's own keys win, then those of earlier sources.
          if let name = Self.name(key), !names.insert(name).inserted { continue }
          own.append((key, value))
        }
      }
    }
    return Node.Mapping(own, mapping.tag, mapping.style, mapping.mark)
  }

  private static func name(_ key: Node) -> String? {
    if case .scalar(let scalar) = key { scalar.string } else { nil }
  }

  private static func isMerge(_ key: Node) -> Bool {
    if case .scalar(let scalar) = key { scalar.string == "<<" && scalar.style == .plain } else { false }
  }

  private static func sources(_ value: Node, at mark: Mark?) throws -> [Node.Mapping] {
    let items: [Node] = if case .sequence(let sequence) = value { Array(sequence) } else { [value] }
    return try items.map { item in
      guard case .mapping(let mapping) = item else {
        throw Failure(message: "<< takes over the keys of a mapping: give an alias of one", mark: mark)
      }
      return mapping
    }
  }
}
