import Detection
import Frames

/// What a person says about damage that is looked for.
public struct DetectionOptions: Sendable, Equatable {
  /// In the order of all kinds, each once; at least one.
  public let kinds: [DamageKind]
  public var settings: DetectionSettings
  /// Places outside of which nothing is found; empty for everywhere.
  public var regions: [MaskRectangle] = []

  public init(kinds: some Sequence<DamageKind>, settings: DetectionSettings = DetectionSettings()) {
    let named = Set(kinds)
    self.kinds = DamageKind.allCases.filter(named.contains)
    self.settings = settings
  }

  /// Whether the whole input has to be read before anything is known.
  public var needsSurvey: Bool { kinds.contains(where: \.needsSurvey) }

  /// Whether frames have to be looked at one by one.
  public var needsSearch: Bool { kinds.contains { !$0.needsSurvey } }

  /// Whether what is found may stay where it is for longer than a restoration's window.
  public var mayLast: Bool { kinds.contains(where: \.mayLast) }
}

/// What is found in an input, as masks get it: they don't look for damage themselves.
public enum FoundMasks: Sendable {
  /// Nothing is looked for.
  case none
  /// The same samples in every frame, in coded orientation.
  case constant(FrameMask)
  /// Given with each frame.
  case perFrame
}
