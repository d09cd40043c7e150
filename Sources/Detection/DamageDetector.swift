import Frames

/// Finds damage in frames that come one after the other, in memory that does not depend on their number.
///
/// What is found does not depend on the number of threads.
public protocol DamageDetector: Sendable {
  /// A frame is decided at the latest when so many more frames of its scene were given.
  static var delay: Int { get }

  /// - Returns: the frames that are decided now, in order; the frame that was given comes later.
  mutating func add(_ input: DetectionInput) -> [DetectedFrame]

  /// - Returns: the frames that are not decided yet, in order. The detector is as new then.
  mutating func finish() -> [DetectedFrame]
}

/// Finds damage that is the same in many frames of a whole video, once all of them were seen.
///
/// Memory does not depend on the number of frames, nor what is found on the number of threads.
public protocol DamageSurvey: Sendable {
  /// Looks at a frame; all have one size.
  mutating func add(_ input: DetectionInput)

  /// - Returns: what was found, each with the frames it is in. The survey is as new then.
  mutating func finish() -> [Find]
}

/// A frame, and what was found about it before.
public struct DetectionInput: Sendable {
  public var frame: Frame
  /// Whether a scene begins here: nothing is compared across its beginning.
  public var startsScene: Bool
  /// Between the frame before and this one; nil where a scene begins, and where it is not known.
  public var motion: FrameMotion?

  public init(frame: Frame, startsScene: Bool = false, motion: FrameMotion? = nil) {
    self.frame = frame
    self.startsScene = startsScene
    self.motion = motion
  }
}

/// What was found in a frame.
public struct DetectedFrame: Sendable, Equatable {
  /// Position in the sequence: that of the frame that was given.
  public var index: Int
  /// Its damaged samples.
  public var mask: FrameMask
  public var finds: [Find]

  public init(index: Int, mask: FrameMask, finds: [Find]) {
    self.index = index
    self.mask = mask
    self.finds = finds
  }
}
