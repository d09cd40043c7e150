import Kernels
import Motion

/// Follows a shape from picture to picture, in either direction of time.
///
/// The motion of what is in it (the flow there that is the same both ways, as far as it differs from the motion around) moves it
/// as a whole; then it is moved to where it looks most like it did where it was drawn, so that errors don't add up.
struct ShapeFollower: Sendable {
  /// What became of the shape in a picture.
  enum Outcome: Sendable, Equatable {
    /// It is where `pose` says.
    case followed
    /// It may be there.
    case doubtful
    /// It has left the picture.
    case left
    /// It can't be followed; the last pictures, as many as were doubtful, show something else.
    case lost
  }

  /// Places that are looked at, at most about.
  private static let places = 1200
  /// Places at the edge, outside, in samples of small pictures, and their weight.
  private static let (edge, edgeWeight): (Float, Float) = (1.5, 0.3)
  /// Shares of the shape, and its correlation: below the first it is doubtful, below the second very much so.
  private static let (doubtful, hidden): (Float, Float) = (0.4, 0.2)
  /// A share that is less than so much of the one before is a sudden change, in which the shape is sought; found it is where its
  /// share is at least `clear`, and by `clearly` larger than where it seemed to be.
  private static let (sudden, clear, clearly): (Float, Float, Float) = (0.7, 0.5, 0.15)
  /// Doubtful pictures in a row after which it is lost.
  private static let (mostDoubtful, mostHidden) = (3, 2)
  /// Below this agreement its looks are taken over anew.
  private static let changed: Float = 0.85
  /// Where less of it is in the picture, it goes on as it moved before, for so many pictures at most.
  private static let (leastVisible, mostCoasting): (Float, Int) = (0.3, 25)

  private let shape: DrawnShape
  /// How many times smaller pictures are than frames.
  private let scale: Int
  /// From where it was drawn to where it is, in samples of small pictures.
  private(set) var pose = Similarity()
  /// Between the last two pictures.
  private var motion = Similarity()
  private var appearance: DrawnAppearance
  private var previous: MotionPicture
  private let threads: Int
  /// Doubtful pictures in a row, up to now.
  private(set) var doubts = 0
  private var hidings = 0
  /// The share of it that was seen in the last picture.
  private var lastShare: Float = 1
  private var coasting = 0

  init(_ shape: DrawnShape, in picture: MotionPicture, threads: Int) {
    (self.shape, scale, previous, self.threads) = (shape, picture.scale, picture, threads)
    let size = Float(picture.scale)
    let drawn = shape.places(most: Self.places, margin: Self.edge * size)
    let places = drawn.map { ($0.place + 0.5) / size - 0.5 }
    appearance = DrawnAppearance(
      places: places, weights: drawn.map { $0.isInside ? 1 : Self.edgeWeight },
      patch: Self.patch(picture, around: places, margin: 2))
  }

  private static func patch(_ picture: MotionPicture, around places: [SIMD2<Float>], margin: Float)
    -> PicturePatch
  {
    let bounds = Bounds(places)
    return PicturePatch(
      picture, columns: bounds.low.x - margin...bounds.high.x + margin,
      rows: bounds.low.y - margin...bounds.high.y + margin)
  }

