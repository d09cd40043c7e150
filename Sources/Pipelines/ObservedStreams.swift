import Frames
import Masks
import Media
import Reconstruction

/// Seconds spent, added up over calls.
struct Stopwatch {
  private(set) var seconds = 0.0

  mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer { seconds += (ContinuousClock.now - start).inSeconds }
    return try body()
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// The input on its way to the solver: timed, stoppable, and ended by damage instead of failing.
final class ObservedSource: FrameSource {
  private let reader: VideoReader
  private let isCancelled: () -> Bool
  private(set) var watch = Stopwatch()
  private(set) var frames = 0
  /// The damage that reading ended with; frames before it are good.
  private(set) var damage: MediaError?

  init(_ reader: VideoReader, isCancelled: @escaping () -> Bool) {
    self.reader = reader
    self.isCancelled = isCancelled
  }

  var format: FrameFormat { reader.format }

  func nextFrame() throws -> Frame? {
    if isCancelled() { throw RestorationError.cancelled }
    if damage != nil { return nil }
    do {
      guard let frame = try watch.time({ try reader.nextFrame() }) else { return nil }
      frames += 1
      return frame
    } catch let error as MediaError where frames > 0 && error.kind == .damaged {
      damage = error
      return nil
    } catch {
      throw JobError(error, while: .reading)
    }
  }

  /// Reads what is left, for its number.
  func countRest() throws -> Int {
    while try nextFrame() != nil {}
    return frames
  }
}

/// The masks on their way to the solver, timed.
final class ObservedMasks: MaskSource {
  let masks: CombinedMask
  private(set) var watch = Stopwatch()

  init(_ masks: CombinedMask) { self.masks = masks }

  func mask(for frame: Frame) throws -> FrameMask {
    try watch.time { try masks.mask(for: frame) }
  }
}

/// The output, timed and stoppable, written on a thread of its own while the next window is solved.
///
/// A frame whose mask nobody asked for gets it asked here, so that lengths and shares are right for a solver that
/// passes frames on unseen.
final class ObservedSink: FrameSink {
  private let writer: VideoWriter
  private let masks: ObservedMasks
  private let isCancelled: () -> Bool
  private let queue: WriteQueue
  /// Of the queue's thread.
  private var watch = Stopwatch()

  /// - Parameter waiting: frames that may wait to be written.
  init(_ writer: VideoWriter, masks: ObservedMasks, waiting: Int, isCancelled: @escaping () -> Bool) {
    self.writer = writer
    self.masks = masks
    self.isCancelled = isCancelled
    queue = WriteQueue(limit: waiting)
  }

  /// Seconds that writing took, once it is finished.
  var seconds: Double { watch.seconds }

  func write(_ frame: Frame) throws {
    if isCancelled() { throw RestorationError.cancelled }
    if masks.masks.frames <= frame.index { _ = try masks.mask(for: frame) }
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
