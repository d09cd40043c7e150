import Frames

/// What was found in scenes of a video before, such as by other machines: kinds of damage that are looked for scene by scene are
/// not looked for there again. Frames are asked for in order.
public protocol KnownScenes: Sendable {
  /// - Parameter frame: the first one of a scene.
  /// - Returns: whether the scene is known.
  /// - Throws: `SceneChanged` where the scene before was known and had more frames.
  mutating func begin(_ frame: Frame) throws -> Bool

  /// - Parameter frame: the next one of a scene that is known.
  /// - Returns: what was found in it.
  /// - Throws: `SceneChanged` where it is not the frame that was looked at.
  mutating func finds(in frame: Frame) throws -> [Find]

  /// - Throws: `SceneChanged` where the last scene was known and had more frames.
  func finish() throws
}

/// A scene is not the one of which it is known what is in it.
public struct SceneChanged: Error {
  public init() {}
}

extension DamageKind {
  /// Whether it is looked for in each scene by itself: what is found there depends on the scene's frames alone.
  public var isFoundBySceneAlone: Bool { DetectorTable.byScene.contains(self) }
}
