/// Makes messages safe to print: text from files must neither fill the screen nor control the terminal.
public enum MessageText {
  /// Most characters of a word, such as a path or a quoted value, and of a line.
  private static let longestWord = 300
  private static let longestLine = 2000

  /// The text with control characters escaped, and without the middle of very long words and lines.
  public static func tidied(_ text: String) -> String {
    if text.utf8.count <= longestWord { return escaped(text) }
    // Of a text of megabytes only the ends are shown, so only they are looked at.
    let shown = text.utf8.count > longestText ? shortened(text, to: longestText / 8) : text
    return shown.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: false).map { word in
        shortened(escaped(String(word)), to: longestWord)
      }
      return shortened(words.joined(separator: " "), to: longestLine)
    }.joined(separator: "\n")
  }

  private static let longestText = 1 << 20

  /// The text with control characters, and those that change the direction of writing, escaped as JSON does (`\u001b`). Line
  /// feeds and tabs stay.
  public static func escaped(_ text: String) -> String {
    if !text.unicodeScalars.contains(where: isControl) { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      if isControl(scalar) {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func shortened(_ text: String, to most: Int) -> String {
    guard text.utf8.count > most else { return text }
    let count = text.count
    guard count > most else { return text }
    let (first, last) = (most * 2 / 3, most / 3)
    return "\(text.prefix(first))…(\(count - first - last) more characters)…\(text.suffix(last))"
  }
}
