import Frames
import Kernels

/// Tells spots from other holes.
///
/// A spot is small, or soon gone: what it hides is known beside it or in the frames before and after, such as dirt, hairs and
/// scratches. What spots hide is found around each of them, at a cost that follows from what is missing. All other holes, and
/// those that lie scattered, are solved in sites, and so are the few spots of small frames.
struct SpotPlanner {
  let planner: Planner
  /// Sites from which on spots are solved by themselves: fewer take no more time.
  private static let fewestSites = 4
  /// Width of a hole whose samples are known well enough from beside it, however long it stays; see `MaskComponent.thickness`.
  private static let thin = 3.0
  /// Share of a hole's samples that the frame before or after knows, if it is soon gone.
  private static let brief = 0.5
  /// Share of the missing samples from which on there is too little beside them.
  private static let most = 0.35

  /// - Returns: the spots, and sites for what is none; nil where sites are better for all.
  func split(_ masks: [FrameMask]) -> (spots: [FrameMask], sites: [Box])? {
    let sites = planner.sites(for: masks)
    guard sites.count >= Self.fewestSites, isSolvable(masks) else { return nil }
    var spots = masks
    var others = masks.map { FrameMask(width: $0.width, height: $0.height) }
    var count = 0
    for t in masks.indices {
      for component in masks[t].components() {
        if isSpot(component, frame: t, of: masks) {
          count += 1
        } else {
          component.move(from: &spots[t], to: &others[t])
        }
      }
    }
    guard count > 0 else { return nil }
    if others.allSatisfy(\.missing.isEmpty) { return (masks, []) }
    return (spots, planner.sites(for: others))
  }

  /// Whether holes are compact, and enough is known around them.
  private func isSolvable(_ masks: [FrameMask]) -> Bool {
    let area = masks.first.map { $0.width * $0.height } ?? 0
    let counts = masks.map(\.missingCount)
    // Frames of which nothing is known are others' work.
    if counts.contains(where: { Double($0) > Self.most * Double(area) }) { return false }
    let pairs = masks.reduce(into: (hits: 0, trials: 0)) { sum, mask in
      let found = mask.pairs()
      sum = (sum.hits + found.hits, sum.trials + found.trials)
    }
    return Double(pairs.hits) > HoleShape.leastCompactness * Double(pairs.trials)
  }

  private func isSpot(_ component: MaskComponent, frame t: Int, of masks: [FrameMask]) -> Bool {
    if component.thickness <= Self.thin { return true }
    let beside = [t - 1, t + 1].filter(masks.indices.contains)
    var known = 0
    for run in component.runs {
      for x in run.columns {
        if beside.contains(where: { masks[$0].isKnown(row: run.row, column: x) }) { known += 1 }
      }
    }
    return Double(known) >= Self.brief * Double(component.count)
  }
}

extension MaskComponent {
  fileprivate func move(from: inout FrameMask, to: inout FrameMask) {
    if to.missing.isEmpty { to.missing = [UInt8](repeating: 0, count: to.width * to.height) }
    for run in runs {
      for x in run.columns {
        from.missing[run.row * from.width + x] = 0
        to.missing[run.row * to.width + x] = 1
      }
    }
  }
}

extension FrameMask {
  fileprivate func isKnown(row: Int, column: Int) -> Bool {
    missing.isEmpty || missing[row * width + column] == 0
  }

  /// Missing samples with a neighbour to the right, and in how many of these pairs both are missing.
  fileprivate func pairs() -> (hits: Int, trials: Int) {
    var (hits, trials) = (0, 0)
    if missing.isEmpty { return (0, 0) }
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in 0..<height {
        forEachIndex(in: y * width..<(y + 1) * width - 1, of: base, where: 0) { i in
          trials += 1
          hits += Int(missing[i + 1])
        }
      }
    }
    return (hits, trials)
  }
}
