/// A name with one number in it, such as `frame_%05d.png`, as FFmpeg reads it: `%%` stands for a percent sign.
struct NumberPattern {
  private var before = ""
  private var after = ""

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
      case "d" where !isNumberSeen: isNumberSeen = true
      default: return nil
      }
      rest = rest.dropFirst()
    }
    part(rest, &self)
    if !isNumberSeen { return nil }
  }

  /// Whether a name is one of the pattern's.
  func matches(_ name: String) -> Bool {
    guard name.hasPrefix(before), name.hasSuffix(after), name.count > before.count + after.count else {
      return false
    }
    return name.dropFirst(before.count).dropLast(after.count).allSatisfy { $0.isASCII && $0.isNumber }
  }
}
