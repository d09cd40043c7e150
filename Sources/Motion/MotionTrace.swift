import Kernels

/// Follows the motion of single samples along a chain of flows until known samples are reached.
struct MotionTrace {
  /// What a trace found.
  struct Finding {
    /// Of up to four planes, full scale = 1.
    var value: SIMD4<Float> = .zero
    /// 0 ... 1; zero if nothing was reached.
    var confidence: Float = 0
  }

  /// A link's pictures. The chain must outlive it.
  private struct Step {
    let dx: UnsafePointer<Float>
    let dy: UnsafePointer<Float>
    let confidence: UnsafePointer<Float>
  }

  /// What a step costs in confidence, beyond what flows that disagree do.
  private static let decay: Float = 0.97
  /// Traces that are trusted less are given up.
  private static let leastConfidence: Float = 0.02
  /// Known neighbours with less weight than this say nothing about a place.
  private static let leastCoverage: Float = 0.05

  private let forward: [Step]
  private let backward: [Step]
  private let height: Int
  private let width: Int
  let lattice: SampleLattice
  /// (frames, height, width) on the lattice; `known` is 1 where a value is known, else 0.
  let values: UnsafePointer<SIMD4<Float>>
  let known: UnsafePointer<Float>
  let reach: Int

  init?(
    chain: FlowChain, lattice: SampleLattice, values: UnsafePointer<SIMD4<Float>>,
    known: UnsafePointer<Float>,
    reach: Int
  ) {
    guard let first = chain.forward.first else { return nil }
    func steps(_ links: [FlowChain.Link]) -> [Step] {
      links.map { Step(dx: $0.flow.dx.base, dy: $0.flow.dy.base, confidence: $0.confidence.base) }
    }
    forward = steps(chain.forward)
    backward = steps(chain.backward)
    (height, width) = (first.flow.height, first.flow.width)
    self.lattice = lattice
    self.values = values
    self.known = known
    self.reach = reach
  }

  /// From a sample of frame `start`, frame by frame: what is known of the places it is seen at, nearest first, until
  /// that makes up a whole sample.
  func follow(from start: Int, row: Int, column: Int, isForward: Bool) -> Finding {
    var y = lattice.y(ofRow: row)
    var x = lattice.x(ofColumn: column)
    var trust: Float = 1
    var room: Float = 1
    var finding = Finding()
    var frame = start
    for _ in 0..<reach {
      let link = isForward ? frame : frame - 1
      guard link >= 0 && link < forward.count else { break }
      let step = isForward ? forward[link] : backward[link]
      let here = BilinearCell(y: y, x: x, height: height, width: width)
      trust *= Self.decay * here.value(in: step.confidence)
      if trust < Self.leastConfidence { break }
      let dy = here.value(in: step.dy)
      x += here.value(in: step.dx)
      y += dy
      if !isInside(y: y, x: x, height: height, width: width) { break }
      frame += isForward ? 1 : -1
      let (sum, coverage) = sample(frame: frame, cell: lattice.cell(y: y, x: x))
      if coverage < Self.leastCoverage { continue }
      let share = min(coverage, room)
      finding.value += sum * (share * trust / coverage)
      finding.confidence += share * trust
      room -= share
      if room < 0.1 { break }
    }
    if finding.confidence > 0 { finding.value /= SIMD4(repeating: finding.confidence) }
    return finding
  }

  /// The weighted sum of the known ones among four samples, and their weights' sum.
  @inline(__always)
  private func sample(frame: Int, cell: BilinearCell) -> (sum: SIMD4<Float>, coverage: Float) {
    let corner = frame * lattice.count + cell.index
    let k = known + corner
    let weights = cell.weights * SIMD4(k[0], k[cell.right], k[cell.down], k[cell.down + cell.right])
    let coverage = weights.sum()
    if coverage == 0 { return (.zero, 0) }
    let v = values + corner
    let upper: SIMD4<Float> = v[0] * weights[0] + v[cell.right] * weights[1]
    let lower: SIMD4<Float> = v[cell.down] * weights[2] + v[cell.down + cell.right] * weights[3]
    return (upper + lower, coverage)
  }
}
