import Frames

/// Finds where scenes begin in frames that come one by one.
///
/// A cut changes the picture by much more than the changes around it, and for good: where a frame looks like one before, what
/// lies between was a flash, or a frame or two that are damaged.
struct SceneStarts: Sendable {
  /// Frames after one by which it is known whether a scene begins with it.
  static let reach = 2
  /// Cells along a picture's longer side: coarse, so that motion and dirt change little.
  private static let cells = 32
  /// The least change of a cut, of full scale, over so many times the median of the changes around it.
  private static let least: Float = 0.04
  private static let ratio: Float = 2.5

  private struct Picture {
    var signature: FrameSignature
    var format: FrameFormat
    /// Mean change of brightness since the frame before, full scale = 1; 0 where there is none.
    var change: Float
  }
  private var pictures = FrameWindow<Picture>()

  mutating func add(_ frame: Frame) {
    let side = max(frame.format.width, frame.format.height)
    let cell = max(1, (side + Self.cells - 1) / Self.cells)
    let mask = FrameMask(width: frame.format.width, height: frame.format.height)
    var picture = Picture(
      signature: FrameSignature(frame, mask: mask, cell: cell), format: frame.format, change: 0)
    if let last = pictures.range.last { picture.change = Self.difference(pictures[last], picture) ?? 0 }
    pictures.append(picture)
    pictures.forget(before: pictures.end - 2 * Self.reach - 2)
  }

  /// Whether a scene begins with a frame, by its position. What is known after `reach` more frames, or at the end, is final.
  func isStart(_ frame: Int) -> Bool {
    if frame == 0 { return true }
    let picture = pictures[frame]
    if picture.signature.startsScene || picture.format != pictures[frame - 1].format { return true }
    let around = pictures.around(frame, reach: Self.reach).filter { $0 != frame && $0 > 0 }
    let usual = around.isEmpty ? 0 : median(around.map { pictures[$0].change })
    guard picture.change > Self.least + Self.ratio * usual else { return false }
    // What came before comes back, or was there before what came before.
    for distance in 1...Self.reach {
      for (first, second) in [(frame - 1, frame + distance), (frame - 1 - distance, frame)]
      where isBack(first, second, after: picture.change) {
        return false
      }
    }
    return true
  }

  /// Whether two frames are much more alike than those between which the picture changed.
  private func isBack(_ first: Int, _ second: Int, after change: Float) -> Bool {
    guard pictures.range.contains(first), pictures.range.contains(second) else { return false }
    return Self.difference(pictures[first], pictures[second]).map { $0 < change / 2 } ?? false
  }

  private static func difference(_ first: Picture, _ second: Picture) -> Float? {
    first.format == second.format ? first.signature.difference(to: second.signature) : nil
  }
}

/// Hands frames on once it is known whether scenes begin with them.
struct SceneFeed: Sendable {
  private var starts = SceneStarts()
  private var frames = FrameWindow<Frame>()

  /// - Returns: the frames that are decided now, in order; the frame that was given comes later.
  mutating func add(_ frame: Frame) -> [DetectionInput] {
    starts.add(frame)
    frames.append(frame)
    return decided(until: frames.end - SceneStarts.reach)
  }

  /// - Returns: the frames that are not decided yet, in order. The feed is as new then.
  mutating func finish() -> [DetectionInput] {
    let rest = decided(until: frames.end)
    self = SceneFeed()
    return rest
  }

  private mutating func decided(until end: Int) -> [DetectionInput] {
    if end <= frames.start { return [] }
    let inputs = (frames.start..<end).map {
      DetectionInput(frame: frames[$0], startsScene: starts.isStart($0))
    }
    frames.forget(before: end)
    return inputs
  }
}
