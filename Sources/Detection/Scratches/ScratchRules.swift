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
  /// Where the scene stands still, a post looks like a scratch: only what runs over so much of the height, and is so much
  /// stronger in the mean, is one.
  private static let stillShare: Float = 0.8
  private static let stillFactor: Float = 1.2

  /// Factor of all scores that are asked for.
  let caution: Float
  /// Columns of the widest scratch.
  let mostColumns: Int
  /// How far a soft edge may reach beyond the columns that are clear.
  let softColumns: Int

  /// Scratches are wider in larger scans.
  init(caution: Float, height: Int) {
    self.caution = caution
    (mostColumns, softColumns) = height < 500 ? (3, 2) : height < 800 ? (4, 2) : (5, 3)
  }

  /// What is known of the frames around the one that is decided.
  struct Scene {
    let paths: FrameWindow<[LinePath]>
    /// Of each frame, from the one before.
    let motions: FrameWindow<SidewaysMotion?>
    let profiles: FrameWindow<BandProfile>
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
    var sides = LineSides(shape)
    let middles = sides.add(centred, in: profile)
    var seen = [LineBehaviour.Sighting(frame: frame, firstBand: centred.firstBand, middles: middles)]
    for other in others {
      let profile = scene.profiles[other.frame]
      let path = LineCentre.path(other.path, contrast: shape.contrast, in: profile)
      seen.append(
        LineBehaviour.Sighting(
          frame: other.frame, firstBand: path.firstBand, middles: sides.add(path, in: profile)))
    }
    let isLong = Float(path.columns.count) >= Self.stillShare * Float(profile.bands)
    switch LineBehaviour(of: seen, x: path.x, bands: profile.bands, motions: scene.motions) {
    case .follows: return nil
    case .unclear:
      guard isLong, mean >= Self.stillFactor * Self.strong * caution else {
        return nil
      }
    case .wanders: if !isLong { return nil }
    case .stays, .unknown: break
    }
    return grown(
      centred, middles: middles, extent: sides.extent(mostColumns: mostColumns, softColumns: softColumns),
      frame: frame,
      bands: profile.bands, score: mean)
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

  /// A line over most of the height goes on to both ends: its ends are only where it is too faint to be seen in a band.
  private func grown(
    _ path: LinePath, middles: [Float], extent: ClosedRange<Float>, frame: Int, bands: Int, score: Float
  ) -> Scratch {
    let x = path.x + median(zip(middles, path.columns).map { $0 - Float($1) })
    var (firstBand, middles) = (path.firstBand, middles)
    if Float(middles.count) >= Self.fullShare * Float(bands), let top = middles.first,
      let bottom = middles.last
    {
      // As it leans over all of its height.
      let slope = (bottom - top) / Float(max(1, middles.count - 1))
      let below = bands - path.bands.upperBound
      middles =
        (0..<firstBand).map { top - slope * Float(firstBand - $0) } + middles
        + (0..<below).map { bottom + slope * Float($0 + 1) }
      firstBand = 0
    }
    return Scratch(
      isBright: path.isBright, frame: frame, x: x, firstBand: firstBand, middles: middles, extent: extent,
      score: score,
      // Certain at several times what is asked for.
      confidence: 1 - exp(-score / Self.strong))
  }
}
