import Kernels

/// Tells frames in which an overlay is all there from those in which it fades or is gone, before anything is known of it: what
/// most frames have in common are its edges.
enum PresentFrames {
  /// Differences between neighbours count as edges from so many steps on, if there are so many of them.
  private static let (leastEdge, fewestEdges) = (Float(1.5), 24)
  /// The share of the edges that a frame has if all of the overlay is there.
  private static let leastShare: Float = 0.7
  private static let rounds = 5
  /// Frames on each side that have a say.
  private static let reach = 2

  /// The frames that have all of it; all where no edges are seen.
  static func find(in samples: PlaceSamples, threads: Int) -> [Int] {
    let frames = samples.frames
    let pairs = [1, samples.width].flatMap { step in
      (0..<samples.area).filter { samples.isUsed($0, step) }.map { (a: $0, b: $0 + step) }
    }
    let medians = parallelMap(pairs.count, threads: threads) { k in
      var differences = (0..<frames).map {
        samples.values[pairs[k].a * frames + $0] - samples.values[pairs[k].b * frames + $0]
      }
      differences.sort()
      return differences[frames / 2]
    }
    let edges = pairs.indices.filter { abs(medians[$0]) >= leastEdge }
    if edges.count < fewestEdges { return Array(0..<frames) }
    let shares = parallelMap(frames, threads: threads) { t in
      share(
        edges.map { k in
          let (a, b) = pairs[k]
          return (samples.values[a * frames + t] - samples.values[b * frames + t], medians[k])
        })
    }
    return (0..<frames).filter { t in
      var near = shares[max(0, t - reach)...min(frames - 1, t + reach)]
      near.sort()
      return near[near.startIndex + near.count / 2] >= leastShare
    }
  }

  /// By how much the edges have to be multiplied to be a frame's, hardly minding those that the scene crosses.
  private static func share(_ edges: [(seen: Float, edge: Float)]) -> Float {
    var share: Float = 0.5
    for _ in 0..<rounds {
      var (product, square) = (Float(0), Float(0))
      for (seen, edge) in edges {
        let rest = (seen - share * edge) / (2 + abs(edge) / 2)
        let weight = 1 / (1 + rest * rest)
        product += weight * seen * edge
        square += weight * edge * edge
      }
      share = square > 0 ? product / square : 1
    }
    return share
  }
}
