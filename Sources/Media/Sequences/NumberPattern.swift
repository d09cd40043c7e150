/// A name with one number in it, such as `frame_%05d.png`, as FFmpeg reads it: `%%` stands for a percent sign.
struct NumberPattern {
  private(set) var before = ""
  private(set) var after = ""
  /// The least number of digits; shorter numbers get zeros before them.
  private var digits = 0
  /// More digits than any file name has.
  private static let mostDigits = 64

  /// Nil for a name without a number, or with more than one.
  init?(_ name: String) {
    var rest = Substring(name)
    var isNumberSeen = false
    func part(_ text: some StringProtocol, _ pattern: inout NumberPattern) {
      if isNumberSeen { pattern.after += text } else { pattern.before += text }
    }
    while let percent = rest.firstIndex(of: "%") {
      part(rest[..<percent], &self)
      rest = rest[percent...].dropFirst()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      switch rest.first {
      case "%" where digits.isEmpty: part("%", &self)
      case "d" where !isNumberSeen:
        isNumberSeen = true
        self.digits = min(Int(digits) ?? 0, Self.mostDigits)
      default: return nil
      }
      rest = rest.dropFirst()
    }
    part(rest, &self)
    if !isNumberSeen { return nil }
  }

  /// The name with a number.
  func name(of number: Int) -> String {
    let text = String(number)
    return before + String(repeating: "0", count: max(0, digits - text.count)) + text + after
  }

  /// The number of one of the pattern's names; nil for a name that is written in another way, or a number too large for
  /// FFmpeg.
  func number(in name: String) -> Int? {
    guard let text = digits(in: name), let number = Int(text), number <= Int(Int32.max),
      self.name(of: number) == name
    else { return nil }
    return number
  }

  /// Whether a name is one of the pattern's, whatever its number of digits.
  func matches(_ name: String) -> Bool { digits(in: name) != nil }

  private func digits(in name: String) -> Substring? {
    guard name.hasPrefix(before), name.hasSuffix(after), name.count > before.count + after.count else {
      return nil
    }
    let text = name.dropFirst(before.count).dropLast(after.count)
    return text.allSatisfy { $0.isASCII && $0.isNumber } ? text : nil
  }

  /// The pattern of a name and of all names that differ from it in their last number; nil for a name without a number.
  static func text(of name: String) -> String? {
    guard let end = name.lastIndex(where: { $0.isASCII && $0.isNumber }) else { return nil }
    let head = name[...end]
    let digits = head.reversed().prefix { $0.isASCII && $0.isNumber }.count
    let before = head.dropLast(digits).replacing("%", with: "%%")
    let after = name[name.index(after: end)...].replacing("%", with: "%%")
    let isPadded = name[name.index(end, offsetBy: 1 - digits)] == "0" && digits > 1
    return before + (isPadded ? "%0\(digits)d" : "%d") + after
  }
}
