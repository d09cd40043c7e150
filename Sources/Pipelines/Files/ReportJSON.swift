import Foundation

/// JSON of reports and records: a key to a line in the order of the alphabet, slashes as they are.
enum ReportJSON {
  enum Keys {
    /// Keys as the type declares them.
    case declared
    /// `stopReason` as `stop_reason`. Keys of dictionaries stay as they are.
    case snakeCase
  }

  static func encoder(_ keys: Keys = .declared) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    return encoder
  }

  /// The content of a file: the JSON and a line feed.
  static func file(_ value: some Encodable, _ keys: Keys = .declared) throws -> Data {
    try encoder(keys).encode(value) + [UInt8(ascii: "\n")]
  }

  /// JSON in one line, which is the same for the same value: for hashes, and for metadata of other files.
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// A value whose key is always in the report: null where there is no value, or a number that JSON can't write.
@propertyWrapper
public struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let number = wrappedValue as? Double, !number.isFinite { return try container.encodeNil() }
    try container.encode(wrappedValue)
  }
}
