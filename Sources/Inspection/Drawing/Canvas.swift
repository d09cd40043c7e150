import Media

/// A colour of the screen, 8 bits a channel.
struct Ink: Sendable, Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  static let ground = Ink(24, 26, 30)
  static let text = Ink(236, 238, 240)
  static let faint = Ink(160, 166, 174)
  /// What is missing: a colour that pictures seldom have.
  static let missing = Ink(255, 32, 144)
}

/// A picture that is drawn on; what lies outside is left out.
struct Canvas {
  private(set) var picture: RGBPicture

  init(width: Int, height: Int, ground: Ink = .ground) {
    picture = RGBPicture(
      width: width, height: height, red: ground.red, green: ground.green, blue: ground.blue)
  }

  init(_ picture: RGBPicture) { self.picture = picture }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ ink: Ink) {
    for row in max(y, 0)..<max(min(y + height, picture.height), max(y, 0)) {
      for column in max(x, 0)..<max(min(x + width, picture.width), max(x, 0)) {
        blend(column, row, ink, share: 255)
      }
    }
  }

  /// Copies another picture to a place.
  mutating func draw(_ other: RGBPicture, x: Int, y: Int) {
    let (first, last) = (max(0, -x), min(other.width, picture.width - x))
    if first >= last { return }
    for row in 0..<other.height where (0..<picture.height).contains(y + row) {
      let from = (row * other.width + first) * 3
      let to = ((y + row) * picture.width + x + first) * 3
      picture.samples.replaceSubrange(
        to..<to + (last - first) * 3, with: other.samples[from..<from + (last - first) * 3])
    }
  }

  /// Overwrites samples from one on, red, green and blue by turns.
  mutating func replace(from start: Int, with samples: ArraySlice<UInt8>) {
    picture.samples.replaceSubrange(start..<start + samples.count, with: samples)
  }

  enum Alignment { case left, centre, right }

  /// Writes a line whose top lies at `y`.
  mutating func write(
    _ text: String, x: Int, y: Int, font: LabelFont, ink: Ink = .text, alignment: Alignment = .left
  ) {
    var pen = x
    switch alignment {
    case .left: break
    case .centre: pen -= font.width(of: text) / 2
    case .right: pen -= font.width(of: text)
    }
    for glyph in font.glyphs(of: text) {
      for row in 0..<glyph.height {
        for column in 0..<glyph.width {
          let share = Int(glyph.coverage[row * glyph.width + column]) * 17
          let (px, py) = (pen + glyph.left + column, y + font.ascent - glyph.top + row)
          if share > 0 && (0..<picture.width).contains(px) && (0..<picture.height).contains(py) {
            blend(px, py, ink, share: share)
          }
        }
      }
      pen += glyph.advance
    }
  }

  /// Mixes a colour into a pixel of the picture.
  ///
  /// - Parameter share: of the colour, 0 ... 255.
  mutating func blend(_ x: Int, _ y: Int, _ ink: Ink, share: Int) {
    let i = (y * picture.width + x) * 3
    func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
      UInt8((Int(old) * (255 - share) + Int(new) * share + 127) / 255)
    }
    picture.samples[i] = mixed(picture.samples[i], ink.red)
    picture.samples[i + 1] = mixed(picture.samples[i + 1], ink.green)
    picture.samples[i + 2] = mixed(picture.samples[i + 2], ink.blue)
  }
}
