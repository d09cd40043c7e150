/// How each kind of damage is found. What is not here is not offered.
enum DetectorTable {
  enum Entry: Sendable {
    /// - Parameters:
    ///   - needsMotion: whether it looks at motion between frames, which takes longer than all else.
    ///   - make: from settings and a number of threads.
    case detector(needsMotion: Bool, make: @Sendable (DetectionSettings, Int) -> any DamageDetector)
    case survey(make: @Sendable (DetectionSettings, Int) -> any DamageSurvey)
  }

  static let entries: [DamageKind: Entry] = [
    .dirt: .detector(needsMotion: true) { DirtDetector(settings: $0, threads: $1) },
    .scratches: .detector(needsMotion: true) { ScratchDetector(settings: $0, threads: $1) },
    .pixels: .survey { PixelDetector(settings: $0, threads: $1) },
    .overlay: .survey { OverlayDetector(settings: $0, threads: $1) },
    .text: .detector(needsMotion: false) { TextDetector(settings: $0, threads: $1) },
    .frames: .detector(needsMotion: false) { FramesDetector(settings: $0, threads: $1) },
  ]

  /// Kinds whose detectors look at each scene by itself (`SceneByScene`), and take long.
  static let byScene: Set<DamageKind> = [.dirt, .scratches]

  /// What is looked for where a person names no kinds.
  static let usual: [DamageKind] = [.dirt, .scratches, .frames]

  /// Kinds that may stay where they are for longer than a restoration's window.
  static let lasting: Set<DamageKind> = [.overlay, .text]
}

extension DamageKind {
  /// The kinds that can be looked for.
  public static var offered: [DamageKind] { allCases.filter { DetectorTable.entries[$0] != nil } }

  /// What is looked for where a person names no kinds.
  public static var usual: [DamageKind] { DetectorTable.usual.filter(offered.contains) }

  /// Whether the whole video has to be seen before anything is known.
  public var needsSurvey: Bool { if case .survey? = DetectorTable.entries[self] { true } else { false } }

  /// Whether it may stay where it is for longer than a restoration's window, so that it helps to look at later frames.
  public var mayLast: Bool { DetectorTable.lasting.contains(self) }

  /// Several of them, as sentences say it.
  public var plural: String {
    switch self {
    case .dirt: "spots of dirt"
    case .scratches: "scratches"
    case .pixels: "defective pixels"
    case .overlay: "overlays"
    case .text: "texts"
    case .frames: "damaged frames"
    }
  }

  /// One of them, as sentences say it.
  public var singular: String {
    switch self {
    case .dirt: "spot of dirt"
    case .scratches: "scratch"
    case .pixels: "defective pixel"
    case .overlay: "overlay"
    case .text: "text"
    case .frames: "damaged frame"
    }
  }
}
