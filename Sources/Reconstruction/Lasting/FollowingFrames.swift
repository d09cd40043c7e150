import Frames

/// The next frames in which the places of lasting holes are known, found by reading the stream once more, ahead of its
/// windows.
///
/// Frames are read only once a window has a hole that lasts to its end, and the masks alone, if they can be read so, tell that
/// it ends: a logo that stays for good costs no second decoding. Of what is read, two crops are kept wherever a hole ends that
/// lasted as long as a window: memory follows from the holes.
final class FollowingFrames {
  private let planner: Planner
  private let stream: any MaskedStream
  /// Finds where lasting holes end, by the masks alone; nil before the first look.
  private var scout: MaskScout?
  private enum State {
    case closed, ended
    case open(any MaskedStream)
  }
  private var state = State.closed
  private var read = 0
  private var ends: HoleEnds
  private var cuts = CutFinder()
  /// Holes that have ended, how many crops of their places are still to be kept, and of which frames.
  private var awaited: [(hole: FrameMask, box: Box, count: Int, frames: ClosedRange<Int>)] = []
  private(set) var crops: [FrameCrop] = []

  /// - Parameter stream: is not read itself, but opened once more.
  init(planner: Planner, stream: any MaskedStream) {
    (self.planner, self.stream) = (planner, stream)
    ends = HoleEnds(least: planner.windowFrames)
  }

  /// Reads as far as a window may need it, and forgets what lies before its end.
  ///
  /// What can't be read is what a restoration will end at: it is not told here.
  ///
  /// - Parameter last: the window's last frame.
  func advance(after last: Int) {
    crops.removeAll { $0.index <= last }
    cuts.forget(before: last)
    var scout = self.scout ?? MaskScout(of: stream, least: planner.windowFrames)
    let isNeeded = scout.endsHole(in: last + 1...last + LastingHole.mostAhead)
    self.scout = scout
    if !isNeeded { return }
    if case .closed = state { state = (try? stream.openedAgain()).flatMap { $0 }.map { .open($0) } ?? .ended }
    // A cut is judged by the changes on both sides of it.
    while case .open(let stream) = state, read <= last + LastingHole.mostAhead + CutFinder.reach {
      guard let next = try? stream.next() else {
        state = .ended
        return
      }
      // The change from the last frame to the next one may be a cut.
      add(next, isNeeded: next.frame.index >= last)
      read = next.frame.index + 1
    }
  }

  private func add(_ next: MaskedFrame, isNeeded: Bool) {
    let (frame, mask) = (next.frame, next.mask)
    let ended = ends.add(mask)
    if !isNeeded { return }
    cuts.add(FrameSignature(frame, mask: mask), of: frame.index)
    if let ended {
      for box in planner.sites(for: [ended]) {
        let frames = frame.index...frame.index + 4 * LastingHole.stride
        awaited.append((ended, box, LastingHole.frames, frames))
      }
    }
    awaited.removeAll { $0.count == 0 || $0.frames.upperBound < frame.index }
    for i in awaited.indices where awaited[i].frames.contains(frame.index) {
      let (hole, box, count, frames) = awaited[i]
      let crop = FrameCrop(frame, mask: mask, box: box)
      if !crop.shows(hole, in: box) { continue }
      crops.append(crop)
      awaited[i].count = count - 1
      awaited[i].frames = min(frame.index + LastingHole.stride, frames.upperBound)...frames.upperBound
    }
  }

  /// The next frames after a window of the same scene in which a hole's place within a box is known.
  ///
  /// - Parameter last: the window's last frame, after `advance(after:)`.
  func next(after last: Int, showing hole: FrameMask, in box: Box) -> [FrameCrop] {
    let end = min(last + LastingHole.mostAhead, (cuts.first(after: last) ?? .max) - 1)
    return Array(
      crops.filter { last < $0.index && $0.index <= end }.showing(hole, in: box).prefix(LastingHole.frames))
  }
}
