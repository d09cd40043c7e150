import Foundation

extension SettingShape {
  /// The shape as JSON Schema (draft 2020-12); nil for what must not be there.
  func schema() -> [String: Any]? {
    switch self {
    case .text, .parsed: ["type": "string"]
    case .scalar: ["type": ["string", "number", "boolean"]]
    case .integer(let range): Self.withVariable(Self.integer(range))
    case .number(let range): Self.withVariable(Self.number(range))
    case .flag: Self.withVariable(["type": "boolean"])
    case .choice(let words): Self.withVariable(["enum": words])
    case .word(let word, let shape):
      ["anyOf": [["const": word] as [String: Any], shape.schema() ?? [:]]]
    case .list(let shape): ["type": "array", "items": shape.schema() ?? [:]]
    case .oneOrMore(let shape):
      ["anyOf": [shape.schema() ?? [:], ["type": "array", "items": shape.schema() ?? [:]] as [String: Any]]]
    case .mapping(let keys): Self.mapping(keys)
    case .named(let shape): ["type": "object", "additionalProperties": shape.schema() ?? [:]]
    case .joint(let shape, _): shape.schema()
    case .unavailable: nil
    }
  }

  private static func mapping(_ keys: [SettingKey]) -> [String: Any] {
    var properties: [String: Any] = [:]
    for key in keys {
      guard var schema = key.shape.schema() else { continue }
      schema["description"] = key.about
      properties[key.name] = schema
    }
    var result: [String: Any] = [
      "type": "object", "properties": properties, "additionalProperties": false,
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

  private static func number(_ range: ClosedRange<Double>) -> [String: Any] {
    ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
  }

  /// What is no text may be a variable instead.
  private static func withVariable(_ schema: [String: Any]) -> [String: Any] {
    ["anyOf": [schema, ["type": "string", "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}"] as [String: Any]]]
  }
}

extension BatchSchema {
  /// The whole file as JSON Schema, with sorted keys.
  static func json() throws -> Data {
    var schema = SettingShape.mapping(file).schema() ?? [:]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "inrr-video batch jobs"
    var data = try JSONSerialization.data(
      withJSONObject: schema, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    data.append(UInt8(ascii: "\n"))
    return data
  }
}
