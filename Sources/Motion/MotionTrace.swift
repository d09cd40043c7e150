import Kernels

/// Follows the motion of single samples along a chain of flows until known samples are reached.
struct MotionTrace {
  /// What a trace found.
  struct Finding {
    /// Of up to three planes, full scale = 1.
    var value: SIMD4<Float> = .zero
    /// 0 ... 1; zero if nothing was reached.
    var confidence: Float = 0
  }

  /// What a step costs in confidence, beyond what flows that disagree do.
  private static let decay: Float = 0.97
  /// Traces that are trusted less are given up.
  private static let leastConfidence: Float = 0.02
  /// Known neighbours with less weight than this say nothing about a place.
  private static let leastCoverage: Float = 0.05

  /// For each link, (height, width): rows, columns, and the confidence of a step.
  private let forward: [[SIMD4<Float>]]
  private let backward: [[SIMD4<Float>]]
  private let height: Int
  private let width: Int
  let lattice: SampleLattice
  /// (frames, height, width) on the lattice: three planes, and 1; all of them 0 where nothing is known.
  let known: UnsafePointer<SIMD4<Float>>
  let reach: Int

  init?(
    chain: FlowChain, lattice: SampleLattice, known: UnsafePointer<SIMD4<Float>>, reach: Int, threads: Int
  ) {
    guard let first = chain.forward.first else { return nil }
    func steps(_ links: [FlowChain.Link]) -> [[SIMD4<Float>]] {
      var steps = [[SIMD4<Float>]](repeating: [], count: links.count)
      steps.withUnsafeMutableBufferPointer { steps in
        parallelFor(links.count, threads: threads) { k in
          let (dy, dx, trust) = (links[k].flow.dy.base, links[k].flow.dx.base, links[k].confidence.base)
          steps[k] = (0..<links[k].flow.dx.count).map { SIMD4(dy[$0], dx[$0], trust[$0], 0) }
        }
      }
      return steps
    }
    forward = steps(chain.forward)
    backward = steps(chain.backward)
    (height, width) = (first.flow.height, first.flow.width)
    self.lattice = lattice
    self.known = known
    self.reach = reach
  }

  /// A trace on its way.
  private struct Walker {
    var column: Int
    var y: Float
    var x: Float
    var trust: Float = 1
    /// What is still missing to a whole sample.
    var room: Float = 1
  }

  /// From samples of a row of frame `start`, frame by frame: what is known of the places they are seen at, nearest
  /// first, until that makes up a whole sample.
  ///
  /// The samples of a row go together, frame by frame, as they look at the same parts of pictures.
  ///
  /// - Parameters:
  ///   - wanted: 1 for samples to follow, (width).
  ///   - findings: what was found of each, (width).
  func follow(
    from start: Int, row: Int, wanted: UnsafePointer<UInt8>, isForward: Bool,
    findings: UnsafeMutablePointer<Finding>
  ) {
    findings.update(repeating: Finding(), count: lattice.width)
    let y = lattice.y(ofRow: row)
    withUnsafeTemporaryAllocation(of: Walker.self, capacity: lattice.width) { walkers in
      var count = 0
      for column in 0..<lattice.width where wanted[column] != 0 {
        walkers.initializeElement(at: count, to: Walker(column: column, y: y, x: lattice.x(ofColumn: column)))
        count += 1
      }
      var frame = start
      for _ in 0..<reach {
        let link = isForward ? frame : frame - 1
        if count == 0 || link < 0 || link >= forward.count { break }
        frame += isForward ? 1 : -1
        let there = UnsafeBufferPointer(start: known + frame * lattice.count, count: lattice.count)
        (isForward ? forward : backward)[link].withUnsafeBufferPointer { steps in
          var kept = 0
          for k in 0..<count {
            var walker = walkers[k]
            if advance(&walker, by: steps, seeing: there, into: &findings[walker.column]) {
              walkers[kept] = walker
              kept += 1
            }
          }
          count = kept
        }
      }
    }
    for column in 0..<lattice.width where findings[column].confidence > 0 {
      findings[column].value /= SIMD4(repeating: findings[column].confidence)
    }
  }

  /// One step, and what is seen after it. False where the trace ends.
  @inline(__always)
  private func advance(
    _ walker: inout Walker, by steps: UnsafeBufferPointer<SIMD4<Float>>,
    seeing known: UnsafeBufferPointer<SIMD4<Float>>, into finding: inout Finding
  ) -> Bool {
    let here = BilinearCell(y: walker.y, x: walker.x, height: height, width: width)
    let step = here.value(in: steps)
    walker.trust *= Self.decay * step[2]
    if walker.trust < Self.leastConfidence { return false }
    walker.y += step[0]
    walker.x += step[1]
    if !isInside(y: walker.y, x: walker.x, height: height, width: width) { return false }
    let sum = lattice.cell(y: walker.y, x: walker.x).value(in: known)
    let coverage = sum[3]
    if coverage < Self.leastCoverage { return true }
    let share = min(coverage, walker.room)
    finding.value += sum * (share * walker.trust / coverage)
    finding.confidence += share * walker.trust
    walker.room -= share
    return walker.room >= 0.1
  }
}
