import Detection
import Frames
import Masks

/// How much damage was found.
public struct DetectionFigures: Sendable, Equatable, Encodable {
  /// Of one kind.
  public struct Kind: Sendable, Equatable, Encodable {
    /// Pieces of damage. One of several frames counts once where its detector follows it, else once in each frame.
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

/// Counts what was found in the frames of a video.
struct FindTally {
  private let options: DetectionOptions
  private var counts: [DamageKind: (finds: Int, frames: Int, samples: Int)] = [:]
  /// Finds of several frames that were counted and may go on.
  private var open: Set<Find> = []
  private(set) var frames = 0
  private var touched = 0
  private var samples = 0
  private var allSamples = 0

  init(_ options: DetectionOptions) { self.options = options }

  /// - Parameter filled: the part of the frame's mask that is filled, in coded orientation.
  /// - Returns: finds that were not in an earlier frame, as far as they are filled.
  mutating func add(_ found: FoundFrame, filled: FrameMask) -> [Find] {
    frames += 1
    allSamples += filled.width * filled.height
    if filled.missing.isEmpty || found.finds.isEmpty { return [] }
    var new: [Find] = []
    var kinds: Set<DamageKind> = []
    for find in found.finds {
      guard let clipped = find.clipped(to: filled) else { continue }
      kinds.insert(find.kind)
      counts[find.kind, default: (0, 0, 0)].samples += clipped.area
      if find.frames.count > 1 && !open.insert(find).inserted { continue }
      counts[find.kind, default: (0, 0, 0)].finds += 1
      new.append(clipped)
    }
    for kind in kinds { counts[kind, default: (0, 0, 0)].frames += 1 }
    if !kinds.isEmpty { touched += 1 }
    samples += filled.missingCount
    let next = found.frame.index + 1
    if open.contains(where: { $0.frames.upperBound <= next }) {
      open = open.filter { $0.frames.upperBound > next }
    }
    return new
  }

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
