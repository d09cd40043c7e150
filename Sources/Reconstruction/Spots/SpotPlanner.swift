import Frames
import Kernels

/// Tells spots from other holes.
///
/// A spot is thin, or soon gone: what it hides is known beside it or in the frames before and after, such as dirt, hairs and
/// scratches. What spots hide is found around each of them, at a cost that follows from what is missing. All other holes, and
/// those that lie scattered, are solved in sites, and so are the few spots of small frames.
struct SpotPlanner {
  let planner: Planner
  /// Sites from which on spots are solved by themselves: fewer take no more time.
  private static let fewestSites = 4
  /// Share of the missing samples from which on there is too little beside them.
  private static let most = 0.35

  /// - Returns: the spots, and sites for what is none; nil where sites are better for all.
  func split(_ masks: [FrameMask]) -> (spots: [FrameMask], sites: [Box])? {
    let sites = planner.sites(for: masks)
    guard sites.count >= Self.fewestSites, isSolvable(masks) else { return nil }
    let split = SpotSplit(masks, threads: planner.threads)
    // What is left of a hole that lasts is no reason to look for the motion of whole frames.
    guard split.hasWholeSpots else { return nil }
    if split.others.allSatisfy(\.missing.isEmpty) { return (masks, []) }
    return (split.spots, planner.sites(for: split.others))
  }

  /// Whether holes are compact, and enough is known around them.
  private func isSolvable(_ masks: [FrameMask]) -> Bool {
    // Spots are missing in all planes.
    if masks.contains(where: \.isByPlanes) { return false }
    let area = masks.first.map { $0.width * $0.height } ?? 0
    let found = parallelMap(masks.count, threads: planner.threads) { masks[$0].pairs() }
    // Frames of which nothing is known are others' work.
    if found.contains(where: { Double($0.missing) > Self.most * Double(area) }) { return false }
    let hits = found.reduce(0) { $0 + $1.hits }
    let trials = found.reduce(0) { $0 + $1.trials }
    return Double(hits) > HoleShape.leastCompactness * Double(trials)
  }
}

extension FrameMask {
  /// How many samples are missing, how many of those have a neighbour to the right, and in how many of these pairs both are
  /// missing.
  fileprivate func pairs() -> (missing: Int, trials: Int, hits: Int) {
    if missing.isEmpty { return (0, 0, 0) }
    var (count, last, hits) = (0, 0, 0)
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in 0..<height {
        let end = (y + 1) * width - 1
        forEachIndex(in: y * width..<end, of: base, where: 0) { i in
          count += 1
          hits += Int(base[i + 1])
        }
        last += Int(base[end])
      }
    }
    return (count + last, count, hits)
  }
}
