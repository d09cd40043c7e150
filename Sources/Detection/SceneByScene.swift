import Frames

/// What is known of the frames of one scene; positions count from its first.
protocol SceneFrames: Sendable {
  init()

  /// Looks at the next frame.
  mutating func add(_ input: DetectionInput, threads: Int)

  /// - Parameter isOver: whether no frame of the scene follows.
  /// - Returns: the frames that can be decided and were not handed out yet, in order.
  mutating func decided(isOver: Bool, settings: DetectionSettings, threads: Int) -> [DetectedFrame]
}

/// Looks at each scene by itself: nothing is compared across a cut.
struct SceneByScene<Scene: SceneFrames>: Sendable {
  let settings: DetectionSettings
  let threads: Int
  private var scene = Scene()

  init(settings: DetectionSettings, threads: Int) { (self.settings, self.threads) = (settings, threads) }

  mutating func add(_ input: DetectionInput) -> [DetectedFrame] {
    let before = input.startsScene || input.frame.startsScene ? finish() : []
    scene.add(input, threads: threads)
    return before + scene.decided(isOver: false, settings: settings, threads: threads)
  }

  mutating func finish() -> [DetectedFrame] {
    let rest = scene.decided(isOver: true, settings: settings, threads: threads)
    scene = Scene()
    return rest
  }
}
