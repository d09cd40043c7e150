import Frames

/// Masks that were followed from where they were drawn to other frames.
public struct TrackedMasks: Sendable {
  /// Why a mask is not followed any farther.
  public enum End: String, Sendable, Codable {
    /// The video begins or ends.
    case video
    /// A scene begins.
    case scene
    /// Another drawn mask is reached.
    case key
    /// It has left the picture.
    case left
    /// It is covered, or moves or changes too fast.
    case lost
    /// No frames that lie farther back were kept.
    case memory
  }

  /// One drawn mask.
  struct Track: Sendable {
    var name: String
    /// The frame that it was drawn in.
    var frame: Int
    var shape: DrawnShape
    /// The size of a sample of small pictures in samples of frames.
    var scale = 1
    /// Motion from where it was drawn, of the frames after it and of those before it, the nearest first; in samples of small
    /// pictures.
    var after: [Similarity] = []
    var before: [Similarity] = []
    var endAfter = End.video
    var endBefore = End.video

    /// The frames that it was followed to.
    var frames: Range<Int> { frame - before.count..<frame + after.count + 1 }

    func mask(in index: Int) -> FrameMask? {
      guard frames.contains(index) else { return nil }
      let distance = abs(index - frame)
      let motion =
        distance == 0 ? Similarity() : index > frame ? after[distance - 1] : before[distance - 1]
      var mask = FrameMask(width: shape.width, height: shape.height)
      shape.draw(into: &mask, moved: motion.inSamples(scale), growth: growth(after: distance))
      return mask
    }

    /// A little more with each frame, for errors and for shapes that change, as the mask's size allows.
    private func growth(after frames: Int) -> Float {
      if frames == 0 { return 0 }
      let most = 2 + 0.04 * Float(shape.area).squareRoot()
      let grown = min(most, 1 + 0.1 * Float(frames)) + (scale > 1 ? 0.5 * Float(scale) : 0)
      return min(Float(DrawnShape.largestGrowth), grown)
    }
  }

  /// By their frames.
  var tracks: [Track] = []
  /// All frames of the video.
  public internal(set) var frames = 0
  public internal(set) var width = 0
  public internal(set) var height = 0

  /// What else is to be said of them.
  public var notes: [String] = []

  public init() {}

  /// The mask in a frame, by its position in the sequence.
  ///
  /// Between two drawn masks the nearer one counts, and the other one too where they agree.
  public func mask(in index: Int) -> FrameMask {
    // Tracks reach their neighbours at most, so that at most two have a frame.
    let here = tracks.filter { $0.frames.contains(index) }.sorted {
      (abs($0.frame - index), $0.frame) < (abs($1.frame - index), $1.frame)
    }
    guard let nearest = here.first, var mask = nearest.mask(in: index) else {
      return FrameMask(width: width, height: height)
    }
    if nearest.frame == index { return mask }
    for other in here.dropFirst() {
      guard let second = other.mask(in: index) else { continue }
      var common = mask
      common.formIntersection(second)
      var both = mask
      both.formUnion(second)
      if 2 * common.missingCount >= both.missingCount { mask = both }
    }
    return mask
  }
}
