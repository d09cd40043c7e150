import Detection
import Frames
import Masks
import Media
import Reconstruction

/// A video's frames with their masks, for the reconstruction. It takes the time, can be stopped, and ends at damage instead
/// of failing.
///
/// Interlaced video is solved field by field: the solver gets and returns stacks of fields, made of frames and woven into
/// frames again. Beginning with the first frame that is flagged as interlaced, all frames are taken apart: telecined video
/// has both kinds in turns, and a progressive frame only loses some sharpness where it is filled in.
final class VideoStream: MaskedStream {
  private let input: VideoInput
  private let mask: CombinedMask
  /// Nil where nothing is written.
  private let output: VideoOutput?
  /// Nil where frames stay whole.
  private let stack: FieldStack?
  private let isCancelled: () -> Bool
  private var watch = Stopwatch()
  private(set) var frames = 0
  /// The damage at which reading ended; the frames before it are sound.
  private(set) var damage: MediaError?
  /// The first frame that was taken apart.
  private(set) var firstStacked: Int?
  /// The number of frames that were flagged as interlaced.
  private(set) var interlacedFrames = 0
  /// The number of samples that are missing in a stack and known in the frame.
  private var givenBack = 0
  /// Those samples by frame, to put back when it is written.
  private var known: [Int: [FieldStack.KnownSample]] = [:]

  /// Told each frame with its mask, if anyone wants to know.
  var observe: ((Frame, FrameMask) -> Void)?

  /// Masks that were made before; nil where they are made now.
  var replay: MaskReplay?

  private let again: Again?
  private let detection: DetectionOptions?
  private var tally: FindTally?

  /// How the same frames and masks are opened once more.
  struct Again {
    var stream: () throws -> VideoStream?
    var masks: () throws -> (() throws -> FrameMask?)?
  }

  /// - Parameters:
  ///   - detection: damage that is looked for; nil for none.
  ///   - solvesFields: false leaves all frames whole.
  ///   - again: nil where nothing can be read once more.
  init(
    _ reader: VideoReader, finding frames: FoundFrames, _ detection: DetectionOptions?, mask: CombinedMask,
    output: VideoOutput?, solvesFields: Bool, isCancelled: @escaping () -> Bool, again: Again? = nil
  ) {
    input = VideoInput(reader, frames)
    (self.mask, self.output, self.isCancelled) = (mask, output, isCancelled)
    (self.again, self.detection, tally) = (again, detection, detection.map(FindTally.init))
    stack = solvesFields ? FieldStack(format: reader.format) : nil
  }

  var format: FrameFormat { input.format }
  /// Seconds that frames and masks took, once all are read.
  var seconds: Double { watch.seconds + input.seconds }

  /// What was found so far; nil where nothing is looked for.
  var figures: DetectionFigures? {
    var tally = tally
    _ = tally?.finish()
    return tally?.figures
  }

  /// Whether to look ahead for what holes that last hide. Damage that is soon gone hides nothing for long.
  private var looksAhead: Bool {
    detection?.mayLast == true ? !mask.isConstant : !mask.isConstantBesidesFinds
  }

  func openedAgain() throws -> (any MaskedStream)? { looksAhead ? try again?.stream() : nil }
  func masksAgain() throws -> (() throws -> FrameMask?)? { looksAhead ? try again?.masks() : nil }

  func next() throws -> MaskedFrame? {
    guard let found = try nextFrame() else { return nil }
    var frame = found.frame
    let mask: FrameMask
    do {
      if let replay {
        mask = try watch.time { try replay.mask(of: frame.index, format: format) }
        self.mask.note(mask)
      } else {
        mask = try watch.time { try self.mask.mask(for: found) }
      }
      _ = tally?.add(found, filled: self.mask.found)
    } catch let short as MaskRanOut {
      throw short.error(input: input.path, inputFrames: try countRest())
    }
    observe?(frame, mask)
    let isInterlaced = (frame.attachment as? DecodedPicture)?.isInterlaced ?? false
    if isInterlaced { interlacedFrames += 1 }
    if isInterlaced && firstStacked == nil && stack != nil {
      firstStacked = frame.index
      frame.startsScene = true
    }
    guard let stack, isStacked(frame.index) else { return MaskedFrame(frame: frame, mask: mask) }
    let stackedMask = stack.stacked(mask)
    let samples = stack.known(frame, mask: mask, stackedMask: stackedMask)
    if !samples.isEmpty && output != nil { known[frame.index] = samples }
    givenBack += samples.count
    return MaskedFrame(frame: stack.stacked(frame), mask: stackedMask)
  }

