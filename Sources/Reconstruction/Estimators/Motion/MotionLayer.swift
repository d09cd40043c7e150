import Frames
import Kernels
import Motion

/// Up to three planes with the same lattice and the same missing samples, which are propagated together.
struct MotionLayer {
  let planes: [Int]
  let lattice: SampleLattice

  /// Share of propagation's error on the border of a hole by which it is corrected within.
  private static let residualShare: Float = 0.5
  /// Samples of the border found with less trust are not compared.
  private static let leastTrust: Float = 0.3

  /// The layers of all planes.
  static func layers(of samples: MaskedSamples) -> [MotionLayer] {
    samples.planes(most: 3) {
      $0.rowPositions == $1.rowPositions && $0.columnPositions == $1.columnPositions && $0.states == $1.states
    }.map { MotionLayer(planes: $0, lattice: samples.planes[$0[0]].lattice) }
  }

  /// Propagates known samples into the holes of the frames of the chain.
  ///
  /// - Parameters:
  ///   - base: what remains where motion leads to no known sample.
  ///   - fallback: replaces both as far as the motion is doubted (`BorderDoubt`); nil for scattered holes, which have no border.
  ///   - anchors: the frames of the chain.
  func propagate(
    _ samples: MaskedSamples, into result: inout Estimate, over base: Estimate,
    fallback: Estimate?, anchors: [Int], chain: FlowChain, threads: Int
  ) {
    let area = lattice.count
    func gathered<Sample>(_ values: [Sample]) -> [Sample] {
      anchors.count == samples.frames
        ? values : anchors.flatMap { values[$0 * area..<($0 + 1) * area] }
    }
    let truth = planes.map { gathered(samples.planes[$0].values) }
    let known = gathered(samples.planes[planes[0]].states).map { $0 == SampleState.known ? UInt8(1) : 0 }
    let doubt = BorderDoubt(height: lattice.height, width: lattice.width)
    let border = doubt.border(of: known, threads: threads)
    var wanted = border
    for i in known.indices { wanted[i] |= 1 - known[i] }
    let findings = Propagation().find(
      wanted, in: truth, known: known, lattice: lattice, chain: chain, threads: threads)
    typealias Comparison = (compared: [UInt8], doubts: [Float], parts: [FramePart])
    // Nil for frames without holes.
    let comparisons = parallelMap(anchors.count, threads: threads) { frame -> Comparison? in
      let parts = doubt.parts(of: known[frame * area..<(frame + 1) * area])
      if parts.isEmpty { return nil }
      let compared = (frame * area..<(frame + 1) * area).map {
        border[$0] == 1 && findings.trust[$0] > Self.leastTrust ? UInt8(1) : 0
      }
      let doubts =
        fallback == nil
        ? []
        : doubt.doubt(
          frame: frame, found: findings.planes, truth: truth, known: known, within: parts,
          compared: compared[...])
      return (compared, doubts, parts)
    }
    for (k, p) in planes.enumerated() {
      var values = gathered(base.planes[p])
      let others = fallback.map { gathered($0.planes[p]) } ?? values
      parallelFor(anchors.count, threads: threads, writing: &values) { frame, values in
        guard let (compared, doubts, parts) = comparisons[frame] else { return }
        let range = frame * area..<(frame + 1) * area
        let residual = residual(
          of: findings.planes[k][range], against: values[range], where: compared, within: parts)
        known.withUnsafeBufferPointer { known in
          guard let base = known.baseAddress else { return }
          forEachIndex(in: range, of: base, where: 1) { i in
            let place = i - range.lowerBound
            let value = findings.planes[k][i] + Self.residualShare * residual[place]
            let doubt = doubts.isEmpty ? 0 : doubts[place]
            values[i] += doubt * (others[i] - values[i])
            values[i] += (1 - doubt) * findings.trust[i] * (value - values[i])
          }
        }
      }
      if anchors.count == samples.frames {
        result.planes[p] = values
        continue
      }
      for (a, t) in anchors.enumerated() {
        result.planes[p].replaceSubrange(t * area..<(t + 1) * area, with: values[a * area..<(a + 1) * area])
      }
    }
  }

  /// The error of propagation on the border of a frame's holes, interpolated into the holes.
  private func residual(
    of found: ArraySlice<Float>, against truth: UnsafeMutableBufferPointer<Float>,
    where compared: [UInt8], within parts: [FramePart]
  ) -> [Float] {
    var result = [Float](repeating: 0, count: lattice.count)
    let pyramid = PullPush(height: lattice.height, width: lattice.width)
    compared.withUnsafeBufferPointer { compared in
      for part in parts {
        var isComparable = false
        part.forEach(width: lattice.width) { i in
          guard compared[i] == SampleState.known else { return }
          isComparable = true
          result[i] = truth[i] - found[found.startIndex + i]
        }
        if !isComparable { continue }
        result.withUnsafeMutableBufferPointer { pyramid.fill($0, known: compared, within: part) }
      }
    }
    return result
  }

  /// Interpolates the frames between those of the chain, whose holes are filled, along the motion.
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
    @Sendable func frame(_ t: Int, _ values: [Float]) -> Matrix {
      Matrix(rows: lattice.height, columns: lattice.width, values: Array(values[t * area..<(t + 1) * area]))
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
  /// Where the plane's samples sit in frames at full resolution.
  var lattice: SampleLattice {
    func step(_ positions: [Float]) -> Float { positions.count > 1 ? positions[1] - positions[0] : 1 }
    return SampleLattice(
      height: height, width: width, rowOrigin: rowPositions.first ?? 0, rowStep: step(rowPositions),
      columnOrigin: columnPositions.first ?? 0, columnStep: step(columnPositions))
  }
}
