import Frames
import Motion

/// A frame, and what was found in it.
public struct FoundFrame: Sendable {
  public var frame: Frame
  public var startsScene: Bool
  /// The union of all finds.
  public var mask: FrameMask
  /// Finds that are in this frame; those of several frames are in each of them.
  public var finds: [Find]

  public init(frame: Frame, startsScene: Bool = false, mask: FrameMask, finds: [Find] = []) {
    (self.frame, self.startsScene, self.mask, self.finds) = (frame, startsScene, mask, finds)
  }
}

/// Looks for damage of several kinds in frames that come one after the other.
///
/// Frames are kept until all kinds are decided: memory follows from the longest delay, not from the number of frames. What is
/// found does not depend on the number of threads.
public struct DamageSearch: Sendable {
  private var feed = SceneFeed()
  private var detectors: [any DamageDetector] = []
  /// Nil where no kind looks at motion.
  private var motion: MotionFinder?
  /// Frames that wait until there are some more: motion is found for several of them at a time.
  private var waiting: [DetectionInput] = []
  static let together = 4
  private var surveyed: SurveyedFinds
  /// Frames that some kind has not decided yet, in order.
  private var pending: [FoundFrame] = []
  /// Frames that were handed out, and that each detector has decided.
  private var given = 0
  private var decided: [Int]

  /// - Parameters:
  ///   - kinds: those that need a survey are in `surveyed` alone.
  ///   - surveyed: what surveys of the whole video found.
  public init(
    kinds: [DamageKind], settings: DetectionSettings = DetectionSettings(), surveyed: [Find] = [],
    threads: Int
  ) {
    for case .detector(let needsMotion, let make)? in kinds.map({ DetectorTable.entries[$0] }) {
      detectors.append(make(settings, threads))
      if needsMotion && motion == nil { motion = MotionFinder(threads: threads) }
    }
    self.surveyed = SurveyedFinds(surveyed)
    decided = Array(repeating: 0, count: detectors.count)
  }

  /// - Returns: the frames that are decided now, in order; the frame that was given may come later.
  /// - Throws: `OpticalFlowError`.
  public mutating func add(_ frame: Frame) throws -> [FoundFrame] {
    waiting += feed.add(frame)
    if motion == nil || waiting.count >= Self.together { try searchWaiting() }
    return takeDecided(isOver: false)
  }

  /// - Returns: the frames that are not decided yet, in order.
  /// - Throws: `OpticalFlowError`.
  public mutating func finish() throws -> [FoundFrame] {
    waiting += feed.finish()
    try searchWaiting()
    for i in detectors.indices { unite(detectors[i].finish(), of: i) }
    return takeDecided(isOver: true)
  }

  private mutating func searchWaiting() throws {
    let inputs = waiting
    waiting = []
    let motions = try motion?.motions(to: inputs)
    for i in inputs.indices {
      var input = inputs[i]
      input.motion = motions?[i]
      search(input)
    }
  }

  private mutating func search(_ input: DetectionInput) {
    let format = input.frame.format
    let (mask, finds) = surveyed.finds(
      in: input.frame.index, width: format.width, height: format.height)
    pending.append(
      FoundFrame(frame: input.frame, startsScene: input.startsScene, mask: mask, finds: finds))
    for i in detectors.indices { unite(detectors[i].add(input), of: i) }
  }

  /// Adds what a detector found in the next frames.
  private mutating func unite(_ frames: [DetectedFrame], of detector: Int) {
    for found in frames {
      let place = decided[detector] - given
      precondition(
        pending.indices.contains(place) && pending[place].frame.index == found.index,
        "a detector decides each frame once, in order")
      pending[place].mask.formUnion(found.mask)
      pending[place].finds += found.finds
      decided[detector] += 1
    }
  }

  private mutating func takeDecided(isOver: Bool) -> [FoundFrame] {
    let end = isOver ? given + pending.count : decided.min() ?? given + pending.count
    let frames = Array(pending.prefix(end - given))
    pending.removeFirst(end - given)
    given = end
    return frames
  }
}
