@testable import Motion

/// The plain twin of `Propagation`: every sample is followed by itself, step by step, to the places where its motion leads.
enum PlainTrace {
  struct Finding {
    var value: Float = 0
    var confidence: Float = 0
  }

  /// What is known of the samples of frame `start` both ways, blended as `Propagation` blends it; (height x width).
  static func find(
    in values: [Float], known: [UInt8], frame start: Int, lattice: SampleLattice, chain: FlowChain
  ) -> [Finding] {
    (0..<lattice.count).map { i in
      let ways = [true, false].map {
        follow(
          from: start, place: i, isForward: $0, values: values, known: known, lattice: lattice, chain: chain)
      }
      let squares = ways.map { $0.confidence * $0.confidence }
      let sum = squares[0] + squares[1]
      if sum == 0 { return Finding() }
      return Finding(
        value: (ways[0].value * squares[0] + ways[1].value * squares[1]) / sum,
        confidence: max(ways[0].confidence, ways[1].confidence))
    }
  }

  private static func follow(
    from start: Int, place: Int, isForward: Bool, values: [Float], known: [UInt8], lattice: SampleLattice,
    chain: FlowChain
  ) -> Finding {
    var finding = Finding()
    var (y, x) = (lattice.y(ofRow: place / lattice.width), lattice.x(ofColumn: place % lattice.width))
    var (frame, trust, room) = (start, Float(1), Float(1))
    let links = isForward ? chain.forward : chain.backward
    while links.indices.contains(isForward ? frame : frame - 1) {
      let link = links[isForward ? frame : frame - 1]
      frame += isForward ? 1 : -1
      let here = BilinearCell(y: y, x: x, height: link.flow.height, width: link.flow.width)
      trust *= 0.97 * here.value(in: link.confidence.base)
      if trust < 0.02 { break }
      (y, x) = (y + here.value(in: link.flow.dy.base), x + here.value(in: link.flow.dx.base))
      if !isInside(y: y, x: x, height: link.flow.height, width: link.flow.width) { break }
      let cell = lattice.cell(y: y, x: x)
      let first = frame * lattice.count
      let coverage = cell.sum { Float(known[first + $0]) }
      if coverage < 0.05 { continue }
      let share = min(coverage, room)
      let sum = cell.sum { known[first + $0] == 1 ? values[first + $0] : 0 }
      finding.value += sum / coverage * share * trust
      finding.confidence += share * trust
      room -= share
      if room < 0.1 { break }
    }
    if finding.confidence > 0 { finding.value /= finding.confidence }
    return finding
  }
}
