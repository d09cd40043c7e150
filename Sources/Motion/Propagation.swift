import Kernels

/// Propagation along motion: follows samples along a chain of flows, into the past and into the future, to the nearest frames in
/// which something is known of them (`MotionTrace`), and weighs what both ways find by the square of its confidence.
public struct Propagation: Sendable {
  /// What is found of the wanted samples; 0 elsewhere.
  public struct Findings: Sendable {
    /// For each plane, (frames, height, width), full scale = 1.
    public var planes: [[Float]]
    /// 0 ... 1, (frames, height, width); 0 where nothing is found.
    public var trust: [Float]
  }

  /// Rows that a thread takes at a time.
  private static let band = 8

  public init() {}

  /// - Parameters:
  ///   - wanted: 1 where a value is to be found, from other frames alone; (frames, height, width).
  ///   - planes: up to three planes on the same lattice, (frames, height, width) each, full scale = 1; read where they are
  ///     known.
  ///   - known: 1 where the planes are known, else 0; (frames, height, width).
  ///   - chain: flows between successive frames.
  /// - Complexity: O(samples that are not known or wanted).
  public func find(
    _ wanted: [UInt8], in planes: [[Float]], known: [UInt8], lattice: SampleLattice, chain: FlowChain,
    threads: Int
  ) -> Findings {
    precondition((1...3).contains(planes.count), "one to three planes")
    precondition(known.count == chain.count * lattice.count, "a flag for each sample of the chain's frames")
    var findings = Findings(
      planes: planes.map { _ in [Float](repeating: 0, count: known.count) },
      trust: [Float](repeating: 0, count: known.count))
    var values = [SIMD4<Float>](repeating: .zero, count: known.count)
    for p in planes.indices {
      for i in known.indices where known[i] == 1 { values[i][p] = planes[p][i] }
    }
    for i in known.indices where known[i] == 1 { values[i][3] = 1 }
    var means = [SIMD4<Float>](repeating: .zero, count: known.count)
    // One way after the other: both at once would take twice the memory.
    for isForward in [false, true] {
      follow(
        wanted, values: values, lattice: lattice, chain: chain, isForward: isForward, means: &means,
        trust: &findings.trust, threads: threads)
    }
    for p in planes.indices {
      for i in known.indices { findings.planes[p][i] = means[i][p] }
    }
    return findings
  }

  /// Follows samples one way, and adds what is found to the weighted means.
  private func follow(
    _ wanted: [UInt8], values: [SIMD4<Float>], lattice: SampleLattice, chain: FlowChain, isForward: Bool,
    means: inout [SIMD4<Float>], trust: inout [Float], threads: Int
  ) {
    var landings = [MotionTrace.Landing](repeating: .init(), count: values.count)
    let rows = lattice.height
    landings.withUnsafeMutableBufferPointer { landings in
      values.withUnsafeBufferPointer { values in
        guard let known = values.baseAddress, let base = landings.baseAddress,
          let trace = MotionTrace(
            chain: chain, isForward: isForward, lattice: lattice, known: known, landings: base)
        else { return }
        for step in 1..<chain.count {
          let frame = isForward ? chain.count - 1 - step : step
          parallelFor((rows - 1) / Self.band + 1, threads: threads) { band in
            for row in band * Self.band..<min(rows, (band + 1) * Self.band) {
              trace.land(frame: frame, row: row)
            }
          }
        }
        means.withSharedElements { means in
          parallelFor(chain.count, threads: threads, writing: &trust) { frame, trust in
            for i in frame * lattice.count..<(frame + 1) * lattice.count where wanted[i] != 0 {
              let place = i - frame * lattice.count
              let found = trace.finding(
                frame: frame, row: place / lattice.width, column: place % lattice.width)
              (means[i], trust[i]) = combined(.init(value: means[i], confidence: trust[i]), found)
            }
          }
        }
      }
    }
  }

  private func combined(
    _ past: MotionTrace.Finding, _ future: MotionTrace.Finding
  ) -> (mean: SIMD4<Float>, trust: Float) {
    let (a, b) = (past.confidence * past.confidence, future.confidence * future.confidence)
    if a + b == 0 { return (.zero, 0) }
    let mean = (past.value * a + future.value * b) / SIMD4(repeating: a + b)
    return (mean, min(1, max(past.confidence, future.confidence)))
  }
}
