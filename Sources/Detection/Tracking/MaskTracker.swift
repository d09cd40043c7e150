import Frames

/// A mask that was drawn in one frame, to be followed to others.
public struct DrawnMask: Sendable {
  /// What messages call it.
  public var name: String
  public var mask: FrameMask

  public init(name: String, mask: FrameMask) { (self.name, self.mask) = (name, mask) }
}

/// Follows drawn masks of one thing through a video whose frames come one after the other.
///
/// From the frame that a mask is drawn in it is followed on, and back through frames that were kept as small pictures for as long
/// as another drawn mask is to come. Of each frame that it is followed to only the motion stays, of which masks are made when
/// they are needed: memory does not depend on the number of frames, but for some bytes of each. Nothing is followed across the
/// beginning of a scene. What is found does not depend on the number of threads.
public struct MaskTracker: Sendable {
  /// The longer side of the pictures that motion is looked for in, at most.
  private static let longest = 960
  /// Bytes of small pictures that are kept to follow a mask back, at most.
  private static let mostKept = 192 << 20

  private let drawn: [DrawnMask]
  private let threads: Int
  private let mostKept: Int
  private var feed = SceneFeed()
  private var result = TrackedMasks()
  private var format: FrameFormat?
  /// Which masks are drawn in frames that are not looked at yet.
  private var keys: [Int: Int] = [:]
  /// Masks whose frames have not come yet.
  private var ahead: Int
  private var follower: ShapeFollower?
  private var last: Int?
  /// Pictures of the frames before the next one, and why there are no earlier ones.
  private var kept: [MotionPicture] = []
  private var beforeKept = TrackedMasks.End.video

  /// - Parameters:
  ///   - drawn: masks of one size, of each of which something is missing; the others are passed over.
  ///   - mostKept: bytes of small pictures that are kept at most.
  public init(_ drawn: [DrawnMask], threads: Int) {
    self.init(drawn, threads: threads, mostKept: Self.mostKept)
  }

  init(_ drawn: [DrawnMask], threads: Int, mostKept: Int) {
    (self.drawn, self.threads, self.mostKept, ahead) = (drawn, threads, mostKept, drawn.count)
  }

  /// Looks at a frame. Frames of another format than the first are passed over.
  ///
  /// - Parameter key: the number of the mask that is drawn in this frame; nil for none.
  /// - Throws: `OpticalFlowError`.
  public mutating func add(_ frame: Frame, key: Int?) throws {
    result.frames += 1
    if format == nil {
      format = frame.format
      (result.width, result.height) = (frame.format.width, frame.format.height)
    }
    if let key { keys[frame.index] = key }
    if frame.format != format { return }
    for input in feed.add(frame) { try follow(input) }
  }

  /// - Returns: where the masks are, once all frames were given.
  /// - Throws: `OpticalFlowError`.
  public mutating func finish() throws -> TrackedMasks {
    for input in feed.finish() { try follow(input) }
    end(.video)
    return result
  }

  private mutating func follow(_ input: DetectionInput) throws {
    // Nothing is there to be followed any more.
    if follower == nil && ahead == 0 { return }
    let index = input.frame.index
    let picture = MotionPicture(BrightnessPlane(input.frame), longest: Self.longest, threads: threads)
    // Frames that were passed over separate scenes as well.
    if let last, input.startsScene || index != last + 1 {
      end(.scene)
      (kept, beforeKept) = ([], .scene)
    }
    last = index
    if let key = keys.removeValue(forKey: index) {
      ahead -= 1
      if let shape = DrawnShape(drawn[key].mask) {
        try begin(shape, name: drawn[key].name, index, picture)
        return
      }
    }
    if follower != nil { try step(to: picture) }
    if ahead > 0 { keep(picture) }
  }

  private mutating func begin(_ shape: DrawnShape, name: String, _ index: Int, _ picture: MotionPicture)
    throws
  {
    end(.key)
    let new = ShapeFollower(shape, in: picture, threads: threads)
    var track = TrackedMasks.Track(name: name, frame: index, shape: shape, scale: picture.scale)
    var back = new
    track.endBefore = beforeKept
    for earlier in kept.reversed() {
      if let end = try Self.step(&back, to: earlier, &track.before) {
        track.endBefore = end
        break
      }
    }
    if track.endBefore != .lost && back.doubts > 0 {
      // What was doubtful to the end did not show it.
      track.before.removeLast(min(back.doubts, track.before.count))
      track.endBefore = .lost
    }
    result.tracks.append(track)
    follower = new
    (kept, beforeKept) = ([], .key)
  }

  private mutating func step(to picture: MotionPicture) throws {
    guard var follower else { return }
    // Taken out while it changes, or it would be copied.
    self.follower = nil
    if let end = try Self.step(&follower, to: picture, &result.tracks[result.tracks.count - 1].after) {
      result.tracks[result.tracks.count - 1].endAfter = end
    } else {
      self.follower = follower
    }
  }

  /// Adds where a shape is in a picture; returns why it ends before.
  private static func step(
    _ follower: inout ShapeFollower, to picture: MotionPicture, _ motions: inout [Similarity]
  ) throws -> TrackedMasks.End? {
    switch try follower.step(to: picture) {
    case .followed, .doubtful: motions.append(follower.pose)
    case .left: return .left
    case .lost:
      // The doubtful pictures before this one did not show it.
      motions.removeLast(min(motions.count, max(0, follower.doubts - 1)))
      return .lost
    }
    return nil
  }

  /// Ends what is followed on.
  private mutating func end(_ reason: TrackedMasks.End) {
    guard let follower, !result.tracks.isEmpty else { return }
    // What was doubtful to the end did not show it.
    let doubts = follower.doubts
    let place = result.tracks.count - 1
    result.tracks[place].after.removeLast(min(doubts, result.tracks[place].after.count))
    result.tracks[place].endAfter = doubts > 0 ? .lost : reason
    self.follower = nil
  }

  private mutating func keep(_ picture: MotionPicture) {
    kept.append(picture)
    let most = max(1, mostKept / max(1, picture.width * picture.height))
    if kept.count > most {
      kept.removeFirst(kept.count - most)
      beforeKept = .memory
    }
  }
}
