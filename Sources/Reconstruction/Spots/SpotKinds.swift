import Frames
import Kernels

/// What a spot looks like.
enum SpotKind {
  /// A scratch or a hair: at least twelve times as long as wide, and narrow.
  case line
  /// Of a few samples.
  case point
  /// Any other.
  case blotch

  /// - Parameter width: the frame's.
  init(_ spot: MaskComponent, inFrameOf width: Int) {
    self = spot.runs.areLine(inFrameOf: width) ? .line : spot.isThin ? .point : .blotch
  }
}

/// How many spots of each kind were filled, each counted once in every frame.
public struct SpotKinds: Sendable, Equatable {
  public var lines = 0
  public var points = 0
  public var blotches = 0

  public var all: Int { lines + points + blotches }

  public init(lines: Int = 0, points: Int = 0, blotches: Int = 0) {
    (self.lines, self.points, self.blotches) = (lines, points, blotches)
  }

  init(_ spots: [FrameMask], threads: Int = 1) {
    self = parallelMap(spots.count, threads: threads) { t in
      var kinds = SpotKinds()
      for component in spots[t].components() { kinds.add(SpotKind(component, inFrameOf: spots[t].width)) }
      return kinds
    }.reduce(SpotKinds(), +)
  }

  mutating func add(_ kind: SpotKind) {
    switch kind {
    case .line: lines += 1
    case .point: points += 1
    case .blotch: blotches += 1
    }
  }

  public static func + (a: SpotKinds, b: SpotKinds) -> SpotKinds {
    SpotKinds(lines: a.lines + b.lines, points: a.points + b.points, blotches: a.blotches + b.blotches)
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
