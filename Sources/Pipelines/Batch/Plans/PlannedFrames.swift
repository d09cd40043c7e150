import Frames
import Media

/// Frames of a planned input by their numbers, with the plan's masks: reached by seeking, or by decoding from the beginning on
/// where the input can't be sought in. Keeps the frames that were asked for last, which the next window may share.
struct PlannedFrames {
  private let task: ShardPlan.Task
  private let open: () throws -> VideoReader
  private var masks: PlannedMasks
  private let stack: FieldStack?
  let format: FrameFormat
  /// Whether frames are reached by seeking.
  private(set) var isSought: Bool
  private var reader: VideoReader?
  /// The number of the frame that the reader gives next.
  private var next = 0
  private var kept: [MaskedFrame] = []
  /// Frames that were decoded.
  private(set) var decoded = 0

  /// - Throws: `JobError` or `MediaError`.
  init(_ job: RestoreJob, _ task: ShardPlan.Task, data: PlanData.Reader) throws {
    let reader = try job.videoReader()
    (self.task, self.reader, format) = (task, reader, reader.format)
    open = { try job.videoReader() }
    masks = try PlannedMasks(task.maskBlock, in: data, width: format.width, height: format.height)
    stack = job.solvesFields ? FieldStack(format: format) : nil
    isSought = task.isSought
  }

  /// Frames that lie side by side.
  ///
  /// - Parameter key: the key frame before the first one; nil for the video's beginning.
  /// - Returns: nil where the input has no such frames.
  /// - Throws: `JobError` or `MediaError`.
  mutating func frames(_ range: Range<Int>, from key: SeekPoint?) throws -> [MaskedFrame]? {
    if let first = kept.first, first.frame.index <= range.lowerBound {
      kept.removeFirst(min(kept.count, range.lowerBound - first.frame.index))
    } else {
      kept = []
    }
    if kept.count > range.count { return Array(kept.prefix(range.count)) }
    let needed = range.lowerBound + kept.count
    try go(to: needed, from: key)
    while next < range.upperBound {
      guard let frame = try reader?.nextFrame() else { return nil }
      next += 1
      decoded += 1
      if frame.index >= needed { kept.append(try masked(frame)) }
    }
    return kept.count == range.count ? kept : nil
  }

  /// Has the reader stand at or before a frame.
  private mutating func go(to frame: Int, from key: SeekPoint?) throws {
    let isBehind = reader == nil || next > frame
    if isSought, let key, isBehind || key.frame > next {
      let reader = try reader ?? open()
      if try reader.seek(to: key) {
        (self.reader, next) = (reader, key.frame)
        return
      }
      try distrust()
    } else if isBehind {
      (reader, next) = (try open(), 0)
    }
  }

  /// Decodes everything from the beginning on from now on: what seeking leads to is not what was planned.
  mutating func distrust() throws {
    (isSought, kept) = (false, [])
    (reader, next) = (try open(), 0)
  }

  private mutating func masked(_ frame: Frame) throws -> MaskedFrame {
    let mask = try masks.mask(of: frame.index)
    guard let stack, let first = task.firstStacked, frame.index >= first else {
      return MaskedFrame(frame: frame, mask: mask)
    }
    return MaskedFrame(frame: stack.stacked(frame), mask: stack.stacked(mask))
  }
}