  /// - Throws: `OpticalFlowError`.
  mutating func step(to picture: MotionPicture) throws -> Outcome {
    let posed = appearance.places.map { pose($0) }
    let visible = share(of: posed, in: picture)
    if visible == 0 { return .left }
    var step = motion
    if visible > Self.leastVisible, let measured = try flowMotion(posed, to: picture),
      (0.8...1.25).contains(measured.scale)
    {
      step = measured
    }
    var next = step.after(pose)
    let places = appearance.places.map { next($0) }
    let stays = share(of: places, in: picture)
    defer { previous = picture }
    if stays == 0 { return .left }
    let patch = Self.patch(picture, around: places, margin: 12)
    guard stays > Self.leastVisible, var refined = appearance.refined(next, patch) else {
      coasting += 1
      (pose, motion) = (next, step)
      return coasting > Self.mostCoasting ? .lost : .followed
    }
    coasting = 0
    if refined.match.share < max(Self.doubtful, Self.sudden * lastShare)
      || refined.match.correlation < Self.doubtful,
      let found = sought(around: places, in: picture), found.match.share > refined.match.share + Self.clearly
    {
      refined = found
    }
    lastShare = refined.match.share
    let (share, likeness) = (refined.match.share, refined.match.correlation)
    let isHidden = share < Self.hidden || likeness < Self.hidden
    let isDoubtful = share < Self.doubtful || likeness < Self.doubtful
    // Where it can't be seen, nothing tells better than how it moved before.
    if isHidden { next = motion.after(pose) } else { next = refined.pose }
    if !isHidden, let back = pose.inverse { motion = next.after(back) }
    pose = next
    hidings = isHidden ? hidings + 1 : 0
    doubts = isDoubtful ? doubts + 1 : 0
    if hidings >= Self.mostHidden || doubts >= Self.mostDoubtful { return .lost }
    if isDoubtful { return .doubtful }
    if refined.match.agreement < Self.changed { appearance.renew(refined.match) }
    return .followed
  }

  /// Where the shape is that moved in a way that flow does not tell; nil where nothing looks clearly like it.
  private func sought(around places: [SIMD2<Float>], in picture: MotionPicture) -> (
    pose: Similarity, match: DrawnAppearance.Match
  )? {
    let bounds = Bounds(places)
    let size = max(bounds.high.x - bounds.low.x, bounds.high.y - bounds.low.y)
    let reach = Int(max(24, min(64, 1.5 * size)))
    let patch = Self.patch(picture, around: places, margin: Float(reach + 12))
    guard let found = appearance.sought(around: motion.after(pose), reach: reach, in: patch),
      let refined = appearance.refined(found, patch), refined.match.share >= Self.clear,
      refined.match.correlation >= Self.clear
    else { return nil }
    return refined
  }

  /// The share of the shape, by the weights of its places, that lies in the picture.
  private func share(of places: [SIMD2<Float>], in picture: MotionPicture) -> Float {
    let last = SIMD2(Float(picture.width - 1), Float(picture.height - 1))
    let count = places.count { $0.x >= 0 && $0.y >= 0 && $0.x <= last.x && $0.y <= last.y }
    return Float(count) / Float(max(1, places.count))
  }

  /// The motion of what is in the shape since the last picture; nil where the flow does not tell.
  private func flowMotion(_ posed: [SIMD2<Float>], to picture: MotionPicture) throws -> Similarity? {
    let bounds = Bounds(posed)
    let middle = (bounds.low + bounds.high) / 2
    let expected = (motion(middle) - middle).rounded(.toNearestOrAwayFromZero)
    let size = bounds.high - bounds.low
    let margin = max(16, 0.4 * max(size.x, size.y))
    guard
      let flow = try LocalFlow(
        previous, picture, low: bounds.low - margin, high: bounds.high + margin, shift: expected,
        threads: threads)
    else { return nil }
    var inside: [PlacePair] = []
    var all: Float = 0
    for (i, place) in posed.enumerated() where flow.contains(place) {
      let weight = max(0.05, appearance.weights[i])
      all += weight
      if let target = flow.target(of: place) {
        inside.append(PlacePair(from: place, to: target, weight: weight))
      }
    }
    let consistent = inside.reduce(0) { $0 + $1.weight }
    if consistent < 0.2 * all { return nil }
    if let own = Self.unlikeSurroundings(inside, surroundings(flow)),
      let found = Similarity.most(of: own), found.share > 0.5
    {
      return found.motion
    }
    return Similarity.most(of: inside)?.motion
  }

  /// Those pairs that don't move as what is around does, where these are enough; what was drawn generously moves as what it is
  /// about, not as what lies behind it.
  private static func unlikeSurroundings(_ pairs: [PlacePair], _ around: [PlacePair]) -> [PlacePair]? {
    guard around.count >= 30, let found = Similarity.most(of: around), found.share > 0.5 else { return nil }
    let own = pairs.filter {
      let difference = found.motion($0.from) - $0.to
      return (difference * difference).sum() > 1
    }
    let (weight, all) = (own.reduce(0) { $0 + $1.weight }, pairs.reduce(0) { $0 + $1.weight })
    return own.count >= 8 && weight > 0.2 * all ? own : nil
  }

