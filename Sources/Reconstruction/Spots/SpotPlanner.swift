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
  /// Frames in a row that must hide a sample for it to be one of a hole that lasts.
  private static let brief = 5
  /// Share of such samples from which on a part of a hole is no spot.
  private static let lasting = 0.5
  /// Share of the missing samples from which on there is too little beside them.
  private static let most = 0.35

  /// - Returns: the spots, and sites for what is none; nil where sites are better for all.
  func split(_ masks: [FrameMask]) -> (spots: [FrameMask], sites: [Box])? {
    let sites = planner.sites(for: masks)
    guard sites.count >= Self.fewestSites, isSolvable(masks) else { return nil }
    var spots = masks
    var others = masks.map { FrameMask(width: $0.width, height: $0.height) }
    var isWorthIt = false
    for t in masks.indices {
      let core = core(frame: t, of: masks)
      for component in masks[t].components() {
        let lasting = core.missing.isEmpty ? [] : lastingParts(of: component, core)
        for part in lasting { part.forEach { $0.move(from: &spots[t], to: &others[t]) } }
        // What is left of a hole that lasts is no reason to look for the motion of whole frames.
        if lasting.isEmpty { isWorthIt = true }
      }
    }
    guard isWorthIt else { return nil }
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

  /// Parts of a component that are for the most part of a core.
  private func lastingParts(of component: MaskComponent, _ core: FrameMask) -> [[MaskRun]] {
    SpotPiece.parts(of: component, isEven: true).filter { part in
      let (lasting, all) = part.reduce((0, 0)) { ($0.0 + core.missingCount(in: $1), $0.1 + $1.columns.count) }
      return Double(lasting) >= Self.lasting * Double(all)
    }
  }

  /// What of a frame the nearest frames don't show either, where it is neither thin nor a line. Strokes of text are neither:
  /// sites find out more of them than is known around them.
  private func core(frame t: Int, of masks: [FrameMask]) -> FrameMask {
    var core = FrameMask(width: masks[t].width, height: masks[t].height)
    let first = max(0, min(t - Self.brief / 2, masks.count - Self.brief))
    let near = first..<min(masks.count, first + Self.brief)
    if near.contains(where: { masks[$0].missing.isEmpty }) { return core }
    var lasting = masks[t]
    for other in near where other != t {
      lasting.missing.withUnsafeMutableBufferPointer { lasting in
        masks[other].missing.withUnsafeBufferPointer { other in
          for i in lasting.indices { lasting[i] &= other[i] }
        }
      }
    }
    for component in lasting.components()
    where !component.isThin && !component.runs.areLine(inFrameOf: lasting.width) {
      let parts = SpotPiece.parts(of: component, isEven: true)
      // Where a scratch crosses a logo, what is beside the logo is a line all the same.
      for part in parts where parts.count == 1 || !part.areLine(isPart: true, inFrameOf: lasting.width) {
        part.forEach { $0.move(from: &lasting, to: &core) }
      }
    }
    return core
  }
}

extension MaskRun {
  fileprivate func move(from: inout FrameMask, to: inout FrameMask) {
    if to.missing.isEmpty { to.missing = [UInt8](repeating: 0, count: to.width * to.height) }
    for i in row * from.width + columns.lowerBound..<row * from.width + columns.upperBound {
      from.missing[i] = 0
      to.missing[i] = 1
    }
  }
}

extension FrameMask {
  fileprivate func missingCount(in run: MaskRun) -> Int {
    run.columns.count { missing[run.row * width + $0] != 0 }
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
