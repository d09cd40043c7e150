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
    precondition(
      wanted.count == known.count && planes.allSatisfy { $0.count == known.count }, "shapes differ")
    var findings = Findings(
      planes: planes.map { _ in [Float](repeating: 0, count: known.count) },
      trust: [Float](repeating: 0, count: known.count))
    // Most samples are known and not wanted, and their memory is never touched.
    let landings = UnsafeMutableBufferPointer<MotionTrace.Landing>.allocate(capacity: known.count)
    let means = UnsafeMutableBufferPointer<SIMD4<Float>>.allocate(capacity: known.count)
    defer {
      landings.deallocate()
      means.deallocate()
    }
    guard let ends = landings.baseAddress else { return findings }
    _ = KnownSamples.with(planes, known: known) { samples in
      // One way after the other: both at once would take twice the memory.
      for isForward in [false, true] {
        guard
          let trace = MotionTrace(
            chain: chain, isForward: isForward, lattice: lattice, samples: samples, landings: ends)
        else { return }
        follow(
          trace, wanted: wanted, lattice: lattice, frames: chain.count, isForward: isForward,
          means: SharedElements(means), trust: &findings.trust, threads: threads)
      }
    }
    if chain.count < 2 { return findings }
    for p in planes.indices {
      findings.planes[p].withUnsafeMutableBufferPointer { values in
        forEach(wanted, in: 0..<known.count) { values[$0] = means[$0][p] }
      }
    }
    return findings
  }

  /// Follows samples one way, and adds what is found to the weighted means.
  private func follow(
    _ trace: MotionTrace, wanted: [UInt8], lattice: SampleLattice, frames: Int, isForward: Bool,
    means: SharedElements<SIMD4<Float>>, trust: inout [Float], threads: Int
  ) {
    let rows = lattice.height
    for step in 0..<frames {
      let frame = isForward ? frames - 1 - step : step
      parallelFor((rows - 1) / Self.band + 1, threads: threads) { band in
        for row in band * Self.band..<min(rows, (band + 1) * Self.band) {
          trace.land(frame: frame, row: row)
        }
      }
    }
    parallelFor(frames, threads: threads, writing: &trust) { frame, trust in
      forEach(wanted, in: frame * lattice.count..<(frame + 1) * lattice.count) { i in
        let place = i - frame * lattice.count
        let found = trace.finding(frame: frame, row: place / lattice.width, column: place % lattice.width)
        let past = MotionTrace.Finding(value: isForward ? means[i] : .zero, confidence: trust[i])
        (means[i], trust[i]) = combined(past, found)
      }
    }
  }

  private func forEach(_ wanted: [UInt8], in range: Range<Int>, _ body: (Int) -> Void) {
    wanted.withUnsafeBufferPointer { wanted in
      guard let base = wanted.baseAddress else { return }
      forEachIndex(in: range, of: base, where: 0, body)
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
