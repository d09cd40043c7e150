import Frames

/// Edges that stay while what surrounds them changes: what an overlay looks like over some frames.
struct OverlayCandidate: Sendable {
  /// Places of the smaller picture, and what stays there, in the order of places.
  var places: [Int32]
  var edges: [LastingEdge]
  /// In samples of the smaller picture.
  var box: Box
  /// Edges, each by how well it stays: certain from `OverlayRules.strength` on.
  var strength: Float
  /// How often the edges are as they should be where the mark is there, of 1.
  var level: Float

  /// How much better a frame's signs fit here than beside: about 0 where the mark is not there.
  ///
  /// By chance the scene has edges that fit, but those fit nearly as well a few samples away, and a mark's don't.
  ///
  /// - Parameter width: of the smaller picture.
  func fit(_ signs: PackedSigns, width: Int) -> Float {
    let d = Self.shift
    let others = [d, -d, d * width, -d * width, d * width + d, d * width - d, d - d * width, -d - d * width]
    let beside = others.reduce(Float(0)) { $0 + fit(signs, at: $1) } / Float(others.count)
    return fit(signs, at: 0) - max(0, beside)
  }

  /// Samples, more than an edge is wide.
  private static let shift = 4

  private func fit(_ signs: PackedSigns, at offset: Int) -> Float {
    if places.isEmpty { return 0 }
    return LastingEdge.matches.withUnsafeBufferPointer { matches in
      var sum = 0
      for i in places.indices {
        let place = max(0, min(signs.count - 1, Int(places[i]) + offset))
        sum += Int(matches[Int(edges[i].rawValue) << 4 | signs[place]])
      }
      return Float(sum) / Float(places.count)
    }
  }

  /// The same of sums over frames; nil where none of them counts.
  func fit(_ sums: EdgeSums<Int8>, columns: Int, width: Int) -> Float? {
    var (sum, count) = (0, 0)
    for (place, edge) in zip(places, edges) {
      let i = Int(place)
      let (x, y) = (Int(sums.x[i]), Int(sums.y[i]))
      let (xx, yy, xy) = (Int(sums.xx[i]), Int(sums.yy[i]), Int(sums.xy[i]))
      count += Int(sums.counts[i / width / ContentSampler.cell * columns + i % width / ContentSampler.cell])
      switch edge {
      case .brighterRight: sum += x
      case .darkerRight: sum -= x
      case .brighterBelow: sum += y
      case .darkerBelow: sum -= y
      case .upright: sum += xx - yy
      case .level: sum += yy - xx
      case .falling: sum += xy
      case .rising: sum -= xy
      }
    }
    return count < 2 * places.count ? nil : Float(sum) / Float(count)
  }
}

/// What makes a group of lasting edges an overlay; lengths in samples of the smaller picture.
struct OverlayRules: Sendable {
  /// Evidence is needed this many times.
  let caution: Float

  /// Fewer edges may be anything.
  static let fewestEdges = 30
  /// Edges over the cube of how ill they stay.
  static let strength: Float = 50
  /// Frames, of those that count, over frames in which an edge is as it should be, root mean square over edges.
  static let mostLoss: Float = 2
  /// Contents that the surroundings showed, as many as if they were independent.
  static let fewestContents: Float = 3.5
  /// The share of edges that stay among all edges, beside the mark and in the whole picture: more of them say that the picture
  /// does not change.
  static let mostStillBeside: Float = 0.012
  static let mostStill: Float = 0.004
  /// Marks that are there together; more are things that stand still.
  static let mostAtOnce = 4
  /// A mark lies within the picture, and is not most of it.
  static let border = 3
  static let mostWidth: Float = 0.6
  static let mostHeight: Float = 0.5
}
