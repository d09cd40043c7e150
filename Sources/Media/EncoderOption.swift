/// An option of an encoder as people write it, `key=value`; the value may hold more equals signs.
public struct EncoderOption: Sendable, Hashable {
  public var key: String
  public var value: String

  /// - Returns: nil for a text without a key or without an equals sign.
  public init?(parsing text: String) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
    key = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
  }
}
