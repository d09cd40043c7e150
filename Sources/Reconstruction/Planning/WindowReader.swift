import Frames

/// Frames that are solved together, and how they blend into the windows before and after.
struct Window {
  let frames: [PendingFrame]
  /// What is solved of it, one after the other.
  let parts: [WindowPart]
  /// Frames, from the first on, that no later window has.
  let finished: Int
  /// Frames that successive windows share, and whether the one before and the one after do.
  let overlap: Int
  let fadesIn: Bool
  let fadesOut: Bool
  /// What sites take along from outside the window, where they do.
  var carried: [Box: CarriedFrames] = [:]
  /// The frames whose spots it solves.
  let own: Range<Int>

  /// The first frame's number in the input.
  var first: Int { frames[0].frame.index }
  var last: Int { first + frames.count - 1 }
  var content: WindowContent {
    WindowContent(
      first: first, frames: frames.map(\.frame), masks: frames.map(\.mask), carried: carried, own: own)
  }

  /// The frames whose spots a window of `count` frames solves: of those that two windows share, each solves half.
  static func own(of count: Int, sharedBefore: Int, sharedAfter: Int) -> Range<Int> {
    let first = min(count, sharedBefore / 2)
    return first..<max(first, count - (sharedAfter - sharedAfter / 2))
  }

  /// Cross-fade weight of frame t, 0 ... 1: below 1 where a neighbouring window has the frame too.
  func weight(of t: Int) -> Float {
    let steps = Float(overlap + 1)
    let before = fadesIn ? Float(t + 1) / steps : 1
    let after = fadesOut ? Float(frames.count - t) / steps : 1
    return min(1, before, after)
  }
}

/// Reads a stream as windows, with no more frames in memory than one of them and the next frame, and for holes that last a few
/// crops of others.
struct WindowReader {
  private let stream: any MaskedStream
  private let planner: Planner
  private let isCancelled: () -> Bool
  /// Frames read and not yet finished, in order; the first is the next window's first.
  private var pending: [PendingFrame] = []
  /// How many of those the last window finished.
  private var finished = 0
  private var streamEnded = false
  /// Whether the next window continues the scene of the one before.
  private var continues = false
  /// Frames read so far; samples over all their planes, and how many of those are missing.
  private(set) var frames = 0
  private(set) var samples = 0
  private(set) var missingSamples = 0
  /// For holes that last; nil where nothing is carried into windows.
  private var lasting: LastingHoles?

  init(_ stream: any MaskedStream, planner: Planner, isCancelled: @escaping () -> Bool) {
    (self.stream, self.planner, self.isCancelled) = (stream, planner, isCancelled)
    lasting = LastingHoles(planner: planner, stream: stream)
  }

  /// The next window, once the last one's finished frames are written; nil after the last frame.
  mutating func next() throws -> Window? {
    pending.removeFirst(finished)
    try readAhead()
    if pending.isEmpty { return nil }
    let end = planner.end(of: pending.map(\.signature))
    let isLast = streamEnded && end.count == pending.count
    let shared = end.isCut || isLast ? 0 : planner.overlap
    if end.isCut {
      // A cut may be found only once later frames are read: drop patches that earlier windows left behind it.
      for frame in pending[end.count...] { frame.patches = [] }
    }
    finished = end.count - shared
    defer { continues = shared > 0 }
    let frames = Array(pending[..<end.count])
    let own = Window.own(
      of: end.count, sharedBefore: continues ? planner.overlap : 0, sharedAfter: shared)
    var window = Window(
      frames: frames, parts: planner.parts(for: frames.map(\.mask), own: own), finished: finished,
      overlap: planner.overlap, fadesIn: continues, fadesOut: shared > 0, own: own)
    if let carried = lasting?.carried(into: window, isSceneEnd: end.isCut || isLast) {
      window.carried = carried
    }
    if end.isCut || isLast {
      lasting?.endScene()
    } else {
      lasting?.keep(pending[..<finished], next: pending[finished...])
    }
    return window
  }

  /// Reads the frames of the next window, and one more.
  private mutating func readAhead() throws {
    // A cut at the window's end is judged by the changes on both sides of it.
    while !streamEnded && pending.count < planner.windowFrames + 1 {
      if isCancelled() { throw RestorationError.cancelled }
      guard let next = try stream.next() else {
        streamEnded = true
        return
      }
      // Planes of one size mostly have as much missing.
      let isByPlanes = next.mask.isByPlanes
      var counts: [Int: Int] = [:]
      for plane in stream.format.planes {
        samples += plane.count
        let missing = counts[plane.count] ?? next.mask.missingCount(in: plane)
        if !isByPlanes { counts[plane.count] = missing }
        missingSamples += missing
      }
      frames += 1
      pending.append(PendingFrame(next))
    }
  }
}
