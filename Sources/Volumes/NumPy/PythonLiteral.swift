/// A value in Python's notation. Other literals than those in headers of arrays are refused.
enum PythonLiteral: Equatable {
  case text(String)
  case integer(Int)
  /// A number that is not an integer of 64 bits.
  case number(String)
  case boolean(Bool)
  case none
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  /// In the order of the text; a later value of a key takes the place of an earlier one.
  case dictionary([Entry])

  struct Entry: Equatable {
    var key: PythonLiteral
    var value: PythonLiteral
  }

  /// - Parameter allowsLong: whether integers may end in L, as those of Python 2 do.
  /// - Returns: nil where the text is no literal, or where anything but white space follows it.
  init?(parsing text: String, allowsLong: Bool = true) {
    var parser = Parser(rest: Array(text.unicodeScalars)[...], allowsLong: allowsLong)
    guard let value = parser.next(depth: 0) else { return nil }
    parser.skipSpace()
    guard parser.rest.isEmpty else { return nil }
    self = value
  }

  /// The value of a key of a dictionary.
  subscript(key: String) -> PythonLiteral? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.first { $0.key == .text(key) }?.value
  }
}

/// Reads a literal from front to back.
private struct Parser {
  var rest: ArraySlice<Unicode.Scalar>
  let allowsLong: Bool

  /// Headers nest a few levels only. The bound keeps damaged files from using up the stack.
  private static let deepest = 32

  mutating func skipSpace() {
    while let next = rest.first, [" ", "\t", "\n", "\r", "\u{c}"].contains(next) { rest.removeFirst() }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == mark else { return false }
    rest.removeFirst()
    return true
  }

  mutating func next(depth: Int) -> PythonLiteral? {
    skipSpace()
    guard depth <= Self.deepest, let start = rest.first else { return nil }
    switch start {
    case "{":
      rest.removeFirst()
      return dictionary(depth: depth)
    case "(":
      rest.removeFirst()
      guard let (values, hasComma) = items(until: ")", { $0.next(depth: depth + 1) }) else { return nil }
      // One value in parentheses is a tuple only with a comma.
      return values.count == 1 && !hasComma ? values[0] : .tuple(values)
    case "[":
      rest.removeFirst()
      return items(until: "]") { $0.next(depth: depth + 1) }.map { .list($0.items) }
    case "'", "\"": return text()
    case "+", "-", "0"..."9", ".": return number()
    default: return word()
    }
  }

  /// Items between commas up to a closing mark; a comma may follow the last one.
  private mutating func items<Item>(
    until end: Unicode.Scalar, _ next: (inout Parser) -> Item?
  ) -> (items: [Item], hasComma: Bool)? {
    var (items, hasComma): ([Item], Bool) = ([], false)
    while !take(end) {
      if !items.isEmpty {
        guard take(",") else { return nil }
        hasComma = true
        if take(end) { break }
      }
      guard let item = next(&self) else { return nil }
      items.append(item)
    }
    return (items, hasComma)
  }

  private mutating func dictionary(depth: Int) -> PythonLiteral? {
    let pairs = items(until: "}") { parser -> PythonLiteral.Entry? in
      guard let key = parser.next(depth: depth + 1), parser.take(":"),
        let value = parser.next(depth: depth + 1)
      else { return nil }
      return .init(key: key, value: value)
    }
    guard let pairs else { return nil }
    var entries: [PythonLiteral.Entry] = []
    for pair in pairs.items {
      if let place = entries.firstIndex(where: { $0.key == pair.key }) {
        entries[place] = pair
      } else {
        entries.append(pair)
      }
    }
    return .dictionary(entries)
  }

  private mutating func text() -> PythonLiteral? {
    guard let quote = rest.popFirst() else { return nil }
    var result = String.UnicodeScalarView()
    while let next = rest.popFirst(), next != "\n" {
      if next == quote { return .text(String(result)) }
      if next == "\\" {
        guard let escaped = rest.popFirst(), ["\\", "'", "\""].contains(escaped) else { return nil }
        result.append(escaped)
      } else {
        result.append(next)
      }
    }
    return nil
  }

  private mutating func number() -> PythonLiteral? {
    var sign = ""
    if let next = rest.first, next == "-" || next == "+" {
      if next == "-" { sign = "-" }
      rest.removeFirst()
      skipSpace()
    }
    var digits = String.UnicodeScalarView()
    while let next = rest.first, next.properties.isAlphabetic || next.isDigit || next == "." || next == "_" {
      digits.append(next)
      rest.removeFirst()
    }
    var word = String(digits)
    if allowsLong, let last = word.last, last == "L" || last == "l" { word.removeLast() }
    return Self.integer(word, sign: sign)
  }

  /// Reads numbers as Python writes them; those that are no integers of 64 bits keep their text.
  private static func integer(_ word: String, sign: String) -> PythonLiteral? {
    var (digits, radix) = (Substring(word), 10)
    for (mark, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.lowercased().hasPrefix(mark) {
      (digits, radix) = (word.dropFirst(2), base)
      if digits.first == "_" { digits.removeFirst() }
    }
    guard let first = digits.first, first != "_", digits.last != "_", !digits.contains("__") else {
      return nil
    }
    let plain = digits.filter { $0 != "_" }
    guard plain.allSatisfy({ $0.isASCII && $0.hexDigitValue.map { $0 < radix } == true }) else {
      return Double(plain) != nil && radix == 10 ? .number(sign + plain) : nil
    }
    // Leading zeros are allowed only where all digits are zeros.
    if radix == 10 && plain.count > 1 && plain.first == "0" && plain.contains(where: { $0 != "0" }) {
      return nil
    }
    return Int(sign + plain, radix: radix).map { .integer($0) } ?? .number(sign + plain)
  }

  private mutating func word() -> PythonLiteral? {
    var letters = String.UnicodeScalarView()
    while let next = rest.first, next.properties.isAlphabetic {
      letters.append(next)
      rest.removeFirst()
    }
    switch String(letters) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return PythonLiteral.none
    // Unicode text of Python 2.
    case "u", "U": return rest.first == "'" || rest.first == "\"" ? text() : nil
    default: return nil
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
