/// What a value in a file of settings may be: one description for the reader and for the JSON Schema.
indirect enum SettingShape: Sendable {
  case text
  /// A text, a number or a flag, as it is written.
  case scalar
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case flag
  case choice([String])
  /// A text that a parser must accept.
  case parsed(@Sendable (String) throws -> Void)
  /// A word, or something else.
  case word(String, or: SettingShape)
  /// A text that a parser must accept, or a list or mapping.
  case parsedOr(@Sendable (String) throws -> Void, SettingShape)
  /// One shape for mappings that have a key, another for all else.
  case having(String, SettingShape, otherwise: SettingShape)
  case list(SettingShape)
  /// One, or a list of them.
  case oneOrMore(SettingShape)
  case mapping([SettingKey])
  /// A value of a shape whose parts must go together. That is checked even where a part is wrong, so that all mistakes are
  /// told at once.
  case joint(SettingShape, @Sendable (YAMLValue) -> Void)
  /// A mapping with any names.
  case named(SettingShape)
}

/// A key of a mapping: the shape of its value, and its purpose.
struct SettingKey: Sendable {
  var name: String
  var shape: SettingShape
  var about: String
  var isRequired = false

  init(_ name: String, _ shape: SettingShape, _ about: String, isRequired: Bool = false) {
    (self.name, self.shape, self.about, self.isRequired) = (name, shape, about, isRequired)
  }
}

extension SettingShape {
  /// Notes all mistakes in a value.
  func check(_ value: YAMLValue) {
    switch self {
    case .text, .scalar: _ = value.text()
    case .integer(let range): _ = value.integer(in: range)
    case .number(let range): _ = value.number(in: range)
    case .flag: _ = value.flag()
    case .choice(let words):
      guard let text = value.text() else { return }
      if !words.contains(text) {
        value.fail("\(value.name) must be one of \(words.joined(separator: ", ")), not '\(text)'")
      }
    case .parsed(let parse):
      _ = value.parsed(parse)
    case .word(let word, let shape):
      if case .scalar(let scalar) = value.node, scalar.string == word { return }
      shape.check(value)
    case .parsedOr(let parse, let shape):
      if case .scalar = value.node { _ = value.parsed(parse) } else { shape.check(value) }
    case .having(let key, let shape, let other):
      (value.value(at: [key]) == nil ? other : shape).check(value)
    case .list(let shape):
      for item in value.list() ?? [] where !value.diagnostics.isFull { shape.check(item) }
    case .oneOrMore(let shape):
      if value.isList { Self.list(shape).check(value) } else { shape.check(value) }
    case .mapping(let keys):
      for (key, item) in value.open(keys) { key.shape.check(item) }
    case .named(let shape):
      for (_, item) in value.entries() { shape.check(item) }
    case .joint(let shape, let check):
      shape.check(value)
      check(value)
    }
  }
}

extension YAMLValue {
  /// The values of a mapping's known keys. Notes unknown keys, and required keys that are missing.
  func open(_ keys: [SettingKey]) -> [(key: SettingKey, value: YAMLValue)] {
    guard let mapping = mapping() else { return [] }
    let found = keys.compactMap { key -> (key: SettingKey, value: YAMLValue)? in
      (key.isRequired ? mapping.required(key.name) : mapping[key.name]).map { (key, $0) }
    }
    mapping.close()
    return found
  }

  /// The names and values of a mapping with any names.
  func entries() -> [(name: String, value: YAMLValue)] {
    guard case .mapping(let mapping) = node else {
      _ = self.mapping()
      return []
    }
    return mapping.compactMap { key, item in
      guard case .scalar(let scalar) = key else { return nil }
      return (scalar.string, YAMLValue(node: item, name: scalar.string, diagnostics: diagnostics))
    }
  }

  /// The value at a path of keys.
  func value(at path: [String]) -> YAMLValue? {
    path.reduce(self as YAMLValue?) { value, name in
      guard let value, case .mapping = value.node else { return nil }
      return value.entries().first { $0.name == name }?.value
    }
  }

  /// The values of a list, or the value itself where it is none.
  func items() -> [YAMLValue] { isList ? list() ?? [] : [self] }
}
