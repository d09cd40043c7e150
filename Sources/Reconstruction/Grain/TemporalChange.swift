import Frames
import Kernels
import Motion

/// How much samples within holes, and around them, change along the motion from a frame to the next of which something is known.
struct TemporalChange {
  /// The changes between two frames.
  struct Pair {
    let first: Int
    let second: Int
    /// The samples whose change is taken, by their place in the plane, row by row.
    var places: [Int] = []
    /// Whether they are missing.
    var isHole: [Bool] = []
    /// Whether they move onto missing ones.
    var isCovered: [Bool] = []
    /// Of each plane.
    var planes: [Traces] = []
    /// The mean change of samples around holes over all planes; nil where there are none.
    var mean: Float?
    var isConsecutive: Bool { second == first + 1 }
  }

  /// A plane's changes, once along motion rounded to whole samples, once between samples. Interpolation smooths noise, which is
  /// made up for here; rounding leaves more of the picture.
  struct Traces {
    let rounded: NoiseTraces
    let between: [Float]
    let correlation: NoiseCorrelation
  }

  /// Distances from holes between which known samples are around them: what is damaged often reaches beyond a mask.
  private static let guarded = 2
  private static let reach = 12
  /// Frames up to which two follow each other that have others between them of which nothing is known.
  private static let mostFrames = 4
  /// A frame repeats another if their change is below this share of the usual one.
  private static let stillness: Float = 0.15
  /// Least number of changes around holes; with fewer, those right beside them are taken too.
  private static let fewest = 64

  let lattice: SampleLattice
  let shown: ShownSamples
  var pairs: [Pair]

  /// - Parameters:
  ///   - layer: planes whose samples are missing together.
  ///   - picture: the samples with their holes filled.
  init(
    of layer: MotionLayer, in samples: MaskedSamples, picture: Estimate, chain: FlowChain, threads: Int
  ) {
    let plane = samples.planes[layer.planes[0]]
    shown = ShownSamples(of: plane, frames: samples.frames)
    lattice = layer.lattice
    pairs = []
    let planes = layer.planes.map { picture.planes[$0] }
    for guarded in [Self.guarded, 0] {
      pairs = taken(of: plane, planes, guarded: guarded, chain: chain, threads: threads)
      let around = pairs.reduce(0) { sum, pair in sum + pair.isHole.count { !$0 } }
      if around >= Self.fewest { break }
    }
  }

  private func taken(
    of plane: MaskedSamples.Plane, _ planes: [[Float]], guarded: Int, chain: FlowChain, threads: Int
  ) -> [Pair] {
    let (frames, area, shown) = (shown.frames, lattice.count, shown)
    func near(_ reach: Int) -> [Bool] {
      plane.near(SampleState.missing, frames: frames, reach: (0, reach, reach))
    }
    let (beside, near) = (near(guarded), near(guarded + Self.reach))
    let seen = (0..<frames).filter { !shown.isEmpty[$0] }
    let pairs = zip(seen, seen.dropFirst()).filter { $1 - $0 <= Self.mostFrames }
    return parallelMap(pairs.count, threads: threads) { k in
      let (t, u) = pairs[k]
      let (here, there) = (t * area, u * area)
      // Where frames beside these are missing as a whole, all of these surrounds them.
      let isBeside = shown.isBesideEmpty(t) || shown.isBesideEmpty(u)
      var kinds = [UInt8](repeating: 0, count: area)
      var (places, moves): ([Int], [(y: Float, x: Float)]) = ([], [])
      for place in 0..<area {
        let isHole = plane.states[here + place] == SampleState.missing
        let isChosen =
          isHole
          ? shown.isShown[here + place]
          : plane.states[here + place] == SampleState.known && !beside[here + place]
            && (near[here + place] || isBeside && shown.isSampled(place))
        guard isChosen else { continue }
        let to = moved(place, from: t, to: u, along: chain)
        if !isHole && beside[there + rounded(to)] { continue }
        kinds[place] = isHole ? 2 : 1
        places.append(place)
        moves.append(to)
      }
      var pair = Pair(first: t, second: u)
      pair.places = places
      pair.isHole = places.map { kinds[$0] == 2 }
      pair.isCovered = moves.map { plane.states[there + rounded($0)] != SampleState.known }
      pair.planes = traces(
        of: planes.map { ($0[here..<here + area], $0[there..<there + area]) }, places, moves, kinds,
        &pair.mean)
      return pair
    }
  }

