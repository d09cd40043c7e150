/// A refinement by transform shrinkage that competes in the fusion, and the estimate it starts from.
struct Refinement: Sendable {
  enum Start: Sendable {
    /// Propagation along motion.
    case motion
    /// The implicit neural representation.
    case representation
    /// The blend of the interpolations, or in a second pass of all that the first one made.
    case fusion
  }

  /// What is shrunk.
  enum Method: Sendable {
    /// Blocks at their places, or along the motion of what propagation made.
    case blocks(HardThresholding, followMotion: Bool)
    /// Groups of patches that look alike.
    case groups(GroupedThresholding)
  }

  /// Holes that a refinement is for.
  enum Holes: Sendable {
    case all, scattered, compact
    /// All but compact ones that stay.
    case moving
  }

  var name: String
  var start: Start
  var method: Method
  var holes = Holes.all

  init(name: String, start: Start, shrinkage: HardThresholding, followsMotion: Bool = false) {
    self.init(name: name, start: start, method: .blocks(shrinkage, followMotion: followsMotion))
  }

  init(name: String, start: Start, method: Method) {
    (self.name, self.start, self.method) = (name, start, method)
  }

  /// How often coefficients are thresholded and known samples written back.
  var rounds: Int {
    get {
      switch method {
      case .blocks(let shrinkage, _): shrinkage.rounds
      case .groups(let grouping): grouping.rounds
      }
    }
    set {
      switch method {
      case .blocks(var shrinkage, let followMotion):
        shrinkage.rounds = newValue
        method = .blocks(shrinkage, followMotion: followMotion)
      case .groups(var grouping):
        grouping.rounds = newValue
        method = .groups(grouping)
      }
    }
  }
}

/// What is computed for each window: the fit, and the refinements after it.
struct Recipe: Sendable {
  var fit: Fit
  /// The cheap estimates, which compete with all others and are where those start from.
  var interpolators: [any Estimator & Sendable] = [TemporalInterpolation(), SpatialInterpolation()]
  /// Further ones: for compact holes, instead of interpolation in space; and for whole frames that are missing.
  var lines: (static: LevelLineInterpolation, moving: LevelLineInterpolation)?
  var surfaces: LevelLineInterpolation?
  var refinements: [Refinement] = []
  /// Refinements of a second pass, which compete with all of the first.
  var again: [Refinement] = []
  /// Entrants with a smaller mean weight are left out of the result: they cost time, and what few samples say for them is
  /// mostly chance.
  var negligibleWeight = 0.06
  /// True if the fit is the result, and nothing competes with it.
  var isFitAlone = false
  /// True if propagation along motion competes.
  var usesMotion = false
  /// True for slices of a volume.
  var isVolume = false

