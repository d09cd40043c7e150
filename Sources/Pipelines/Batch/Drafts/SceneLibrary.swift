import Detection
import Foundation
import Frames

/// What pieces of an input found in its scenes. A scene counts as known where every frame is, sample by sample, the one that was
/// looked at: so it does not matter how a piece came to its frames.
struct SceneLibrary: KnownScenes {
  /// The files of the pieces, in order; one that is not there, or damaged, knows nothing.
  private let files: [String]
  /// The time stamps that they begin at.
  private let starts: [Int64]
  private var loaded: (piece: Int, scenes: [Int64: SceneRecord])?
  private var scene: SceneRecord?
  private var next = 0

  /// - Parameter cuts: time stamps at which pieces begin, but for the first.
  init(files: [String], cuts: [Int64]) {
    self.files = files
    starts = [.min] + cuts
  }

  mutating func begin(_ frame: Frame) throws -> Bool {
    try finish()
    (scene, next) = (nil, 0)
    guard let time = SceneRecord.time(of: frame), let piece = starts.lastIndex(where: { $0 <= time }),
      files.indices.contains(piece)
    else { return false }
    if loaded?.piece != piece {
      let data = FileManager.default.contents(atPath: files[piece])
      let scenes = data.flatMap(SceneCode.scenes) ?? []
      loaded = (piece, Dictionary(scenes.map { ($0.time, $0) }, uniquingKeysWith: { first, _ in first }))
    }
    guard let found = loaded?.scenes[time], found.frames.first?.hash == SceneRecord.hash(of: frame) else {
      return false
    }
    scene = found
    return true
  }

  mutating func finds(in frame: Frame) throws -> [Find] {
    guard let scene, next < scene.frames.count, scene.frames[next].hash == SceneRecord.hash(of: frame) else {
      throw SceneChanged()
    }
    defer { next += 1 }
    return scene.frames[next].finds.map { $0.moved(by: frame.index) }
  }

  func finish() throws {
    if let scene, next < scene.frames.count { throw SceneChanged() }
  }
}
