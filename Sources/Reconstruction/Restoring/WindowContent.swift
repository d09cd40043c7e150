import Frames

/// Frames of a window as they came, for work on several threads.
struct WindowContent: Sendable {
  /// The first frame's number in the input.
  let first: Int
  let frames: [Frame]
  let masks: [FrameMask]
  /// By their boxes, what sites take along from outside the window.
  var carried: [Box: CarriedFrames] = [:]
  /// The frames whose spots are solved here; nil for all.
  var own: Range<Int>?

  var last: Int { first + frames.count - 1 }
}
