import Frames

/// Holes that last: what is missing in all frames of a run.
enum LastingHole {
  /// Frames of which a hole's place is carried into a window from before it, and as many from after it: one beside the hole,
  /// and one by which the estimates of that are judged.
  static let frames = 2
  /// How far apart these two are: about as far as the hole's samples in a window are from the nearest carried frame.
  static let stride = 8
  /// Frames after a window in which a hole's place is looked for: ten seconds of most videos.
  static let mostAhead = 250
  /// Samples around a hole by which it is seen whether its place has changed: they change as it does.
  static let surroundings = 16
  /// Mean squared change of them, full scale = 1, from which on a frame is not carried: 28 dB. Frames that differ more
  /// mislead the estimators, however they are judged.
  static let mostChange = 0.0016

  /// What is missing in all of the masks; nil where there is nothing, or where it lies scattered: enough is known beside it.
  static func common(to masks: [FrameMask]) -> FrameMask? {
    guard var common = masks.first, !masks.contains(where: { $0.missing.isEmpty || $0.isByPlanes }) else {
      return nil
    }
    for mask in masks.dropFirst() where mask.missing != common.missing {
      var isEmpty = true
      for i in common.missing.indices {
        common.missing[i] &= mask.missing[i]
        if common.missing[i] != 0 { isEmpty = false }
      }
      if isEmpty { return nil }
    }
    return isCompact(common) ? common : nil
  }

  static func isCompact(_ mask: FrameMask) -> Bool {
    if mask.isEmpty { return false }
    return !HoleShape(missing: mask.missing, frames: 1, height: mask.height, width: mask.width).isScattered
  }
}
