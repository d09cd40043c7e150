import Kernels
import Motion

/// Planes whose samples sit at the same places and are missing together, so that they are followed once.
struct MotionLayer {
  let planes: [Int]
  let lattice: SampleLattice

  /// All planes of a window, at most four a layer.
  static func layers(of window: MaskedWindow) -> [MotionLayer] {
    var groups: [[Int]] = []
    for p in window.planes.indices {
      let plane = window.planes[p]
      let group = groups.firstIndex {
        let first = window.planes[$0[0]]
        return $0.count < 4 && first.rowPositions == plane.rowPositions
          && first.columnPositions == plane.columnPositions && first.states == plane.states
      }
      if let group { groups[group].append(p) } else { groups.append([p]) }
    }
    return groups.map { MotionLayer(planes: $0, lattice: lattice(of: window.planes[$0[0]])) }
  }

  private static func lattice(of plane: MaskedWindow.Plane) -> SampleLattice {
    func step(_ positions: [Float]) -> Float { positions.count > 1 ? positions[1] - positions[0] : 1 }
    return SampleLattice(
      height: plane.height, width: plane.width, rowOrigin: plane.rowPositions.first ?? 0,
      rowStep: step(plane.rowPositions), columnOrigin: plane.columnPositions.first ?? 0,
      columnStep: step(plane.columnPositions))
  }

  /// Writes what propagation finds into the frames of the chain.
  func propagate(
    _ window: MaskedWindow, into result: inout WindowEstimate, over base: WindowEstimate, anchors: [Int],
    chain: FlowChain, propagation: Propagation, threads: Int
  ) {
    let area = lattice.count
    func gathered(_ samples: [Float]) -> [Float] {
      anchors.flatMap { samples[$0 * area..<($0 + 1) * area] }
    }
    let states = window.planes[planes[0]].states
    let known = anchors.flatMap { t in
      states[t * area..<(t + 1) * area].map { $0 == SampleState.known ? UInt8(1) : 0 }
    }
    let filled = propagation.fill(
      planes.map { gathered(window.planes[$0].values) }, known: known,
      fill: planes.map { gathered(base.planes[$0]) }, lattice: lattice, chain: chain, threads: threads)
    for (k, p) in planes.enumerated() {
      for (a, t) in anchors.enumerated() {
        result.planes[p].replaceSubrange(
          t * area..<(t + 1) * area, with: filled[k][a * area..<(a + 1) * area])
      }
    }
  }

  /// Writes the frames between those of the chain, whose holes are filled by now.
  func interpolate(
    _ result: inout WindowEstimate, over base: WindowEstimate, anchors: [Int], chain: FlowChain,
    propagation: Propagation, window: MaskedWindow, threads: Int
  ) {
    let area = lattice.count
    let gaps = zip(anchors, anchors.dropFirst()).enumerated().flatMap { link, ends in
      (ends.0 + 1..<max(ends.0 + 1, ends.1)).map { (link: link, first: ends.0, last: ends.1, frame: $0) }
    }
    if gaps.isEmpty { return }
    let done = result
    func frame(_ t: Int, _ samples: [Float]) -> Matrix {
      Matrix(rows: lattice.height, columns: lattice.width, values: Array(samples[t * area..<(t + 1) * area]))
    }
    let made = gaps.map { _ in planes.map { _ in Matrix(rows: lattice.height, columns: lattice.width) } }
    parallelFor(gaps.count, threads: threads) { g in
      let gap = gaps[g]
      let between = FrameInterpolation(
        forward: chain.forward[gap.link], backward: chain.backward[gap.link],
        time: Float(gap.frame - gap.first) / Float(gap.last - gap.first))
      for (k, p) in planes.enumerated() {
        made[g][k].copy(
          from: between.picture(
            between: frame(gap.first, done.planes[p]), and: frame(gap.last, done.planes[p]),
            fill: frame(gap.frame, base.planes[p]), lattice: lattice, disagreement: propagation.disagreement))
      }
    }
    for (g, gap) in gaps.enumerated() {
      for (k, p) in planes.enumerated() {
        let range = gap.frame * area..<(gap.frame + 1) * area
        result.planes[p].replaceSubrange(range, with: made[g][k].values)
      }
    }
  }
}