  init(settings: RestorationSettings) {
    fit = Self.fit(settings)
    isFitAlone = settings.preset == .paper
    if isFitAlone { return }
    var small = HardThresholding()
    switch settings.preset {
    case .fast: (small.rounds, small.averagedRounds, small.tilings) = (30, 3, 4)
    case .balanced, .paper: (small.rounds, small.averagedRounds, small.tilings) = (70, 10, 4)
    case .best: (small.rounds, small.averagedRounds, small.tilings) = (120, 12, 6)
    }
    // Scattered holes want a gentle start, compact ones have to be emptied of the start first.
    (small.firstThreshold, small.lastThreshold) = (0.15, 0.015)
    // Scans have more than eight bits, and detail below a step of theirs.
    if settings.volume != nil { small.lastThreshold = 0.006 }
    var large = small
    large.firstThreshold = 0.8
    var representation = small
    representation.opponentColours = true
    var long = large
    long.depth = 16
    long.opponentColours = true
    usesMotion = settings.preset != .fast
    negligibleWeight = Self.pick(settings.preset, 0.1, 0.06, 0.03)
    refinements = [Refinement(name: "shrinkage-long", start: .fusion, shrinkage: long)]
    isVolume = settings.volume != nil
    if isVolume { interpolators += [LevelLineInterpolation.surfaces(steps: 200), SplineInterpolation()] }
    // Structures that lean from slice to slice move by the width of a voxel: blocks that follow them gain nothing.
    if !usesMotion || isVolume {
      refinements += [
        Refinement(name: "shrinkage", start: .fusion, shrinkage: small),
        Refinement(name: "shrinkage-large", start: .fusion, shrinkage: large),
        Refinement(name: "inr-shrinkage", start: .representation, shrinkage: representation),
      ]
      if settings.preset == .fast && !isVolume {
        (refinements[1].holes, refinements[2].holes) = (.scattered, .compact)
      }
      if isVolume && usesMotion { again = Self.details(small) }
      return
    }
    // Blocks that stand still see nothing in holes that stay.
    refinements[0].holes = .moving
    // Where holes move, lines are what is left where they can't be seen through at other times.
    lines = (.lines(steps: 20), .lines(steps: settings.preset == .best ? 20 : 8))
    surfaces = .surfaces(steps: settings.preset == .best ? 50 : 25)
    // Blocks that follow the motion are so much sparser that straight ones of the same length add nothing.
    var emptied = representation
    emptied.firstThreshold = large.firstThreshold
    refinements += [
      Refinement(name: "motion-shrinkage", start: .motion, shrinkage: representation, followsMotion: true),
      Refinement(name: "motion-shrinkage-large", start: .motion, shrinkage: emptied, followsMotion: true),
    ]
    if settings.preset == .best {
      var deep = representation
      deep.depth = 16
      refinements += [
        Refinement(name: "motion-shrinkage-long", start: .motion, shrinkage: deep, followsMotion: true),
        Refinement(
          name: "inr-shrinkage", start: .representation, shrinkage: representation, followsMotion: true),
      ]
      // What is all but right needs no more than its details found.
      var details = representation
      details.firstThreshold = 0.06
      details.rounds = 50
      var deepDetails = details
      deepDetails.depth = 16
      again = [
        Refinement(name: "again", start: .fusion, shrinkage: details, followsMotion: true),
        Refinement(name: "again-long", start: .fusion, shrinkage: deepDetails, followsMotion: true),
        Refinement(name: "again-motion", start: .motion, shrinkage: representation, followsMotion: true),
        Refinement(name: "groups", start: .fusion, method: .groups(GroupedThresholding())),
      ]
    }
  }

  /// A second pass on a volume, whose blend is all but right: fine details alone are left to be found, twice.
  private static func details(_ first: HardThresholding) -> [Refinement] {
    var short = first
    (short.rounds, short.firstThreshold) = (40, 0.03)
    var long = short
    long.depth = 16
    return [
      Refinement(name: "again", start: .fusion, shrinkage: short),
      Refinement(name: "again-long", start: .fusion, shrinkage: long),
    ]
  }

  /// The cheap estimates for holes of a shape.
  func interpolators(for shape: HoleShape?) -> [any Estimator & Sendable] {
    guard let shape, !shape.isScattered else { return interpolators }
    var result = interpolators
    if let lines {
      result.removeAll { $0 is SpatialInterpolation }
      result.append(shape.isStatic ? lines.static : lines.moving)
    }
    if let surfaces, shape.hasEmptyFrames { result.append(surfaces) }
    return result
  }

  /// The refinements of the first pass for holes of a shape.
  func refinements(for shape: HoleShape?) -> [Refinement] {
    let isScattered = shape?.isScattered ?? true
    let stays = !isScattered && shape?.isStatic ?? false
    var result = refinements.filter {
      switch $0.holes {
      case .all: true
      case .scattered: isScattered
      case .compact: !isScattered
      case .moving: !stays
      }
    }
    if missesMovingFrames(shape) {
      for k in result.indices { result[k].rounds = min(result[k].rounds, Self.mostRoundsOfFrames) }
    }
    return result
  }

  /// Further rounds lead missing frames away from what the motion says of them.
  private static let mostRoundsOfFrames = 70

  /// True of videos if most of what is missing are whole frames.
  private func missesMovingFrames(_ shape: HoleShape?) -> Bool {
    !isVolume && shape?.emptyFramesShare ?? 0 > 0.5
  }

  /// The second pass for holes of a shape: none where whole frames are missing, whose motion the first pass knows as well.
  ///
  /// What is grouped with a hole that stays looks like what surrounds it in every frame, and is judged by places that it
  /// knows better: it wins there, and is 0.6 dB worse where nobody knows.
  func again(for shape: HoleShape?) -> [Refinement] {
    if missesMovingFrames(shape) { return [] }
    guard let shape, shape.isStatic, !shape.isScattered else { return again }
    return again.filter { if case .groups = $0.method { false } else { true } }
  }
}
