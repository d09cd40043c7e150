import Frames
import Kernels
import Motion

/// Planes whose samples sit at the same places and are missing together, so that they are followed once.
struct MotionLayer {
  let planes: [Int]
  let lattice: SampleLattice

  /// Share of what propagation gets wrong beside a hole that is added within.
  private static let residualShare: Float = 0.5
  /// What is found with less trust does not judge the rest.
  private static let leastTrust: Float = 0.3

  /// All planes of a window, at most three a layer.
  static func layers(of window: MaskedSamples) -> [MotionLayer] {
    var groups: [[Int]] = []
    for p in window.planes.indices {
      let plane = window.planes[p]
      let group = groups.firstIndex {
        let first = window.planes[$0[0]]
        return $0.count < 3 && first.rowPositions == plane.rowPositions
          && first.columnPositions == plane.columnPositions && first.states == plane.states
      }
      if let group { groups[group].append(p) } else { groups.append([p]) }
    }
    return groups.map { MotionLayer(planes: $0, lattice: window.planes[$0[0]].lattice) }
  }

  /// Writes what propagation finds, over `base`, into the frames of the chain.
  ///
  /// - Parameter fallback: stands in for both where the motion is doubted; nil where holes have no border to judge by.
  func propagate(
    _ window: MaskedSamples, into result: inout Estimate, over base: Estimate,
    fallback: Estimate?, anchors: [Int], chain: FlowChain, threads: Int
  ) {
    let area = lattice.count
    func gathered<Sample>(_ samples: [Sample]) -> [Sample] {
      anchors.flatMap { samples[$0 * area..<($0 + 1) * area] }
    }
    let truth = planes.map { gathered(window.planes[$0].values) }
    let known = gathered(window.planes[planes[0]].states).map { $0 == SampleState.known ? UInt8(1) : 0 }
    let doubt = BorderDoubt(height: lattice.height, width: lattice.width)
    let border = doubt.border(of: known, threads: threads)
    var wanted = border
    for i in known.indices where known[i] == 0 { wanted[i] = 1 }
    let findings = Propagation().find(
      wanted, in: truth, known: known, lattice: lattice, chain: chain, threads: threads)
    typealias Judgement = (judges: [UInt8], doubts: [Float], part: (rows: Range<Int>, columns: Range<Int>))
    // Nil for frames without holes.
    let judgements = parallelMap(anchors.count, threads: threads) { frame -> Judgement? in
      guard let part = doubt.part(of: known[frame * area..<(frame + 1) * area]) else { return nil }
      let judges = (frame * area..<(frame + 1) * area).map {
        border[$0] == 1 && findings.trust[$0] > Self.leastTrust ? UInt8(1) : 0
      }
      let doubts =
        fallback == nil
        ? []
        : doubt.doubt(
          frame: frame, found: findings.planes, truth: truth, known: known, within: part, judges: judges)
      return (judges, doubts, part)
    }
    for (k, p) in planes.enumerated() {
      var values = gathered(base.planes[p])
      let others = fallback.map { gathered($0.planes[p]) } ?? values
      values.withUnsafeMutableBufferPointer { values in
        parallelFor(anchors.count, threads: threads) { frame in
          guard let (judges, doubts, part) = judgements[frame] else { return }
          let range = frame * area..<(frame + 1) * area
          let residual = residual(
            of: findings.planes[k][range], against: values[range], where: judges, within: part)
          for i in range where known[i] == 0 {
            let place = i - range.lowerBound
            let value = findings.planes[k][i] + Self.residualShare * residual[place]
            let doubt = doubts.isEmpty ? 0 : doubts[place]
            values[i] += doubt * (others[i] - values[i])
            values[i] += (1 - doubt) * findings.trust[i] * (value - values[i])
          }
        }
      }
      for (a, t) in anchors.enumerated() {
        result.planes[p].replaceSubrange(t * area..<(t + 1) * area, with: values[a * area..<(a + 1) * area])
      }
    }
  }

  /// What propagation gets wrong at known samples beside the holes of a frame, carried into the holes.
  private func residual(
    of found: ArraySlice<Float>, against truth: Slice<UnsafeMutableBufferPointer<Float>>,
    where judges: [UInt8], within part: (rows: Range<Int>, columns: Range<Int>)
  ) -> [Float] {
    var result = [Float](repeating: 0, count: lattice.count)
    if !judges.contains(SampleState.known) { return result }
    for (i, (value, right)) in zip(found, truth).enumerated() where judges[i] == SampleState.known {
      result[i] = right - value
    }
    let pyramid = PullPush(height: lattice.height, width: lattice.width)
    result.withUnsafeMutableBufferPointer { result in
      judges.withUnsafeBufferPointer { pyramid.fill(result, known: $0, within: part) }
    }
    return result
  }

  /// Writes the frames between those of the chain, whose holes are filled by now.
  func interpolate(
    _ result: inout Estimate, over base: Estimate, anchors: [Int], chain: FlowChain,
    threads: Int
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
            fill: frame(gap.frame, base.planes[p]), lattice: lattice))
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

extension MaskedSamples.Plane {
  /// Where the plane's samples sit in pictures of the window's size.
  var lattice: SampleLattice {
    func step(_ positions: [Float]) -> Float { positions.count > 1 ? positions[1] - positions[0] : 1 }
    return SampleLattice(
      height: height, width: width, rowOrigin: rowPositions.first ?? 0, rowStep: step(rowPositions),
      columnOrigin: columnPositions.first ?? 0, columnStep: step(columnPositions))
  }
}
