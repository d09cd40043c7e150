/// Holes that an estimator is for.
enum HoleKind: Sendable {
  case any
  case scattered
  case compact
  /// Compact and at the same places in all frames, such as a logo.
  case still
  /// Compact and elsewhere from frame to frame, such as dirt.
  case moving
  /// Any but compact ones that are at the same places in all frames.
  case changing
  /// Compact, among them whole frames.
  case withEmptyFrames
  /// Any, unless most missing samples lie in whole missing frames.
  case withinFrames
  /// Both `changing` and `withinFrames`.
  case changingWithinFrames

  func contains(_ holes: HoleShape) -> Bool {
    let isStill = holes.isStatic && !holes.isScattered
    return switch self {
    case .any: true
    case .scattered: holes.isScattered
    case .compact: !holes.isScattered
    case .still: isStill
    case .moving: !holes.isStatic && !holes.isScattered
    case .changing: !isStill
    case .withEmptyFrames: !holes.isScattered && holes.hasEmptyFrames
    case .withinFrames: !holes.areMostlyFrames
    case .changingWithinFrames: !isStill && !holes.areMostlyFrames
    }
  }
}
