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
  /// The kinds that they look for.
  private var kinds: [DamageKind] = []
  /// Nil where nothing is known of any scene.
  private var known: (any KnownScenes)?
  /// Whether the scene of the frame that came last is known.
  private var isKnown = false
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
  ///   - known: what was found in some scenes before.
  public init(
    kinds: [DamageKind], settings: DetectionSettings = DetectionSettings(), surveyed: [Find] = [],
    known: (any KnownScenes)? = nil, threads: Int
  ) {
    self.known = known
    for kind in kinds {
      guard case .detector(let needsMotion, let make)? = DetectorTable.entries[kind] else { continue }
      detectors.append(make(settings, threads))
      self.kinds.append(kind)
      if needsMotion && motion == nil { motion = MotionFinder(threads: threads) }
    }
    self.surveyed = SurveyedFinds(surveyed)
    decided = Array(repeating: 0, count: detectors.count)
  }

  /// - Returns: the frames that are decided now, in order; the frame that was given may come later.
  /// - Throws: `OpticalFlowError`, or `SceneChanged` where what is known of a scene is of another.
  public mutating func add(_ frame: Frame) throws -> [FoundFrame] {
    waiting += feed.add(frame)
    return try searchSome()
  }

  /// The same for a frame of which it is known already whether a scene begins with it.
  mutating func add(_ input: DetectionInput) throws -> [FoundFrame] {
    waiting.append(input)
    return try searchSome()
  }

  private mutating func searchSome() throws -> [FoundFrame] {
    if motion == nil || waiting.count >= Self.together { try searchWaiting() }
    return takeDecided(isOver: false)
  }

  /// - Returns: the frames that are not decided yet, in order.
  /// - Throws: `OpticalFlowError`, or `SceneChanged`.
  public mutating func finish() throws -> [FoundFrame] {
    waiting += feed.finish()
    try searchWaiting()
    try known?.finish()
    for i in detectors.indices { unite(detectors[i].finish(), of: i) }
    return takeDecided(isOver: true)
  }

  private mutating func searchWaiting() throws {
    let inputs = waiting
    waiting = []
    let known = try inputs.map { try findsKnown(in: $0) }
    let unknown = inputs.indices.filter { known[$0] == nil }
    let motions = try motion?.motions(to: unknown.map { inputs[$0] })
    for i in inputs.indices {
      var input = inputs[i]
      if let place = unknown.firstIndex(of: i) { input.motion = motions?[place] }
      search(input, known: known[i])
    }
  }

  /// What was found in a frame before; nil where it was not looked at.
  private mutating func findsKnown(in input: DetectionInput) throws -> [Find]? {
    guard var known else { return nil }
    // Taken out while it changes, or it would be copied.
    self.known = nil
    defer { self.known = known }
    if input.startsScene { isKnown = try known.begin(input.frame) }
    if !isKnown { return nil }
    let finds = try known.finds(in: input.frame)
    let format = input.frame.format
    if !finds.allSatisfy({ $0.fits(width: format.width, height: format.height) }) { throw SceneChanged() }
    return finds
  }

  private mutating func search(_ input: DetectionInput, known: [Find]?) {
    let format = input.frame.format
    let (mask, finds) = surveyed.finds(
      in: input.frame.index, width: format.width, height: format.height)
    pending.append(
      FoundFrame(frame: input.frame, startsScene: input.startsScene, mask: mask, finds: finds))
    for i in detectors.indices {
      guard let known, kinds[i].isFoundBySceneAlone else {
        unite(detectors[i].add(input), of: i)
        continue
      }
      // The scene before ends here for a detector that this one is not shown to.
      if input.startsScene { unite(detectors[i].finish(), of: i) }
      let finds = known.filter { $0.kind == kinds[i] }
      var mask = FrameMask(width: format.width, height: format.height)
      for find in finds { mask.mark(find) }
      unite([DetectedFrame(index: input.frame.index, mask: mask, finds: finds)], of: i)
    }
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
