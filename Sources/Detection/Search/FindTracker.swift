import Frames

/// A find, followed through the frames that it is in.
public struct TrackedFind: Sendable, Equatable {
  /// What it is in one of its frames.
  public struct Moment: Sendable, Hashable {
    public var frame: Int
    public var box: Box

    public init(frame: Int, box: Box) { (self.frame, self.box) = (frame, box) }
  }

  public var kind: DamageKind
  public var frames: Range<Int>
  /// The smallest box around it in all of its frames.
  public var box: Box
  /// Damaged samples of the frame that has most.
  public var area: Int
  /// Mean over its frames, 0 (a guess) ... 1 (certain).
  public var confidence: Float
  /// Where it is least certain; the first of such frames.
  public var doubt: Moment

  public init(
    kind: DamageKind, frames: Range<Int>, box: Box, area: Int, confidence: Float, doubt: Moment
  ) {
    (self.kind, self.frames, self.box) = (kind, frames, box)
    (self.area, self.confidence, self.doubt) = (area, confidence, doubt)
  }
}

/// Follows finds that their detectors tell frame by frame: a scratch that wanders is one find, not one in each frame.
///
/// Memory follows from the finds of a frame.
public struct FindTracker: Sendable {
  /// Kinds that go on from frame to frame.
  private static let lasting: Set<DamageKind> = [.scratches]
  /// Columns between the boxes of a find in two frames that follow each other, at most.
  private static let wander = 6

  fileprivate struct Track {
    var find: TrackedFind
    /// In the last of its frames.
    var last: Box
    var confidences: Float
    var least: Float
  }
  private var open: [Track] = []

  public init() {}

  /// The first frames of finds that may go on.
  public var frames: Set<Int> { Set(open.map(\.find.frames.lowerBound)) }

  /// Finds that may go on, as they are up to the frame that was given last.
  public var following: [TrackedFind] { open.map(\.closed) }

  /// Whether finds of a kind are followed.
  public static func follows(_ kind: DamageKind) -> Bool { lasting.contains(kind) }

  /// Takes the finds of a frame; frames come in order.
  ///
  /// - Returns: those that ended with an earlier frame.
  public mutating func add(_ finds: [Find], of frame: Int) -> [TrackedFind] {
    let ended = open.filter { $0.find.frames.upperBound < frame }.map(\.closed)
    open.removeAll { $0.find.frames.upperBound < frame }
    let pairs = open.indices.flatMap { track in
      finds.indices.compactMap { find in
        Self.distance(open[track], finds[find]).map { (track: track, find: find, distance: $0) }
      }
    }.sorted { ($0.distance, $0.track, $0.find) < ($1.distance, $1.track, $1.find) }
    var followed: Set<Int> = []
    for pair in pairs where open[pair.track].find.frames.upperBound == frame && !followed.contains(pair.find)
    {
      followed.insert(pair.find)
      open[pair.track].goOn(finds[pair.find], in: frame)
    }
    for i in finds.indices where !followed.contains(i) { open.append(Track(finds[i], in: frame)) }
    return ended
  }

  /// - Returns: those that are not ended yet. The tracker is as new then.
  public mutating func finish() -> [TrackedFind] {
    defer { open = [] }
    return open.map(\.closed)
  }

  /// Columns and rows between a find and the last place of another; nil where it can't be the same.
  private static func distance(_ track: Track, _ find: Find) -> Int? {
    let (a, b) = (track.last, find.box)
    guard track.find.kind == find.kind, a.y < b.y + b.height, b.y < a.y + a.height,
      a.x <= b.x + b.width + wander, b.x <= a.x + a.width + wander
    else { return nil }
    return abs((2 * a.x + a.width) - (2 * b.x + b.width)) + abs((2 * a.y + a.height) - (2 * b.y + b.height))
      / 16
  }
}

extension FindTracker.Track {
  init(_ find: Find, in frame: Int) {
    self.find = TrackedFind(
      kind: find.kind, frames: frame..<frame + 1, box: find.box, area: find.area, confidence: 0,
      doubt: .init(frame: frame, box: find.box))
    (last, confidences, least) = (find.box, find.confidence, find.confidence)
  }

  mutating func goOn(_ next: Find, in frame: Int) {
    find.frames = find.frames.lowerBound..<frame + 1
    find.box = find.box.union(next.box)
    find.area = max(find.area, next.area)
    last = next.box
    confidences += next.confidence
    if next.confidence < least {
      least = next.confidence
      find.doubt = .init(frame: frame, box: next.box)
    }
  }

  var closed: TrackedFind {
    var find = find
    find.confidence = confidences / Float(find.frames.count)
    return find
  }
}
