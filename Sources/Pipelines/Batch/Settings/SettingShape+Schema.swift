import Foundation

extension SettingShape {
  /// The shape as JSON Schema (draft 2020-12).
  func schema() -> [String: Any] {
    switch self {
    case .text, .parsed: ["type": "string"]
    case .scalar: ["type": ["string", "number", "boolean"]]
    case .integer(let range): Self.withVariable(Self.integer(range))
    case .number(let range):
      Self.withVariable(["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound])
    case .flag: Self.withVariable(["type": "boolean"])
    case .choice(let words): Self.withVariable(["enum": words])
    case .word(let word, let shape):
      ["anyOf": [["const": word] as [String: Any], shape.schema()]]
    case .parsedOr(_, let shape): ["anyOf": [["type": "string"] as [String: Any], shape.schema()]]
    case .having(_, let shape, let other): ["anyOf": [other.schema(), shape.schema()]]
    case .list(let shape): ["type": "array", "items": shape.schema()]
    case .oneOrMore(let shape):
      ["anyOf": [shape.schema(), SettingShape.list(shape).schema()]]
    case .mapping(let keys): Self.mapping(keys)
    case .named(let shape): ["type": "object", "additionalProperties": shape.schema()]
    case .joint(let shape, _): shape.schema()
    }
  }

  private static func mapping(_ keys: [SettingKey]) -> [String: Any] {
    let properties = keys.map { key in
      (key.name, key.shape.schema().merging(["description": key.about]) { $1 })
    }
    var result: [String: Any] = [
      "type": "object", "properties": Dictionary(uniqueKeysWithValues: properties),
      "additionalProperties": false,
    ]
    let required = keys.filter(\.isRequired).map(\.name)
    if !required.isEmpty { result["required"] = required }
    return result
  }

  private static func integer(_ range: ClosedRange<Int>) -> [String: Any] {
    var result: [String: Any] = ["type": "integer", "minimum": range.lowerBound]
    if range.upperBound < .max { result["maximum"] = range.upperBound }
    return result
  }

  /// A value that is no text, or a variable in its place.
  private static func withVariable(_ schema: [String: Any]) -> [String: Any] {
    ["anyOf": [schema, ["type": "string", "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}"] as [String: Any]]]
  }
}

extension BatchSchema {
  /// The whole file as JSON Schema, with sorted keys.
  static func json() throws -> Data {
    var schema = SettingShape.mapping(file).schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "inrr-video batch jobs"
    var data = try JSONSerialization.data(
      withJSONObject: schema, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    data.append(UInt8(ascii: "\n"))
    return data
  }
}