  /// Where a sample of a frame is in a later one, in rows and columns.
  private func moved(_ place: Int, from t: Int, to u: Int, along chain: FlowChain) -> (y: Float, x: Float) {
    var y = lattice.rowOrigin + Float(place / lattice.width) * lattice.rowStep
    var x = lattice.columnOrigin + Float(place % lattice.width) * lattice.columnStep
    for link in t..<u {
      let (dy, dx) = chain.forward[link].flow.displacement(y: y, x: x)
      (y, x) = (y + dy, x + dx)
    }
    func inside(_ position: Float, _ count: Int) -> Float {
      position.isFinite ? max(0, min(Float(count - 1), position)) : 0
    }
    return (
      inside((y - lattice.rowOrigin) / lattice.rowStep, lattice.height),
      inside((x - lattice.columnOrigin) / lattice.columnStep, lattice.width)
    )
  }

  private func rounded(_ to: (y: Float, x: Float)) -> Int {
    Int(to.y.rounded()) * lattice.width + Int(to.x.rounded())
  }

  private func traces(
    of planes: [(here: ArraySlice<Float>, there: ArraySlice<Float>)], _ places: [Int],
    _ moves: [(y: Float, x: Float)], _ kinds: [UInt8], _ mean: inout Float?
  ) -> [Traces] {
    let (height, width) = (lattice.height, lattice.width)
    var (sum, count) = (Float(0), 0)
    var dense = [Float](repeating: 0, count: lattice.count)
    let found = planes.map { here, there -> (NoiseTraces, [Float]) in
      for (place, to) in zip(places, moves) {
        dense[place] = there[there.startIndex + rounded(to)] - here[here.startIndex + place]
        if kinds[place] == 1 { (sum, count) = (sum + abs(dense[place]), count + 1) }
      }
      let whole = NoiseTraces(of: dense, kinds: kinds, height: height, width: width, at: places)
      var gains: [Float] = []
      for (place, to) in zip(places, moves) {
        let (top, left) = (Int(to.y), Int(to.x))
        let (fy, fx) = (to.y - Float(top), to.x - Float(left))
        let corner = there.startIndex + top * width + left
        let (down, right) = (top + 1 < height ? width : 0, left + 1 < width ? 1 : 0)
        let upper = there[corner] + fx * (there[corner + right] - there[corner])
        let lower = there[corner + down] + fx * (there[corner + down + right] - there[corner + down])
        dense[place] = upper + fy * (lower - upper) - here[here.startIndex + place]
        let kept = ((1 - fy) * (1 - fy) + fy * fy) * ((1 - fx) * (1 - fx) + fx * fx)
        gains.append((2 / (1 + kept)).squareRoot())
      }
      let between = NoiseTraces(
        of: dense, kinds: kinds, height: height, width: width, at: places, needsEdges: false)
      return (whole, zip(between.trendless, gains).map { $0 * $1 })
    }
    mean = count > 0 ? sum / Float(count) : nil
    let around = found.map { whole, _ in
      zip(whole.edges, places).map { kinds[$1] == 1 ? $0 : .nan }
    }
    return found.indices.map {
      Traces(
        rounded: found[$0].0, between: found[$0].1,
        correlation: NoiseCorrelation(of: around, plane: $0, at: places, width: width))
    }
  }

  /// Whether the next frame repeats a frame, of each but the last: around holes it changes much less than others do, as in
  /// animation drawn on twos, in pulled-down film, or before anything moves.
  var isStill: [Bool] {
    var result = [Bool](repeating: false, count: max(0, shown.frames - 1))
    let consecutive = pairs.filter(\.isConsecutive)
    let sorted = consecutive.compactMap(\.mean).sorted()
    guard !sorted.isEmpty else { return result }
    let usual = sorted[sorted.count * 3 / 4]
    for pair in consecutive {
      if let mean = pair.mean { result[pair.first] = mean < Self.stillness * usual }
    }
    return result
  }
}
