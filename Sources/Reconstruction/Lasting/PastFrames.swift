import Frames

/// The last frames in which the places of lasting holes were known, of windows that are done.
///
/// Kept are a few crops for each hole that goes on in the next window: memory follows from the holes, not from the frame, nor
/// from how long they last.
struct PastFrames {
  private let planner: Planner
  private(set) var crops: [FrameCrop] = []

  init(planner: Planner) { self.planner = planner }

  /// Forgets a scene that has ended.
  mutating func endScene() { crops = [] }

  /// Keeps what the next window may need of one that is done.
  ///
  /// - Parameters:
  ///   - done: its frames that the next window does not have.
  ///   - next: the next window's frames that were read already.
  mutating func keep(_ done: ArraySlice<PendingFrame>, next: ArraySlice<PendingFrame>) {
    guard let hole = LastingHole.common(to: next.map(\.mask)) else {
      crops = []
      return
    }
    var kept: [FrameCrop] = []
    for box in planner.sites(for: [hole]) {
      let size = hole.missingCount(in: box)
      let showing = done.reversed().filter { $0.mask.shared(with: hole, in: box) * 2 < size }
      var shown: [FrameCrop] = []
      if let near = showing.first {
        let far = showing.first { $0.frame.index <= near.frame.index - LastingHole.stride } ?? showing.last
        for pending in [near] + (showing.count > 1 ? [far].compactMap { $0 } : []) {
          shown.append(FrameCrop(pending.frame, mask: pending.mask, box: box))
        }
      }
      if shown.count < LastingHole.frames {
        shown += crops.showing(hole, in: box).reversed().prefix(LastingHole.frames - shown.count)
      }
      for crop in shown where !kept.contains(where: { $0.index == crop.index && $0.box == crop.box }) {
        kept.append(crop)
      }
    }
    crops = kept
  }

  /// The last frames in which a hole's place within a box was known.
  func last(showing hole: FrameMask, in box: Box) -> [FrameCrop] {
    crops.showing(hole, in: box).suffix(LastingHole.frames)
  }
}

extension FrameMask {
  /// How many samples within a box are missing in both masks.
  fileprivate func shared(with other: FrameMask, in box: Box) -> Int {
    if missing.isEmpty || other.missing.isEmpty { return 0 }
    var count = 0
    for y in box.y..<box.y + box.height {
      for i in y * width + box.x..<y * width + box.x + box.width {
        count += Int(missing[i] & other.missing[i] & 1)
      }
    }
    return count
  }
}
