import Foundation

/// Which lines are scratches: those that go on from frame to frame, are nearly vertical and thin, lie over one background, and
/// do not move with the scene.
struct ScratchRules: Sendable {
  /// Frames before and after in which a line is followed.
  static let reach = 3
  /// Other frames in which a line has to be found, half of those.
  static let fewest = 3
  /// What the best frame of a line has to score, and its mean over frames as a share of that.
  private static let strong: Float = 0.55
  private static let meanShare: Float = 0.6
  /// A line over less than this share of the height in every frame has to be `shortFactor` as strong: the scene is full of
  /// short ones.
  private static let fullShare: Float = 0.7
  private static let shortFactor: Float = 1.5
  /// Columns that a line may move by from frame to frame, and besides.
  private static let wander: Float = 0.7
  private static let tolerance: Float = 1
  /// How far a line may lean: film runs straight through the gate. Columns, and a share of the height.
  private static let lean: (columns: Float, share: Float) = (1.5, 0.008)
  /// What the flanks may differ by, in units of the line's contrast: more is an edge.
  private static let slope: Float = 2.5
  /// Motion that is enough to tell a line of the scene from one that stays, in samples, and the share of it within which a line
  /// follows.
  private static let motion: Float = 2.5
  private static let following: Float = 0.4
  /// Where the scene stands still, a post looks like a scratch: only what runs over so much of the height, and is so much
  /// stronger in the mean, is one.
  private static let stillShare: Float = 0.8
  private static let stillFactor: Float = 1.2

  /// Factor of all scores that are asked for.
  let caution: Float
  /// Columns of the widest scratch.
  let mostColumns: Int

  /// Scratches are wider in larger scans.
  init(caution: Float, height: Int) {
    self.caution = caution
    mostColumns = height < 800 ? 3 : 5
  }

  /// What is known of the frames around the one that is decided.
  struct Scene {
    let paths: FrameWindow<[LinePath]>
    /// Of each frame, from the one before.
    let motions: FrameWindow<SidewaysMotion?>
  }

  /// The scratch that a line of a frame is; nil if it is none.
  ///
  /// - Parameter fewest: other frames that it has to be found in.
  func scratch(
    _ path: LinePath, frame: Int, profile: BandProfile, scene: Scene, fewest: Int
  ) -> Scratch? {
    let others = sightings(of: path, frame: frame, in: scene.paths)
    let all = [path] + others.map(\.path)
    let mean = all.reduce(0) { $0 + $1.score } / Float(all.count)
    let isFull = all.contains { Float($0.columns.count) >= Self.fullShare * Float(profile.bands) }
    let needed = Self.strong * caution * (isFull ? 1 : Self.shortFactor)
    guard others.count >= fewest, mean >= Self.meanShare * needed,
      all.contains(where: { $0.score >= needed })
    else { return nil }

    let slope = LineShape.slope(beside: path, in: profile)
    // One column more than a scratch has tells wider things from scratches. Along the path as it was found, too: what is not
    // straight, such as the parts of a post, is wider there.
    let rough = LineShape(path, in: profile, mostColumns: mostColumns + 1)
    let centred = LineCentre.path(path, contrast: rough.contrast, in: profile)
    let shape = LineShape(centred, in: profile, mostColumns: mostColumns + 1)
    guard shape.contrast > 0, slope <= Self.slope * shape.contrast, shape.columns.count <= mostColumns,
      rough.columns.count <= mostColumns,
      centred.lean <= Self.lean.columns + Self.lean.share * Float(profile.height)
    else { return nil }
    switch behaviour(of: path, frame: frame, others: others, bands: profile.bands, motions: scene.motions)
    {
    case .follows: return nil
    case .unclear:
      guard Float(path.columns.count) >= Self.stillShare * Float(profile.bands),
        mean >= Self.stillFactor * Self.strong * caution
      else { return nil }
    case .stays, .unknown: break
    }
    return grown(
      centred, shape: shape, frame: frame, bands: profile.bands, score: mean)
  }

  /// The same line in other frames: the best that is near enough in each.
  private func sightings(
    of path: LinePath, frame: Int, in paths: FrameWindow<[LinePath]>
  ) -> [(frame: Int, path: LinePath)] {
    paths.around(frame, reach: Self.reach).compactMap { other in
      if other == frame { return nil }
      let most = Self.tolerance + Self.wander * Float(abs(other - frame))
      return paths[other].filter { $0.isBright == path.isBright && abs($0.x - path.x) <= most }
        .max { $0.score < $1.score }
        .map { (other, $0) }
    }
  }

  private enum Behaviour {
    /// The line moves with the scene, or stays while it moves.
    case follows, stays
    /// Nothing moves.
    case unclear
    /// It is not known what moves.
    case unknown
  }

  private func behaviour(
    of path: LinePath, frame: Int, others: [(frame: Int, path: LinePath)], bands: Int,
    motions: FrameWindow<SidewaysMotion?>
  ) -> Behaviour {
    let extent = Float(path.firstBand) / Float(bands)...Float(path.bands.upperBound - 1) / Float(bands)
    var (following, staying, known) = (0, 0, false)
    for other in others {
      let way = min(frame, other.frame) + 1...max(frame, other.frame)
      let steps = way.compactMap { motions[$0]?.beside(x: path.x, extent: extent) }
      if steps.count < way.count { continue }
      known = true
      let motion = steps.reduce(0, +) * (other.frame > frame ? 1 : -1)
      if abs(motion) < Self.motion { continue }
      if abs(other.path.x - path.x - motion) < Self.following * abs(motion) {
        following += 1
      } else {
        staying += 1
      }
    }
    if !known { return .unknown }
    // By two: single flows are wrong now and then.
    if following > staying + 1 { return .follows }
    return following >= staying ? .unclear : .stays
  }

  /// A line over most of the height goes on to both ends: its ends are only where it is too faint to be seen in a band.
  private func grown(
    _ path: LinePath, shape: LineShape, frame: Int, bands: Int, score: Float
  ) -> Scratch {
    var (firstBand, columns) = (path.firstBand, path.columns)
    if Float(columns.count) >= Self.fullShare * Float(bands), let top = columns.first,
      let bottom = columns.last
    {
      let below = bands - path.bands.upperBound
      columns =
        Array(repeating: top, count: firstBand) + columns + Array(repeating: bottom, count: below)
      firstBand = 0
    }
    return Scratch(
      isBright: path.isBright, frame: frame,
      x: path.x + Float(shape.columns.lowerBound + shape.columns.upperBound) / 2, firstBand: firstBand,
      lefts: columns.map { $0 + shape.columns.lowerBound }, width: shape.columns.count,
      score: score,
      // Certain at several times what is asked for.
      confidence: 1 - exp(-score / Self.strong))
  }
}
