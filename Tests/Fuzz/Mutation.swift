import TestSupport

/// Changes of files that programs fall over: sizes, counts and offsets at their extremes, parts that are missing, repeated or
/// from elsewhere.
struct Mutation {
  var chance: Chance

  /// Numbers at which types, signs and products end.
  private static let extremes: [Int64] = [
    0, 1, 2, 3, -1, -2, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, 1 << 30,
    1 << 31 - 1, 1 << 31, 1 << 32 - 1, 1 << 32, 1 << 33, 1 << 40, 1 << 47, 1 << 48, 1 << 53, 1 << 61, 1 << 62,
    Int64.max, Int64.max - 1, Int64.min, -(1 << 31), -32768, -65536,
  ]

  private static let floats: [Double] = [
    .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 1e30, -1e30, 1e300, 3.4e38, 0x1p63, -0x1p63,
    0x1p31, 0.5,
  ]

  /// Words that mean something to a reader of text, or should mean nothing.
  private static let words = [
    "{", "}", "[", "]", "\"", "'", ":", ",", "- ", "\n", "\n  ", "\t", "\0", "&a", "*a", "<<: *a",
    "!!binary ", "? ",
    "null", "true", "~", "NaN", ".inf", "-", "..", "/", "../../", "${a}", "{stem}", "{dir}", "**", "[a-",
    "%05d",
    "%s%n", "\u{e9}", "\u{202e}", "\u{feff}", "0x7fffffffffffffff", "1e400", "-1e400", "1e-400", "1_000",
    "99:99:99",
    "'descr'", "'shape'", "(", ")", "()", "True", "<f8", ">i2", "|V8", "|O",
  ]

  private mutating func extreme(_ count: Int) -> Int64 {
    switch chance.int(0...5) {
    case 0: Int64(count) + Int64(chance.int(-2...2))
    case 1: Int64(1) << Int64(chance.int(0...62))
    case 2: Int64(truncatingIfNeeded: chance.next())
    default: Self.extremes[chance.int(0...Self.extremes.count - 1)]
    }
  }

  /// A place in some bytes, mostly near the beginning, where headers are.
  private mutating func place(_ count: Int) -> Int {
    if count == 0 { return 0 }
    switch chance.int(0...3) {
    case 0: return chance.int(0...count - 1)
    case 1: return chance.int(0...min(count, 64) - 1)
    case 2: return max(0, count - 1 - chance.int(0...min(count, 128) - 1))
    default: return chance.int(0...min(count, 600) - 1)
    }
  }

  private mutating func range(_ count: Int) -> Range<Int> {
    let start = place(count)
    let most = chance.happens(0.2) ? count - start : min(count - start, 32)
    return start..<start + (most > 0 ? chance.int(1...most) : 0)
  }

  private mutating func put(_ value: UInt64, width: Int, in bytes: inout [UInt8]) {
    if bytes.count < width { return }
    var at = min(place(bytes.count), bytes.count - width)
    // Fields mostly lie at multiples of their size.
    if chance.happens(0.6) { at -= at % width }
    let isBigEndian = chance.happens(0.4)
    for i in 0..<width {
      bytes[at + (isBigEndian ? width - 1 - i : i)] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i))
    }
  }

  mutating func bytes(_ source: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = source
    if bytes.isEmpty { return other }
    switch chance.int(0...11) {
    case 0: bytes[place(bytes.count)] ^= 1 << UInt8(chance.int(0...7))
    case 1: bytes[place(bytes.count)] = UInt8(truncatingIfNeeded: chance.next())
    case 2, 3, 4:
      put(UInt64(bitPattern: extreme(bytes.count)), width: 1 << chance.int(0...3), in: &bytes)
    case 5:
      let value = Self.floats[chance.int(0...Self.floats.count - 1)]
      if chance.happens(0.5) {
        put(UInt64(Float(value).bitPattern), width: 4, in: &bytes)
      } else {
        put(value.bitPattern, width: 8, in: &bytes)
      }
    case 6: bytes.removeLast(bytes.count - place(bytes.count))
    case 7: bytes.removeSubrange(range(bytes.count))
    case 8:
      let part = Array(bytes[range(bytes.count)])
      let times = chance.happens(0.1) ? 1 << chance.int(1...8) : 1
      if part.count * times < 1 << 20 {
        bytes.insert(contentsOf: Array(repeatElement(part, count: times).joined()), at: place(bytes.count))
      }
    case 9:
      let value: UInt8 = chance.happens(0.5) ? 0 : 255
      for i in range(bytes.count) { bytes[i] = value }
    case 10:
      let part = other[range(other.count)]
      let at = place(bytes.count)
      bytes.replaceSubrange(at..<min(bytes.count, at + part.count), with: part)
    default:
      let (a, b) = (range(bytes.count), place(bytes.count))
      let part = Array(bytes[a])
      bytes.replaceSubrange(b..<min(bytes.count, b + part.count), with: part)
    }
    return bytes
  }

  mutating func text(_ source: [UInt8], other: [UInt8]) -> [UInt8] {
    if source.isEmpty { return other }
    var text = source
    switch chance.int(0...9) {
    case 0, 1, 2:
      let numbers = runs(of: text) {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
      guard !numbers.isEmpty else { return text }
      let number = numbers[chance.int(0...numbers.count - 1)]
      let isFloat = chance.happens(0.2)
      text.replaceSubrange(number, with: Array(self.number(isFloat).utf8))
    case 3, 4:
      let word = Self.words[chance.int(0...Self.words.count - 1)]
      let times = chance.happens(0.1) ? 1 << chance.int(1...14) : 1
      text.insert(contentsOf: Array(String(repeating: word, count: times).utf8), at: anywhere(text.count))
    case 5:
      let tokens = runs(of: text) { $0 > 0x2f && $0 < 0x7f || $0 == UInt8(ascii: "_") }
      let foreign = runs(of: other) { $0 > 0x2f && $0 < 0x7f || $0 == UInt8(ascii: "_") }
      guard !tokens.isEmpty, !foreign.isEmpty else { return text }
      text.replaceSubrange(
        tokens[chance.int(0...tokens.count - 1)], with: other[foreign[chance.int(0...foreign.count - 1)]])
    case 6:
      let start = anywhere(text.count)
      text.removeSubrange(start..<min(text.count, start + chance.int(1...24)))
    case 7:
      let start = anywhere(text.count)
      let part = Array(text[start..<min(text.count, start + chance.int(1...200))])
      text.insert(contentsOf: part, at: anywhere(text.count))
    case 8: text[anywhere(text.count)] = UInt8(truncatingIfNeeded: chance.next())
    default: text.removeLast(text.count - anywhere(text.count))
    }
    return text
  }

  private mutating func anywhere(_ count: Int) -> Int { chance.int(0...max(0, count - 1)) }

  private mutating func number(_ isFloat: Bool) -> String {
    isFloat
      ? "\(Self.floats[chance.int(0...Self.floats.count - 1)])"
      : chance.happens(0.1) ? String(repeating: "9", count: chance.int(19...400)) : "\(extreme(0))"
  }

  /// The longest runs of bytes that belong together.
  private func runs(of text: [UInt8], _ belongs: (UInt8) -> Bool) -> [Range<Int>] {
    var (runs, start): ([Range<Int>], Int?) = ([], nil)
    for (i, byte) in text.enumerated() {
      if belongs(byte) {
        start = start ?? i
      } else if let from = start {
        runs.append(from..<i)
        start = nil
      }
    }
    if let start { runs.append(start..<text.count) }
    return runs
  }
}
