import Detection
import Frames
import Masks
import Media

/// A video's frames with what is found in them, in order. Without damage to look for, frames come as they are read.
///
/// Where there is damage to look for, frames are read on a thread of their own beside the search, and those that were read
/// before an error are handed out before it is thrown. From the first call of `next()` until that returned nil or threw, nothing
/// else may use the reader.
final class FoundFrames {
  private let read: () throws -> Frame?
  /// Frames that are read before they are searched, at most.
  static let mostAhead = 2
  private var search: DamageSearch?
  private var ready: [FoundFrame] = []
  private var isOver = false
  private var failure: (any Error)?

  /// - Parameters:
  ///   - detection: what is looked for; nil for nothing.
  ///   - surveyed: what surveys of the whole video found.
  ///   - known: what was found in some of its scenes before.
  init(
    _ reader: VideoReader, _ detection: DetectionOptions?, surveyed: SurveyedDamage,
    known: (any KnownScenes)? = nil, threads: Int
  ) {
    if detection == nil {
      read = { try reader.nextFrame() }
    } else {
      let queue = ReadQueue(ahead: Self.mostAhead) { try reader.nextFrame() }
      read = { try queue.next() }
    }
    search = detection.map {
      DamageSearch(
        kinds: $0.kinds, settings: $0.settings, surveyed: surveyed.finds, known: known, threads: threads)
    }
  }

  /// The next frame; nil after the last one.
  func next() throws -> FoundFrame? {
    guard var search else {
      return try read().map {
        FoundFrame(frame: $0, mask: FrameMask(width: $0.format.width, height: $0.format.height))
      }
    }
    // Taken out while it changes, or it would be copied.
    self.search = nil
    defer { self.search = search }
    while ready.isEmpty {
      if isOver {
        if let failure { throw failure }
        return nil
      }
      do {
        if let frame = try read() {
          ready = try search.add(frame)
          continue
        }
      } catch let error as MediaError {
        failure = error
      }
      isOver = true
      ready = try search.finish()
    }
    return ready.removeFirst()
  }
}

extension CombinedMask {
  /// - Parameter surveyed: what surveys found, where such kinds are looked for.
  /// - Throws: `MaskError`.
  convenience init(options: MaskOptions, input: MaskedInput, surveyed: SurveyedDamage) throws {
    var found = FoundMasks.none
    if let detection = options.detection {
      found =
        detection.needsSearch || !surveyed.isEverywhere
        ? .perFrame
        : .constant(surveyed.mask(width: input.format.width, height: input.format.height))
    }
    try self.init(options: options, input: input, found: found, tracked: surveyed.tracked)
  }

  /// - Throws: `MaskError`, or `MaskRanOut` where a mask file is shorter than the input.
  func mask(for found: FoundFrame) throws -> FrameMask { try mask(for: found.frame, found: found.mask) }
}

extension DetectionOptions {
  /// The names of the kinds for which the whole input is read first; nil for none.
  var surveyedKinds: String? {
    needsSurvey ? kinds.filter(\.needsSurvey).map(\.rawValue).joined(separator: ", ") : nil
  }

  /// Refuses an input that can be read only once where it would have to be read twice.
  ///
  /// - Throws: `JobError`.
  func checkInput(_ input: String) throws {
    guard let kinds = surveyedKinds, StandardStream.isReadOnce(input) else { return }
    throw JobError.configuration(
      "looking for \(kinds) reads its input more than once, which a pipe does not allow: write it to a file first"
    )
  }

  /// Reads the whole input for the kinds of damage that need it; reads nothing where there are none.
  ///
  /// - Parameters:
  ///   - observe: gets the number of frames that were read so far.
  /// - Throws: `JobError` or `MediaError`.
  func surveyed(
    input: String, stream: Int?, gaps: SequenceGaps, threads: Int, observe: (Int) -> Void = { _ in },
    isCancelled: () -> Bool
  ) throws -> SurveyedDamage {
    if !needsSurvey { return SurveyedDamage() }
    try checkInput(input)
    let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: gaps)
    let frames = ReadQueue(ahead: FoundFrames.mostAhead) { try reader.nextFrame() }
    var surveys = DamageSurveys(kinds: kinds, settings: settings, threads: threads)
    var count = 0
    do {
      while let frame = try frames.next() {
        if isCancelled() { throw JobError.stopped }
        surveys.add(frame)
        count += 1
        observe(count)
      }
    } catch let error as MediaError where error.kind == .damaged && count > 0 {
      // The search that follows tells of the damage, and ends there as well.
    }
    return surveys.finish()
  }
}

extension MaskOptions {
  /// What surveys of an input find, and where masks are that are followed; reads nothing where nothing needs it.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  func surveyed(input: String, stream: Int?, threads: Int, isCancelled: () -> Bool) throws -> SurveyedDamage {
    let tracked = try trackedMasks(input: input, stream: stream, threads: threads, isCancelled: isCancelled)
    var surveyed =
      try detection?.surveyed(
        input: input, stream: stream, gaps: gaps, threads: threads, isCancelled: isCancelled)
      ?? SurveyedDamage()
    surveyed.tracked = tracked
    return surveyed
  }
}