  private func surroundings(_ flow: LocalFlow) -> [PlacePair] {
    guard let back = pose.inverse?.inSamples(scale) else { return [] }
    let (size, half) = (Float(scale), SIMD2<Float>(repeating: 0.5))
    return flow.grid.compactMap { place in
      let drawn = back((place + half) * size - half)
      if shape.distance(at: drawn) <= 2 * size { return nil }
      return flow.target(of: place).map { PlacePair(from: place, to: $0, weight: 1) }
    }
  }
}

/// The box around some places.
private struct Bounds {
  var low = SIMD2<Float>(repeating: .infinity)
  var high = SIMD2<Float>(repeating: -.infinity)

  init(_ places: [SIMD2<Float>]) {
    for place in places {
      low = pointwiseMin(low, place)
      high = pointwiseMax(high, place)
    }
    if places.isEmpty { (low, high) = (SIMD2(), SIMD2()) }
  }
}

/// The motion in a part of two pictures, as far as it is the same both ways.
private struct LocalFlow {
  private let origin: SIMD2<Float>
  private let shift: SIMD2<Float>
  private let width: Int
  private let height: Int
  private let forward: FlowField
  private let backward: FlowField

  /// - Parameters:
  ///   - low: the part's corner in the first picture; what lies outside of a picture is left out.
  ///   - shift: about how far it moves, in whole samples.
  /// - Throws: `OpticalFlowError`.
  init?(
    _ first: MotionPicture, _ second: MotionPicture, low: SIMD2<Float>, high: SIMD2<Float>,
    shift: SIMD2<Float>, threads: Int
  ) throws {
    let size = SIMD2(Float(first.width), Float(first.height))
    let zero = SIMD2<Float>()
    let from = pointwiseMax(pointwiseMax(zero, -shift), low.rounded(.down))
    let end = pointwiseMin(pointwiseMin(size, size - shift), high.rounded(.up) + 1)
    let extent = end - from
    let least = Float(OpticalFlow.smallestSide)
    guard extent.x >= least, extent.y >= least else { return nil }
    (origin, self.shift, width, height) = (from, shift, Int(extent.x), Int(extent.y))
    let a = first.part(x: Int(from.x), y: Int(from.y), width: width, height: height)
    let b = second.part(
      x: Int(from.x + shift.x), y: Int(from.y + shift.y), width: width, height: height)
    let detail = max(width, height) <= 240 ? OpticalFlow.Detail.fine : .coarse
    let flows = parallelMap(2, threads: threads) { way in
      Result {
        try way == 0
          ? OpticalFlow.between(a, b, detail: detail) : OpticalFlow.between(b, a, detail: detail)
      }
    }
    (forward, backward) = (try flows[0].get(), try flows[1].get())
  }

  func contains(_ place: SIMD2<Float>) -> Bool {
    let p = place - origin
    return p.x >= 0 && p.y >= 0 && p.x <= Float(width - 1) && p.y <= Float(height - 1)
  }

  /// Where a place is in the second picture; nil where the motion there and back does not end where it began.
  func target(of place: SIMD2<Float>) -> SIMD2<Float>? {
    let p = place - origin
    let there = forward.displacement(y: p.y, x: p.x)
    let move = SIMD2(there.dx, there.dy)
    let q = p + move
    guard q.x >= 0, q.y >= 0, q.x <= Float(width - 1), q.y <= Float(height - 1) else { return nil }
    let back = backward.displacement(y: q.y, x: q.x)
    let error = move + SIMD2(back.dx, back.dy)
    let allowed = 0.7 + 0.1 * (move * move).sum().squareRoot()
    return (error * error).sum() < allowed * allowed ? place + move + shift : nil
  }

  /// Places all over the part, about 24 along its longer side.
  var grid: [SIMD2<Float>] {
    let step = max(2, max(width, height) / 24)
    var places: [SIMD2<Float>] = []
    for y in stride(from: 0, to: height, by: step) {
      for x in stride(from: 0, to: width, by: step) { places.append(origin + SIMD2(Float(x), Float(y))) }
    }
    return places
  }
}
