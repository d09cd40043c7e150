import Media

/// A colour of the screen, 8 bits a channel.
struct Ink: Sendable, Equatable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// A gray.
  init(gray level: UInt8) { self.init(level, level, level) }

  static let ground = Ink(24, 26, 30)
  static let text = Ink(236, 238, 240)
  static let faint = Ink(160, 166, 174)
  /// Marks what is missing: a colour that is rare in pictures.
  static let missing = Ink(255, 32, 144)
}

extension RGBPicture {
  /// A picture of `width` x `height` colours, row by row.
  init(width: Int, height: Int, inks: some Sequence<Ink>) {
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height * 3)
    for ink in inks {
      samples.append(ink.red)
      samples.append(ink.green)
      samples.append(ink.blue)
    }
    self.init(width: width, height: height, samples: samples)
  }
}

/// A picture to draw on. What would lie outside of it is not drawn.
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

  /// Overwrites samples from index `start` on (red, green, blue, red, ...).
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

  /// Draws a strip of colours from left (0) to right (1), 10 pixels high, below its name.
  ///
  /// - Parameters:
  ///   - x: where the strip begins, and `y`, where the line of its name does; `width` is the strip's.
  ///   - room: pixels that the name may take.
  /// - Returns: where a line of text below the strip begins.
  mutating func strip(
    _ name: String, x: Int, y: Int, width: Int, room: Int, font: LabelFont, colour: (Double) -> Ink
  ) -> Int {
    write(font.fitted(name, width: room), x: x, y: y, font: font, ink: .faint)
    let top = y + font.lineHeight + 2
    for i in 0..<width {
      fill(x: x + i, y: top, width: 1, height: 10, colour(Double(i) / Double(max(width - 1, 1))))
    }
    return top + 12
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

/// A colour map for numbers: matplotlib's "inferno" by S. van der Walt and N. Smith (CC0), from black through violet and
/// orange to light yellow with evenly rising lightness. Every sixteenth of its colours is stored; the others are
/// interpolated linearly.
enum ColourMap {
  private static let anchors: [UInt32] = [
    0x000004, 0x0a0722, 0x1e0c45, 0x380962, 0x510e6c, 0x68166e, 0x801f6c, 0x982766, 0xb0315b, 0xc73e4c,
    0xdb503b, 0xeb6628, 0xf57f10, 0xfb9b06, 0xfbb91f, 0xf5d745, 0xfcffa4,
  ]

  /// Colours of 0, 1/255 ... 1.
  static let table: [Ink] = (0...255).map { i in
    let place = Double(i) / 255 * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let share = place - Double(index)
    func channel(_ shift: UInt32) -> UInt8 {
      let (a, b) = (Double(anchors[index] >> shift & 255), Double(anchors[index + 1] >> shift & 255))
      return UInt8((a + (b - a) * share).rounded())
    }
    return Ink(channel(16), channel(8), channel(0))
  }

  /// - Parameter value: clipped to 0 ... 1; 0 where it is not finite.
  static func colour(_ value: Double) -> Ink {
    table[value.isFinite ? Int((min(max(value, 0), 1) * 255).rounded()) : 0]
  }
}
