import Frames

/// What is missing in a frame, by what it was to the solver.
public struct SortedHoles: Sendable {
  /// Spots of each kind.
  public var lines: FrameMask
  public var points: FrameMask
  public var blotches: FrameMask
  /// What was solved in sites: holes that last, and all holes of windows whose spots were not solved by themselves.
  public var others: FrameMask
  /// How many spots, and how many of the others.
  public private(set) var spotKinds = SpotKinds()
  public let othersCount: Int

  /// - Parameters:
  ///   - spots: of a frame.
  ///   - others: of the same frame, none of which is a spot.
  init(spots: FrameMask, others: FrameMask) {
    lines = FrameMask(width: spots.width, height: spots.height)
    (points, blotches) = (lines, lines)
    self.others = others
    othersCount = others.components().count
    var spots = spots
    for component in spots.components() {
      let kind = SpotKind(component, inFrameOf: spots.width)
      spotKinds.add(kind)
      for run in component.runs {
        switch kind {
        case .line: run.move(from: &spots, to: &lines)
        case .point: run.move(from: &spots, to: &points)
        case .blotch: run.move(from: &spots, to: &blotches)
        }
      }
    }
  }

  /// Holes of a frame that was solved in sites alone.
  init(others: FrameMask) {
    self.init(spots: FrameMask(width: others.width, height: others.height), others: others)
  }

  /// The same holes in frames that are laid out otherwise; they are counted as before.
  ///
  /// - Parameter body: what becomes of a mask.
  public func map(_ body: (FrameMask) -> FrameMask) -> SortedHoles {
    var result = self
    result.lines = body(lines)
    result.points = body(points)
    result.blotches = body(blotches)
    result.others = body(others)
    return result
  }
}
