import Detection
import Frames
import Masks

/// How much damage was found.
public struct DetectionFigures: Sendable, Equatable, Codable {
  /// Of one kind.
  public struct Kind: Sendable, Equatable, Codable {
    /// Pieces of damage. One that goes on through several frames, such as a scratch, counts once.
    public var finds = 0
    /// Frames that have some.
    public var frames = 0
    /// Damaged samples over all samples of all frames, 0 ... 1.
    public var share = 0.0
  }

  /// Names of the kinds that were looked for.
  public var kinds: [String]
  /// 0 ... 1.
  public var sensitivity: Float
  /// Frames that have damage.
  public var frames = 0
  /// Samples that are damaged by any kind over all samples of all frames, 0 ... 1.
  public var share = 0.0
  /// By the names of all kinds that were looked for.
  public var found: [String: Kind] = [:]
}

/// A piece of damage as it is listed.
struct ListedFind: Sendable {
  var find: TrackedFind
  /// Of its first frame, in seconds since the video's first frame; nil where it is not known.
  var time: Double?
}

/// Counts what was found in the frames of a video, and follows what goes on from frame to frame.
struct FindTally {
  private let options: DetectionOptions
  private var counts: [DamageKind: (finds: Int, frames: Int, samples: Int)] = [:]
  /// Finds of several frames that were counted and may go on.
  private var open: Set<Find> = []
  private var tracker = FindTracker()
  /// Times of frames that a find that is followed may have begun in, by their numbers.
  private var times: [Int: Double] = [:]
  private var firstTime: Double?
  /// What is in the frame that was given last, as far as it is filled.
  private(set) var present: [Find] = []
  private(set) var frames = 0
  private var touched = 0
  private var samples = 0
  private var allSamples = 0

  init(_ options: DetectionOptions) { self.options = options }

  /// - Parameter filled: the part of the frame's mask that is filled, in coded orientation.
  /// - Returns: finds that can be listed now, as far as they are filled. Those that are followed come when they end.
  mutating func add(_ found: FoundFrame, filled: FrameMask) -> [ListedFind] {
    let index = found.frame.index
    if firstTime == nil { firstTime = found.frame.time }
    let time = found.frame.time.flatMap { time in firstTime.map { time - $0 } }
    frames += 1
    allSamples += filled.width * filled.height
    var new: [ListedFind] = []
    var followed: [Find] = []
    var kinds: Set<DamageKind> = []
    present = []
    for find in filled.missing.isEmpty ? [] : found.finds {
      guard let clipped = find.clipped(to: filled) else { continue }
      kinds.insert(find.kind)
      present.append(clipped)
      counts[find.kind, default: (0, 0, 0)].samples += clipped.area
      if FindTracker.follows(find.kind) && find.frames.count == 1 {
        followed.append(clipped)
        continue
      }
      if find.frames.count > 1 && !open.insert(find).inserted { continue }
      new.append(ListedFind(find: TrackedFind(clipped, in: index), time: time))
    }
    if !followed.isEmpty { times[index] = time }
    new += listed(tracker.add(followed, of: index))
    for listed in new { counts[listed.find.kind, default: (0, 0, 0)].finds += 1 }
    for kind in kinds { counts[kind, default: (0, 0, 0)].frames += 1 }
    if !kinds.isEmpty { touched += 1 }
    samples += filled.missingCount
    let next = index + 1
    if open.contains(where: { $0.frames.upperBound <= next }) {
      open = open.filter { $0.frames.upperBound > next }
    }
    return new
  }

  /// - Returns: finds that are not ended with the last frame.
  mutating func finish() -> [ListedFind] {
    let rest = listed(tracker.finish())
    for listed in rest { counts[listed.find.kind, default: (0, 0, 0)].finds += 1 }
    return rest
  }

  /// Finds of several frames that may go on, as they are up to the frame that was given last.
  var following: [TrackedFind] { tracker.following }

  private mutating func listed(_ ended: [TrackedFind]) -> [ListedFind] {
    let listed = ended.map { ListedFind(find: $0, time: times[$0.frames.lowerBound]) }
    if !times.isEmpty {
      let begun = tracker.frames
      times = times.filter { begun.contains($0.key) }
    }
    return listed
  }

  /// Once all frames were given and `finish` was called.
  var figures: DetectionFigures {
    var figures = DetectionFigures(
      kinds: options.kinds.map(\.rawValue), sensitivity: options.settings.sensitivity)
    let all = Double(max(1, allSamples))
    for kind in options.kinds {
      let count = counts[kind] ?? (0, 0, 0)
      figures.found[kind.rawValue] = .init(
        finds: count.finds, frames: count.frames, share: Double(count.samples) / all)
    }
    (figures.frames, figures.share) = (touched, Double(samples) / all)
    return figures
  }
}

extension TrackedFind {
  /// A find whose detector tells its frames.
  ///
  /// - Parameter frame: in which it was first seen.
  fileprivate init(_ find: Find, in frame: Int) {
    self.init(
      kind: find.kind, frames: find.frames, box: find.box, area: find.area, confidence: find.confidence,
      doubt: .init(frame: frame, box: find.box))
  }
}
