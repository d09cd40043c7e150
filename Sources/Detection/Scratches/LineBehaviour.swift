/// Whether a line moves as the scene beside it does: then it is of the scene, and no scratch.
enum LineBehaviour {
  /// The line moves with the scene, or otherwise.
  case follows, stays
  /// The scene hardly moves, and the line moves otherwise.
  case wanders
  /// Both stay where they are.
  case unclear
  /// It is not known what moves.
  case unknown

  /// Where the line is in a frame: its middle in each band, in columns.
  struct Sighting {
    var frame: Int
    var firstBand: Int
    var middles: [Float]
  }

  /// Motion of the scene between two frames by which a line can be seen to follow, in columns, and the share of it within which
  /// it does.
  private static let motion: Float = 1.2
  private static let following: Float = 0.4
  /// Wandering scratches do that by chance while the scene moves slowly. So it is certain from so much motion on, and where
  /// motion is less only within a smaller share, or some part of a column.
  private static let clear: (least: Float, motion: Float, share: Float, columns: Float) = (2.5, 6, 0.15, 0.35)
  /// A line that is farther from where the scene went goes its own way: a share of the motion, and columns.
  private static let apart: (share: Float, columns: Float) = (0.6, 1.2)
  /// Pairs of frames between which it does, at least; and so many times those between which it follows.
  private static let fewest = 3
  private static let times = 2

  /// - Parameters:
  ///   - sightings: in different frames.
  ///   - x: column of the line.
  ///   - bands: of a frame.
  ///   - motions: of each frame from the one before.
  init(of sightings: [Sighting], x: Float, bands: Int, motions: FrameWindow<SidewaysMotion?>) {
    var (following, staying, clear) = (0, 0, (following: 0, staying: 0))
    var known = false
    for (k, one) in sightings.enumerated() {
      for other in sightings[..<k] {
        let (first, second) = one.frame < other.frame ? (one, other) : (other, one)
        guard let way = Self.way(from: first, to: second) else { continue }
        let extent =
          Float(way.bands.lowerBound) / Float(bands)...Float(way.bands.upperBound - 1) / Float(bands)
        let steps = (first.frame + 1...second.frame).compactMap { motions[$0]?.beside(x: x, extent: extent) }
        if steps.count < second.frame - first.frame { continue }
        known = true
        let motion = steps.reduce(0, +)
        let difference = abs(way.columns - motion)
        if difference >= max(Self.apart.columns, Self.apart.share * abs(motion)) {
          staying += 1
          if abs(motion) >= Self.clear.least { clear.staying += 1 }
        } else if abs(motion) >= Self.motion, difference < Self.following * abs(motion) {
          following += 1
          let isExact = difference < max(Self.clear.columns, Self.clear.share * abs(motion))
          if abs(motion) >= (isExact ? Self.clear.least : Self.clear.motion) { clear.following += 1 }
        }
      }
    }
    // By two: single flows are wrong now and then.
    if !known {
      self = .unknown
    } else if clear.following > staying + 1 {
      self = .follows
    } else if staying >= Self.fewest, staying > Self.times * following {
      self = clear.staying >= Self.fewest ? .stays : .wanders
    } else {
      self = .unclear
    }
  }

  /// How far the line went between two frames, by the bands that it is seen in in both.
  private static func way(
    from first: Sighting, to second: Sighting
  ) -> (columns: Float, bands: Range<Int>)? {
    let bands =
      max(
        first.firstBand, second.firstBand)..<max(
        max(first.firstBand, second.firstBand),
        min(first.firstBand + first.middles.count, second.firstBand + second.middles.count))
    if bands.isEmpty { return nil }
    return (
      median(bands.map { second.middles[$0 - second.firstBand] - first.middles[$0 - first.firstBand] }), bands
    )
  }
}
