import Detection
import Foundation
import Frames
import Media

/// A piece of an input that a process looks through by itself, of those kinds of damage that are looked for scene by scene.
struct ScenePiece {
  let job: RestoreJob
  /// Time stamps at which pieces begin, but for the first.
  let cuts: [Int64]
  let number: Int

  /// Frames after which a scene is given up: what was found in it would take too much memory, and is found with the rest.
  private static let longestScene = 20_000

  /// Where pieces of an input should begin; nil for an input that is no use to cut, or can't be.
  ///
  /// - Parameter frames: frames of a piece.
  static func cuts(of job: RestoreJob, frames: Int) -> [Int64]? {
    guard job.masks.detection?.kinds.contains(where: \.isFoundBySceneAlone) == true,
      let reader = try? job.videoReader(), reader.canSeek, let duration = reader.info.duration, duration > 0,
      let count = reader.info.estimatedFrameCount, let frame = try? reader.nextFrame(),
      let first = SceneRecord.time(of: frame)
    else { return nil }
    let pieces = min(count / max(1, frames), 4096)
    let base = reader.info.timeBase
    let ticks = duration * Double(base.denominator) / Double(max(1, base.numerator))
    if pieces < 2 || !(ticks < 1e15) || abs(first) > 1 << 50 { return nil }
    return (1..<pieces).map { first + Int64(ticks * Double($0) / Double(pieces)) }
  }

  /// - Returns: what was found in the scenes that begin in the piece, as far as it can be decoded.
  /// - Throws: `JobError` of kind `.cancelled`, or `OpticalFlowError`.
  func scenes(isCancelled: () -> Bool) throws -> [SceneRecord] {
    guard let detection = job.masks.detection, (0...cuts.count).contains(number) else { return [] }
    guard let reader = try? job.videoReader() else { return [] }
    let start = number == 0 ? Int64.min : cuts[number - 1]
    let end = number == cuts.count ? Int64.max : cuts[number]
    let base = reader.info.timeBase
    // The cut that a scene begins with is seen by the frames around it; some files keep no even pace.
    let rate = reader.info.averageFrameRate?.value ?? 25
    let lead =
      2 * Double(SceneSearch.lead) / max(1, rate) * Double(base.denominator) / Double(max(1, base.numerator))
    if number > 0, (try? reader.seek(before: start - Int64(min(lead, 1e12)))) != true { return [] }
    var search = SceneSearch(
      kinds: detection.kinds, settings: detection.settings, isBeginning: number == 0, threads: job.threads)
    func place(_ frame: Frame) -> SceneSearch.Place {
      guard let time = SceneRecord.time(of: frame) else { return .before }
      return time < start ? .before : time < end ? .within : .behind
    }
    var scenes: [SceneRecord] = []
    /// - Returns: false where the scene is too long to go on.
    func take(_ found: [FoundFrame]) -> Bool {
      for frame in found {
        if frame.startsScene { scenes.append(SceneRecord(time: SceneRecord.time(of: frame.frame) ?? .max)) }
        if scenes.isEmpty { continue }
        scenes[scenes.count - 1].add(frame)
        if scenes[scenes.count - 1].frames.count > Self.longestScene {
          scenes.removeLast()
          return false
        }
      }
      return true
    }
    let frames = ReadQueue(ahead: FoundFrames.mostAhead) { try reader.nextFrame() }
    do {
      while !search.isOver, let frame = try frames.next() {
        if isCancelled() { throw JobError.stopped }
        if !take(try search.add(frame, place: place)) { return scenes }
      }
      _ = take(try search.finish(place: place))
    } catch is MediaError {
      // Where the whole input is read the damage is told; the scene in which it is ends there, or elsewhere.
      if !scenes.isEmpty { scenes.removeLast() }
    }
    return scenes
  }
}
