import Frames

/// What surveys of a whole video found.
public struct SurveyedDamage: Sendable {
  public var finds: [Find] = []
  /// The number of frames that were looked at.
  public var frames = 0
  /// Masks that were followed from where they were drawn; nil for none.
  public var tracked: TrackedMasks?

  public init() {}

  /// Whether all of it is in all frames.
  public var isEverywhere: Bool {
    finds.allSatisfy { $0.frames.lowerBound <= 0 && $0.frames.upperBound >= frames }
  }

  /// All of it, in one mask.
  public func mask(width: Int, height: Int) -> FrameMask {
    var mask = FrameMask(width: width, height: height)
    for find in finds where find.fits(width: width, height: height) { mask.mark(find) }
    return mask
  }
}

/// Looks through a whole video for damage of those kinds of which nothing is known before its end.
public struct DamageSurveys: Sendable {
  private var feed = SceneFeed()
  private var surveys: [any DamageSurvey] = []
  private var format: FrameFormat?
  private var frames = 0

  /// - Parameter kinds: those that need no survey are passed over.
  public init(kinds: [DamageKind], settings: DetectionSettings = DetectionSettings(), threads: Int) {
    for case .survey(let make)? in kinds.map({ DetectorTable.entries[$0] }) {
      surveys.append(make(settings, threads))
    }
  }

  /// Looks at a frame. Frames of another format than the first are passed over.
  public mutating func add(_ frame: Frame) {
    frames += 1
    if format == nil { format = frame.format }
    if frame.format != format { return }
    for input in feed.add(frame) { survey(input) }
  }

  /// - Returns: what was found, once all frames were given.
  public mutating func finish() -> SurveyedDamage {
    for input in feed.finish() { survey(input) }
    var damage = SurveyedDamage()
    for i in surveys.indices { damage.finds += surveys[i].finish() }
    damage.frames = frames
    return damage
  }

  private mutating func survey(_ input: DetectionInput) {
    for i in surveys.indices { surveys[i].add(input) }
  }
}

/// Finds of surveys, frame by frame.
struct SurveyedFinds: Sendable {
  /// By their first frames.
  private let finds: [Find]
  private var next = 0
  /// Those of the last frame that was asked for, and their mask.
  private var present: [Find] = []
  private var mask = FrameMask(width: 0, height: 0)

  init(_ finds: [Find]) { self.finds = finds.sorted { $0.frames.lowerBound < $1.frames.lowerBound } }

  /// What is in a frame; frames are asked for in order.
  mutating func finds(in frame: Int, width: Int, height: Int) -> (mask: FrameMask, finds: [Find]) {
    var isChanged = mask.width != width || mask.height != height
    while next < finds.count, finds[next].frames.lowerBound <= frame {
      present.append(finds[next])
      (next, isChanged) = (next + 1, true)
    }
    if present.contains(where: { $0.frames.upperBound <= frame }) {
      present.removeAll { $0.frames.upperBound <= frame }
      isChanged = true
    }
    if isChanged {
      mask = FrameMask(width: width, height: height)
      for find in present where find.fits(width: width, height: height) { mask.mark(find) }
    }
    return (mask, present.filter { $0.fits(width: width, height: height) })
  }
}
