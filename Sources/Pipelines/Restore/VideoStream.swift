import Frames
import Masks
import Media
import Reconstruction

/// A video on its way through the reconstruction: its frames with their masks, timed, stoppable, and ended by damage
/// instead of failing.
///
/// Interlaced video is solved field by field: what the solver reads and writes are stacks of fields, what comes in and
/// goes out are frames. From the first frame that is flagged as interlaced all are taken apart, whatever their flags:
/// telecined video has both kinds in turns, and a progressive frame loses nothing by it but some sharpness of what is
/// filled in. Before it, frames stay whole.
final class VideoStream: MaskedStream {
  private let reader: VideoReader
  private let mask: CombinedMask
  /// Nil where nothing is written.
  private let output: VideoOutput?
  /// nil where frames are left whole.
  private let stack: FieldStack?
  private let isCancelled: () -> Bool
  private(set) var watch = Stopwatch()
  private(set) var frames = 0
  /// The damage that reading ended with; frames before it are good.
  private(set) var damage: MediaError?
  /// The first frame that was taken apart, and how many were flagged.
  private(set) var firstStacked: Int?
  private(set) var interlacedFrames = 0
  /// Samples that the solver took for missing and that are not.
  private var givenBack = 0
  /// By frame, until it is written: what to put back.
  private var known: [Int: [FieldStack.KnownSample]] = [:]

  /// - Parameter solvesFields: false leaves all frames whole.
  init(
    _ reader: VideoReader, mask: CombinedMask, output: VideoOutput?, solvesFields: Bool,
    isCancelled: @escaping () -> Bool
  ) {
    (self.reader, self.mask, self.output, self.isCancelled) = (reader, mask, output, isCancelled)
    stack = solvesFields ? FieldStack(format: reader.format) : nil
  }

  var format: FrameFormat { reader.format }

  func next() throws -> MaskedFrame? {
    guard var frame = try nextFrame() else { return nil }
    let mask: FrameMask
    do {
      mask = try watch.time { try self.mask.mask(for: frame) }
    } catch let short as MaskRanOut {
      throw short.error(input: reader.path, inputFrames: try countRest())
    }
    let isInterlaced = (frame.attachment as? DecodedPicture)?.isInterlaced ?? false
    if isInterlaced { interlacedFrames += 1 }
    if isInterlaced && firstStacked == nil && stack != nil {
      firstStacked = frame.index
      frame.startsScene = true
    }
    guard let stack, isStacked(frame.index) else { return MaskedFrame(frame: frame, mask: mask) }
    let stackedMask = stack.stacked(mask)
    let samples = stack.known(frame, mask: mask, stackedMask: stackedMask)
    if !samples.isEmpty { known[frame.index] = samples }
    givenBack += samples.count
    return MaskedFrame(frame: stack.stacked(frame), mask: stackedMask)
  }

  private func nextFrame() throws -> Frame? {
    if isCancelled() { throw RestorationError.cancelled }
    if damage != nil { return nil }
    do {
      guard let frame = try watch.time({ try reader.nextFrame() }) else { return nil }
      frames += 1
      return frame
    } catch let error as MediaError where frames > 0 && error.kind == .damaged {
      damage = error
      return nil
    }
  }

  /// Reads what is left, for its number.
  private func countRest() throws -> Int {
    while try nextFrame() != nil {}
    return frames
  }

  func write(_ frame: Frame) throws {
    guard let output else { return }
    if isCancelled() { throw RestorationError.cancelled }
    guard let stack, isStacked(frame.index) else { return try output.write(frame) }
    var whole = stack.woven(frame)
    if let samples = known.removeValue(forKey: frame.index) { FieldStack.put(samples, into: &whole) }
    try output.write(whole)
  }

  private func isStacked(_ index: Int) -> Bool { firstStacked.map { index >= $0 } ?? false }

  /// The box of the frame that a box of the stack fills.
  private func frameBox(_ box: Box, firstFrame first: Int) -> Box {
    guard isStacked(first) else { return box }
    let height = format.height
    let rows = [box.y, box.y + box.height - 1].map { $0 < height / 2 ? 2 * $0 : 2 * (height - 1 - $0) + 1 }
    let isOneField = (box.y < height / 2) == (box.y + box.height - 1 < height / 2)
    // Where the halves meet both end with the frame's last lines.
    let top = (rows.min() ?? 0) & ~1
    let bottom = isOneField ? (rows.max() ?? 0) | 1 : height - 1
    return Box(x: box.x, y: top, width: box.width, height: bottom - top + 1)
  }

  /// A summary of stacks as one of frames.
  func ofFrames(_ summary: RestorationSummary) -> RestorationSummary {
    var summary = summary
    summary.missingSamples -= givenBack
    for i in summary.sites.indices {
      summary.sites[i].box = frameBox(summary.sites[i].box, firstFrame: summary.sites[i].firstFrame)
    }
    return summary
  }
}

/// A video's output, timed, and written on a thread of its own while the next window is solved.
final class VideoOutput {
  let writer: VideoWriter
  private let queue: WriteQueue
  /// Of the queue's thread.
  private var watch = Stopwatch()

  /// - Parameter waiting: frames that may wait to be written.
  init(_ writer: VideoWriter, waiting: Int) {
    self.writer = writer
    queue = WriteQueue(limit: waiting)
  }

  /// Seconds that writing took, once it is finished.
  var seconds: Double { watch.seconds }

  func write(_ frame: Frame) throws {
    try writing { [self] in
      try queue.add { [self] in try watch.time { try writer.write(frame) } }
    }
  }

  func finish() throws {
    try writing {
      try queue.finish()
      try watch.time { try writer.finish() }
    }
  }

  /// Ends without an output; nothing happens after `finish()`.
  func cancel() {
    queue.abandon()
    writer.cancel()
  }

  private func writing(_ body: () throws -> Void) throws {
    do { try body() } catch { throw JobError(error, while: .writing) }
  }
}
