import Frames

/// Finds for sites whose holes last longer than their window what these holes hide: in the last frames before the window, and
/// in the next ones after it.
struct LastingHoles {
  private let planner: Planner
  private var past: PastFrames
  private let following: FollowingFrames

  /// - Parameter stream: is opened once more, to look ahead in.
  /// - Returns: nil where nothing is carried: a volume has no scenes, and the paper's method solves frames one by one.
  init?(planner: Planner, stream: any MaskedStream) {
    let settings = planner.settings
    guard settings.carriesFrames, settings.volume == nil, settings.preset != .paper else { return nil }
    self.planner = planner
    past = PastFrames(planner: planner)
    following = FollowingFrames(planner: planner, stream: stream)
  }

  /// By their boxes, what sites of a window take along.
  ///
  /// - Parameter isSceneEnd: whether the scene, or the stream, ends with the window.
  func carried(into window: Window, isSceneEnd: Bool) -> [Box: CarriedFrames] {
    let (frames, masks) = (window.frames, window.frames.map(\.mask))
    let boxes = window.parts.compactMap { part in
      if case .site(let box) = part { box } else { nil }
    }
    guard !boxes.isEmpty, let hole = LastingHole.common(to: masks) else { return [:] }
    if !isSceneEnd { following.advance(after: window.last) }
    var result: [Box: CarriedFrames] = [:]
    let half = (frames.count + 1) / 2
    for box in boxes where isCarried(hole, into: box, masks: masks) {
      var carried = CarriedFrames(
        before: past.last(showing: hole, in: box),
        after: isSceneEnd ? [] : following.next(after: window.last, showing: hole, in: box))
      // Each side is for the half of the window that is next to it.
      if !isLike(carried.before.last, frames.prefix(half), around: hole, in: box) { carried.before = [] }
      if !isLike(carried.after.first, frames.suffix(half), around: hole, in: box) { carried.after = [] }
      if carried.count > 0 && planner.holds(box, frames: masks.count + carried.count) {
        result[box] = carried
      }
    }
    return result
  }

  /// Whether a part of the hole is in the box, and something else is known of it: a box in which nothing is known is filled
  /// from around it.
  private func isCarried(_ hole: FrameMask, into box: Box, masks: [FrameMask]) -> Bool {
    hole.missingCount(in: box) > 0 && masks.contains { $0.missingCount(in: box) < box.area }
  }

  /// Whether the surroundings of the hole in a carried frame are those of the window's frames.
  private func isLike(
    _ crop: FrameCrop?, _ frames: ArraySlice<PendingFrame>, around hole: FrameMask, in box: Box
  ) -> Bool {
    guard let crop, let extent = hole.extent(in: box) else { return false }
    var change = ErrorSum()
    for pending in frames { change += crop.change(to: pending.frame, mask: pending.mask, around: extent) }
    return change.mean.map { $0 <= LastingHole.mostChange } ?? false
  }

  /// Forgets a scene that has ended.
  mutating func endScene() { past.endScene() }

  /// Keeps what the next window may need of the frames of one that it does not have.
  mutating func keep(_ done: ArraySlice<PendingFrame>, next: ArraySlice<PendingFrame>) {
    past.keep(done, next: next)
  }
}

extension FrameMask {
  /// The box around what is missing within another; nil where that is nothing.
  fileprivate func extent(in box: Box) -> Box? {
    var result: Box?
    for y in box.y..<box.y + box.height {
      let row = missing[y * width + box.x..<y * width + box.x + box.width]
      guard let first = row.firstIndex(of: 1), let last = row.lastIndex(of: 1) else { continue }
      let line = Box(x: first - y * width, y: y, width: last - first + 1, height: 1)
      result = result?.union(line) ?? line
    }
    return result
  }
}
