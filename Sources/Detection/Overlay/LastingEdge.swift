/// What stays the same about an edge that stays where it is.
///
/// The edge of a bright or dark mark keeps its sign. That of a gray one is now brighter, now darker than what it lies over, and
/// keeps its direction alone.
enum LastingEdge: UInt8, Sendable, CaseIterable {
  case brighterRight, darkerRight, brighterBelow, darkerBelow
  case upright, level, falling, rising

  /// 1 where packed signs have it, -1 where they have its contrary, by what stays and by the signs (16 each).
  static let matches: [Int8] = allCases.flatMap { edge in
    (0..<16).map { code in
      let (x, y) = (Int8(code & 3) - 1, Int8(code >> 2) - 1)
      if x > 1 || y > 1 { return 0 }
      return switch edge {
      case .brighterRight: x
      case .darkerRight: -x
      case .brighterBelow: y
      case .darkerBelow: -y
      case .upright: x * x - y * y
      case .level: y * y - x * x
      case .falling: x * y
      case .rising: -x * y
      }
    }
  }

  /// What stays at a place, if anything does.
  ///
  /// - Parameter count: of frames that counted. So few frames may agree by chance that all of four have to, and more need
  ///   not so nearly.
  /// - Returns: and how many frames more have it than have its contrary.
  static func found(x: Int, y: Int, xx: Int, yy: Int, xy: Int, count: Int) -> (edge: LastingEdge, sum: Int)? {
    if count < fewest { return nil }
    let most = max(abs(x), abs(y))
    let least = share * Float(count) + margin
    if Float(most) >= least {
      let edge: LastingEdge =
        abs(x) >= abs(y) ? x > 0 ? .brighterRight : .darkerRight : y > 0 ? .brighterBelow : .darkerBelow
      return (edge, most)
    }
    let axis = max(abs(xx - yy), abs(xy))
    if Float(axis) >= least + axisMargin * Float(count) {
      let edge: LastingEdge =
        abs(xx - yy) >= abs(xy) ? xx > yy ? .upright : .level : xy > 0 ? .falling : .rising
      return (edge, axis)
    }
    return nil
  }

  static let fewest = 4
  private static let share: Float = 0.65
  private static let margin: Float = 1.4
  private static let axisMargin: Float = 0.05
}
