import Frames

/// What an experiment takes away from undamaged pictures.
public enum MaskPattern: Sendable, Equatable {
  /// Each pixel is missing with this probability, drawn anew for each frame.
  case random(rate: Double)
  /// The rectangles of the paper: rows 70 ..< 100 by columns 150 ..< 190, and 200 ..< 230 by 200 ..< 230, of 256 x 256;
  /// scaled to other sizes.
  case patch
  /// Lines of glyph-like strokes over a tenth of the picture.
  case textural
  /// Each block of 16 x 16 pixels is missing with this probability, drawn anew for each frame.
  case block(rate: Double)
  /// Only every n-th row and column is known.
  case downsample(factor: Int)

  /// The masks of a clip's frames.
  ///
  /// - Parameter random: draws; the same source gives the same masks.
  public func masks(
    width: Int, height: Int, frames: Int, using random: inout some RandomNumberGenerator
  ) -> [FrameMask] {
    switch self {
    case .random(let rate):
      return (0..<frames).map { _ in
        FrameMask(
          width: width, height: height, missing: (0..<width * height).map { _ in random.chance(rate) ? 1 : 0 }
        )
      }
    case .block(let rate):
      return (0..<frames).map { _ in
        Self.blocks(width: width, height: height, rate: rate, using: &random)
      }
    case .patch:
      let mask = Self.patches(width: width, height: height)
      return Array(repeating: mask, count: frames)
    case .textural:
      let mask = TextStrokes.mask(width: width, height: height, share: 0.1, using: &random)
      return Array(repeating: mask, count: frames)
    case .downsample(let factor):
      precondition(factor > 0, "a factor above zero")
      var mask = FrameMask(width: width, height: height, missing: Array(repeating: 1, count: width * height))
      for y in stride(from: 0, to: height, by: factor) {
        for x in stride(from: 0, to: width, by: factor) { mask.missing[y * width + x] = 0 }
      }
      return Array(repeating: mask, count: frames)
    }
  }

  private static let blockSide = 16

  private static func blocks(
    width: Int, height: Int, rate: Double, using random: inout some RandomNumberGenerator
  ) -> FrameMask {
    let columns = (width + blockSide - 1) / blockSide
    let rows = (height + blockSide - 1) / blockSide
    let chosen = (0..<rows * columns).map { _ in random.chance(rate) }
    var mask = FrameMask(width: width, height: height, missing: Array(repeating: 0, count: width * height))
    for y in 0..<height {
      for x in 0..<width where chosen[y / blockSide * columns + x / blockSide] {
        mask.missing[y * width + x] = 1
      }
    }
    return mask
  }

  private static func patches(width: Int, height: Int) -> FrameMask {
    var mask = FrameMask(width: width, height: height, missing: Array(repeating: 0, count: width * height))
    func scaled(_ range: Range<Int>, to size: Int) -> Range<Int> {
      let ends = [range.lowerBound, range.upperBound].map { Int((Double($0 * size) / 256).rounded()) }
      return ends[0]..<ends[1]
    }
    for (rows, columns) in [(70..<100, 150..<190), (200..<230, 200..<230)] {
      for y in scaled(rows, to: height) {
        for x in scaled(columns, to: width) { mask.missing[y * width + x] = 1 }
      }
    }
    return mask
  }
}

extension MaskPattern: CustomStringConvertible {
  /// `random=0.3`, as people write it.
  public var description: String {
    switch self {
    case .random(let rate): "random=\(rate)"
    case .patch: "patch"
    case .textural: "textural"
    case .block(let rate): "block=\(rate)"
    case .downsample(let factor): "downsample=\(factor)"
    }
  }
}

extension RandomNumberGenerator {
  /// Uniform in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with this probability.
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }
}
