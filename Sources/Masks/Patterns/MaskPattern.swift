import Frames

/// The shapes of the holes that an experiment makes in undamaged pictures.
public enum MaskPattern: Sendable, Equatable {
  /// Each pixel is missing with this probability, drawn anew for each frame.
  case random(rate: Double)
  /// The rectangles of the paper: rows 70 ..< 100 by columns 150 ..< 190, and 200 ..< 230 by 200 ..< 230, of 256 x 256;
  /// scaled to other sizes.
  case patch
  /// Lines of strokes that look like text, over a tenth of the picture.
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
    func mask(_ isMissing: (Int, Int) -> Bool) -> FrameMask {
      let missing = (0..<width * height).map { i -> UInt8 in isMissing(i % width, i / width) ? 1 : 0 }
      return FrameMask(width: width, height: height, missing: missing)
    }
    func repeated(_ mask: FrameMask) -> [FrameMask] { Array(repeating: mask, count: frames) }
    switch self {
    case .random(let rate): return (0..<frames).map { _ in mask { _, _ in random.chance(rate) } }
    case .block(let rate):
      let side = 16
      let (columns, rows) = ((width + side - 1) / side, (height + side - 1) / side)
      return (0..<frames).map { _ in
        let chosen = (0..<rows * columns).map { _ in random.chance(rate) }
        return mask { x, y in chosen[y / side * columns + x / side] }
      }
    case .patch:
      func scaled(_ range: Range<Int>, to size: Int) -> Range<Int> {
        let ends = [range.lowerBound, range.upperBound].map { Int((Double($0 * size) / 256).rounded()) }
        return ends[0]..<ends[1]
      }
      let patches = [(70..<100, 150..<190), (200..<230, 200..<230)].map {
        (rows: scaled($0.0, to: height), columns: scaled($0.1, to: width))
      }
      return repeated(mask { x, y in patches.contains { $0.rows.contains(y) && $0.columns.contains(x) } })
    case .textural:
      return repeated(TextStrokes.mask(width: width, height: height, share: 0.1, using: &random))
    case .downsample(let factor):
      precondition(factor > 0, "a factor above zero")
      return repeated(mask { x, y in x % factor != 0 || y % factor != 0 })
    }
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
