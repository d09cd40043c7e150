import Frames

/// How many spots of each kind were filled, each counted once in every frame.
public struct SpotKinds: Sendable, Equatable {
  /// Scratches and hairs: at least twelve times as long as wide, and narrow.
  public var lines = 0
  /// Of a few samples.
  public var points = 0
  /// All others.
  public var blotches = 0

  public var all: Int { lines + points + blotches }

  init(_ spots: [FrameMask]) {
    for mask in spots where !mask.missing.isEmpty {
      for component in mask.components() {
        if component.runs.areLine(inFrameOf: mask.width) {
          lines += 1
        } else if component.isThin {
          points += 1
        } else {
          blotches += 1
        }
      }
    }
  }
}

extension MaskComponent {
  /// Whether each of its samples has known ones beside it, as pixels of a sensor have.
  var isThin: Bool { thickness <= 1.5 }
}

extension [MaskRun] {
  /// A line is so many times as long as wide, and at most so wide in frames of up to `usualWidth`.
  private static let (elongation, mostWidth) = (12, 8)
  private static let usualWidth = 1920

  /// Whether a hole is a line, straight or bent.
  ///
  /// - Parameters:
  ///   - isPart: whether it is a part of a larger one, which is shorter.
  ///   - width: the frame's.
  func areLine(isPart: Bool = false, inFrameOf width: Int) -> Bool {
    let rows = (last?.row ?? 0) - (first?.row ?? 0) + 1
    let length = Swift.max(rows, MaskRun.columns(of: self).count)
    let mostWidth = Swift.max(Self.mostWidth, Self.mostWidth * width / Self.usualWidth)
    let elongation = isPart ? Self.elongation / 2 : Self.elongation
    return reduce(0) { $0 + $1.columns.count } <= length * Swift.min(mostWidth, length / elongation)
  }
}
