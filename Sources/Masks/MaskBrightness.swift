import Frames

/// Brightness and visibility of the samples of a mask's picture.
struct MaskBrightness {
  /// For each sample: luma or gray, or the sum of red, green and blue.
  let values: [Int32]
  /// The number of planes that are added up in a value: 1 or 3.
  let planes: Int
  let bitDepth: Int
  /// 1 where a sample is at least half opaque; nil where all samples are fully opaque.
  let visible: [UInt8]?
  /// The largest alpha, in 8 bits.
  let mostOpaque: Int

  init(of picture: Frame) {
    let format = picture.format
    bitDepth = format.bitDepth
    let colours = format.planes.indices.filter { [.red, .green, .blue].contains(format.planes[$0].role) }
    if colours.count == 3 {
      let (a, b, c) = (picture.planes[colours[0]], picture.planes[colours[1]], picture.planes[colours[2]])
      values = a.withView { a in
        b.withView { b in c.withView { c in (0..<a.count).map { Int32(a[$0]) + Int32(b[$0]) + Int32(c[$0]) } }
        }
      }
      planes = 3
    } else {
      let plane = format.planes.firstIndex { $0.role == .luma } ?? colours.first ?? 0
      values = picture.planes[plane].withView { samples in (0..<samples.count).map { Int32(samples[$0]) } }
      planes = 1
    }
    let alpha = format.planes.firstIndex { $0.role == .alpha }.map { picture.planes[$0] }
    let opaque = UInt16(format.maximumValue)
    if let alpha, alpha.contains(where: { $0 != opaque }) {
      let least = UInt16(Self.scaled(128, bitDepth: bitDepth))
      visible = alpha.map { $0 >= least ? 1 : 0 }
      mostOpaque = Self.steps(Int(alpha.max() ?? 0), bitDepth: bitDepth)
    } else {
      visible = nil
      mostOpaque = 255
    }
  }

  /// A level of 8 bits in the units of `values`.
  func scaled(_ level: Int) -> Int32 { Int32(planes * Self.scaled(level, bitDepth: bitDepth)) }

  /// One of `values` as a level of 8 bits.
  func steps(_ value: Int32) -> Int { Self.steps(Int(value) / planes, bitDepth: bitDepth) }

  /// 1 where the picture is white: at `limit` or above it.
  ///
  /// A picture with transparent samples may be a drawing on a transparent layer. If all visible samples lie on one side
  /// of the limit, they are the drawing and count as white. Otherwise they are judged by the limit as usual. Transparent
  /// samples count as black.
  func white(from limit: Int32) -> [UInt8] {
    var white: [UInt8] = values.map { $0 >= limit ? 1 : 0 }
    guard let visible else { return white }
    var sides: Set<UInt8> = []
    for i in visible.indices where visible[i] != 0 { sides.insert(white[i]) }
    let isDrawing = sides.count <= 1
    for i in white.indices {
      if visible[i] == 0 {
        white[i] = 0
      } else if isDrawing {
        white[i] = 1
      }
    }
    return white
  }

  /// The darkest and the brightest of the visible samples; nil where none is visible.
  var range: ClosedRange<Int32>? {
    var (low, high) = (Int32.max, Int32.min)
    if let visible {
      for (value, isVisible) in zip(values, visible) where isVisible != 0 {
        (low, high) = (min(low, value), max(high, value))
      }
    } else {
      for value in values { (low, high) = (min(low, value), max(high, value)) }
    }
    return low <= high ? low...high : nil
  }

  /// The number of visible samples at `limit` or above it that are not white.
  func count(from limit: Int32, butWhite white: [UInt8]) -> Int {
    var count = 0
    if let visible {
      for i in values.indices where values[i] >= limit && white[i] == 0 && visible[i] != 0 { count += 1 }
    } else {
      for (value, isWhite) in zip(values, white) { count += value >= limit ? 1 - Int(isWhite) : 0 }
    }
    return count
  }

  /// Whether all visible samples have one of two values.
  func holdsOnly(_ first: Int32, _ second: Int32) -> Bool {
    values.indices.allSatisfy { visible?[$0] == 0 || values[$0] == first || values[$0] == second }
  }

  private static func scaled(_ level: Int, bitDepth: Int) -> Int {
    if bitDepth >= 8 { return level << (bitDepth - 8) }
    // Rounded up: a 1-bit picture's white is white for any threshold above 0.
    return (level * ((1 << bitDepth) - 1) + 254) / 255
  }

  private static func steps(_ sample: Int, bitDepth: Int) -> Int {
    bitDepth >= 8 ? sample >> (bitDepth - 8) : sample * 255 / ((1 << bitDepth) - 1)
  }
}