  private func nextFrame() throws -> FoundFrame? {
    if isCancelled() { throw RestorationError.cancelled }
    if damage != nil { return nil }
    do {
      guard let frame = try input.next() else { return nil }
      frames += 1
      return frame
    } catch let error as MediaError where frames > 0 && error.kind == .damaged {
      damage = error
      return nil
    }
  }

  /// Reads the rest of the frames; returns the number of all.
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

  /// The box of the frame for a box of the stack.
  private func frameBox(_ box: Box, firstFrame first: Int) -> Box {
    guard isStacked(first) else { return box }
    let height = format.height
    let rows = [box.y, box.y + box.height - 1].map { $0 < height / 2 ? 2 * $0 : 2 * (height - 1 - $0) + 1 }
    let isOneField = (box.y < height / 2) == (box.y + box.height - 1 < height / 2)
    // A box across the middle of the stack holds the last lines of both fields.
    let top = (rows.min() ?? 0) & ~1
    let bottom = isOneField ? (rows.max() ?? 0) | 1 : height - 1
    return Box(x: box.x, y: top, width: box.width, height: bottom - top + 1)
  }

  /// The summary of stacks turned into one of frames.
  func ofFrames(_ summary: RestorationSummary) -> RestorationSummary {
    var summary = summary
    summary.missingSamples -= givenBack
    for i in summary.sites.indices {
      summary.sites[i].box = frameBox(summary.sites[i].box, firstFrame: summary.sites[i].firstFrame)
    }
    return summary
  }
}

/// A video's input, decoded and searched for damage on a thread of its own beside masks and solver.
private final class VideoInput {
  let format: FrameFormat
  let path: String
  private let queue: ReadQueue<FoundFrame>
  private let watch: Watch

  /// Used by the queue's thread.
  private final class Watch {
    var watch = Stopwatch()
  }

  /// Frames that are read before they are asked for, and the bytes that they may take.
  private static let (mostAhead, mostBytes) = (4, 32_000_000)

  init(_ reader: VideoReader, _ frames: FoundFrames) {
    (format, path) = (reader.format, reader.path)
    let watch = Watch()
    self.watch = watch
    let ahead = min(Self.mostAhead, Self.mostBytes / max(1, reader.format.bytesPerFrame))
    queue = ReadQueue(ahead: ahead) { try watch.watch.time { try frames.next() } }
  }

  /// Seconds that reading took, once it is finished.
  var seconds: Double { watch.watch.seconds }

  func next() throws -> FoundFrame? { try queue.next() }
}

/// A video's output, written on a thread of its own while the next window is solved.
final class VideoOutput {
  let writer: VideoWriter
  private let queue: WriteQueue
  /// Used by the queue's thread.
  private var watch = Stopwatch()

  /// - Parameter waiting: the most frames that may wait to be written.
  init(_ writer: VideoWriter, waiting: Int) {
    self.writer = writer
    queue = WriteQueue(limit: waiting)
    // Nothing was added yet that could have failed.
    try? queue.add { writer.prepare() }
  }

  /// Seconds that writing took, once it is finished.
  var seconds: Double { watch.seconds }

  func write(_ frame: Frame) throws {
    try JobError.during(.writing) { [self] in
      try queue.add { [self] in try watch.time { try writer.write(frame) } }
    }
  }

  func finish() throws {
    try JobError.during(.writing) {
      try queue.finish()
      try watch.time { try writer.finish() }
    }
  }

  /// Ends without an output; does nothing after `finish()`.
  func cancel() {
    queue.abandon()
    writer.cancel()
  }
}
