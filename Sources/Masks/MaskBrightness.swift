import Frames
import Kernels

/// Brightness and visibility of the samples of a mask's picture.
struct MaskBrightness {
  /// For each sample: luma or gray, or the sum of red, green and blue.
  fileprivate let values: Values
  /// How many visible samples have each value.
  private let levels: [Int]
  /// The number of planes that are added up in a value: 1 or 3.
  let planes: Int
  let bitDepth: Int
  /// 1 where a sample is at least half opaque; nil where all samples are fully opaque.
  let visible: [UInt8]?
  /// The largest alpha, in 8 bits.
  let mostOpaque: Int

  fileprivate enum Values {
    case plane(SamplePlane)
    case sums([Int32])
  }

  init(of picture: Frame) {
    let format = picture.format
    bitDepth = format.bitDepth
    let colours = format.planes.indices.filter { [.red, .green, .blue].contains(format.planes[$0].role) }
    if colours.count == 3 {
      let (a, b, c) = (picture.planes[colours[0]], picture.planes[colours[1]], picture.planes[colours[2]])
      values = .sums(
        a.withView { a in
          b.withView { b in
            c.withView { c in (0..<a.count).map { Int32(a[$0]) + Int32(b[$0]) + Int32(c[$0]) } }
          }
        })
      planes = 3
    } else {
      values = .plane(picture.planes[format.planes.firstIndex { $0.role == .luma } ?? colours.first ?? 0])
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
    levels = values.levels(planes * format.maximumValue + 1, visible: visible)
  }

  /// A level of 8 bits in the units of the values.
  func scaled(_ level: Int) -> Int32 { Int32(planes * Self.scaled(level, bitDepth: bitDepth)) }

  /// A value as a level of 8 bits.
  func steps(_ value: Int32) -> Int { Self.steps(Int(value) / planes, bitDepth: bitDepth) }

  /// 1 where the picture is white: at `limit` or above it.
  ///
  /// A picture with transparent samples may be a drawing on a transparent layer. If all visible samples lie on one side
  /// of the limit, they are the drawing and count as white. Otherwise they are judged by the limit as usual. Transparent
  /// samples count as black.
  func white(from limit: Int32) -> [UInt8] {
    guard let visible else { return values.white(from: limit) }
    if isDrawing(limit) { return visible }
    return zip(values.white(from: limit), visible).map { $0 & $1 }
  }

  private func isDrawing(_ limit: Int32) -> Bool {
    visible != nil && range.map { $0.lowerBound >= limit || $0.upperBound < limit } ?? true
  }

  /// The darkest and the brightest of the visible samples; nil where none is visible.
  var range: ClosedRange<Int32>? {
    guard let low = levels.firstIndex(where: { $0 > 0 }), let high = levels.lastIndex(where: { $0 > 0 })
    else { return nil }
    return Int32(low)...Int32(high)
  }

  /// The number of visible samples at `level` or above it that are not white from `limit` on.
  func count(from level: Int32, belowWhite limit: Int32) -> Int {
    if isDrawing(limit) { return 0 }
    let range = max(0, Int(level))..<max(0, Int(level), Int(limit))
    return levels[range.clamped(to: levels.indices)].reduce(0, +)
  }

  /// Whether all visible samples have one of two values.
  func holdsOnly(_ first: Int32, _ second: Int32) -> Bool {
    levels.indices.allSatisfy { levels[$0] == 0 || $0 == first || $0 == second }
  }

  static func scaled(_ level: Int, bitDepth: Int) -> Int {
    if bitDepth >= 8 { return level << (bitDepth - 8) }
    // Rounded up: a 1-bit picture's white is white for any threshold above 0.
    return (level * ((1 << bitDepth) - 1) + 254) / 255
  }

  private static func steps(_ sample: Int, bitDepth: Int) -> Int {
    bitDepth >= 8 ? sample >> (bitDepth - 8) : sample * 255 / ((1 << bitDepth) - 1)
  }
}

extension MaskBrightness.Values {
  /// - Parameter count: of values that there may be; larger ones count as the largest.
  func levels(_ count: Int, visible: [UInt8]?) -> [Int] {
    var levels = [Int](repeating: 0, count: count)
    func add(_ value: Int, at i: Int) {
      if visible?[i] != 0 { levels[min(value, count - 1)] += 1 }
    }
    switch self {
    case .plane(.bytes(let samples)) where visible == nil:
      // Most of most masks is 0, which is passed over.
      var others = 0
      samples.withUnsafeBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        forEachIndex(in: 0..<samples.count, of: base, where: 0) {
          levels[min(Int(samples[$0]), count - 1)] += 1
          others += 1
        }
      }
      levels[0] += samples.count - others
    case .plane(let plane): plane.withView { view in for i in 0..<view.count { add(Int(view[i]), at: i) } }
    case .sums(let values): for i in values.indices { add(Int(values[i]), at: i) }
    }
    return levels
  }

  /// 1 where a value is at `limit` or above it.
  func white(from limit: Int32) -> [UInt8] {
    switch self {
    case .plane(.bytes(let samples)) where limit > 0:
      var white = [UInt8](repeating: 0, count: samples.count)
      samples.withUnsafeBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        white.withUnsafeMutableBufferPointer { white in
          forEachIndex(in: 0..<samples.count, of: base, where: 0) {
            if Int32(samples[$0]) >= limit { white[$0] = 1 }
          }
        }
      }
      return white
    case .plane(let plane):
      return plane.withView { view in (0..<view.count).map { Int32(view[$0]) >= limit ? 1 : 0 } }
    case .sums(let values): return values.map { $0 >= limit ? 1 : 0 }
    }
  }
}
