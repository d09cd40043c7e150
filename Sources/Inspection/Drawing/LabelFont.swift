import Foundation

/// A bitmap font of one size, with coverages of pixels for smooth edges; `Drawing/README.md` says where it comes from.
struct LabelFont: Sendable {
  struct Glyph: Sendable {
    /// Pixels to the next glyph's origin.
    var advance: Int
    /// From the origin to the glyph's first column, and from the baseline up to its first row.
    var left: Int
    var top: Int
    var width: Int
    var height: Int
    /// 0 ... 15, row by row.
    var coverage: [UInt8]
  }

  /// Pixels per em.
  let size: Int
  /// Pixels from the top of a line to its baseline.
  let ascent: Int
  let lineHeight: Int
  private let glyphs: [Character: Glyph]

  /// The sizes there are, the smallest first.
  static let all = fonts(in: PackageResources.labels_font)

  /// The largest font of at most `size` pixels per em, or the smallest there is.
  static func ofSize(_ size: Int) -> LabelFont { all.last { $0.size <= size } ?? all[0] }

  /// Reads what `make-font.py` writes.
  private static func fonts(in bytes: [UInt8]) -> [LabelFont] {
    var fonts: [LabelFont] = []
    var position = 0
    func signed(_ byte: UInt8) -> Int { Int(Int8(bitPattern: byte)) }
    while position + 4 <= bytes.count {
      let header = bytes[position..<position + 4].map(Int.init)
      position += 4
      var glyphs: [Character: Glyph] = [:]
      for _ in 0..<header[3] where position + 7 <= bytes.count {
        let fields = Array(bytes[position..<position + 7])
        position += 7
        let (width, height) = (Int(fields[5]), Int(fields[6]))
        let packed = bytes[position..<min(position + (width * height + 1) / 2, bytes.count)]
        position += packed.count
        guard let scalar = Unicode.Scalar(UInt16(fields[0]) | UInt16(fields[1]) << 8) else { continue }
        glyphs[Character(scalar)] = Glyph(
          advance: Int(fields[2]), left: signed(fields[3]), top: signed(fields[4]), width: width,
          height: height, coverage: Array(packed.flatMap { [$0 & 15, $0 >> 4] }.prefix(width * height)))
      }
      fonts.append(
        LabelFont(size: header[0], ascent: header[1], lineHeight: header[2], glyphs: glyphs))
    }
    return fonts
  }

  /// The glyphs of a text; a question mark replaces characters that the font does not have.
  func glyphs(of text: String) -> [Glyph] { text.compactMap { glyphs[$0] ?? glyphs["?"] } }

  /// Pixels that a text takes in a line.
  func width(of text: String) -> Int { glyphs(of: text).reduce(0) { $0 + $1.advance } }

  /// The text, shortened in its middle by an ellipsis where it is wider than `width` pixels.
  func fitted(_ text: String, width: Int) -> String {
    if self.width(of: text) <= width { return text }
    var (head, tail) = (Array(text.prefix(text.count / 2)), Array(text.suffix(text.count - text.count / 2)))
    while !head.isEmpty || !tail.isEmpty {
      if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
      let shortened = String(head) + "…" + String(tail)
      if self.width(of: shortened) <= width { return shortened }
    }
    return ""
  }
}
