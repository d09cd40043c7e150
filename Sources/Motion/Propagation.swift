import Kernels

/// Finds samples of frames where the motion through them leads, in the past and in the future.
///
/// Each sample is followed both ways along a chain of flows, whose displacements are composed, to the nearest frames
/// in which something is known of it. What is found there counts by the square of its confidence.
public struct Propagation: Sendable {
  /// What was found of the wanted samples; elsewhere zero.
  public struct Findings: Sendable {
    /// For each plane, (frames, height, width), full scale = 1.
    public var planes: [[Float]]
    /// 0 ... 1, (frames, height, width); zero where nothing was found.
    public var trust: [Float]
  }

  /// Frames that are followed at most, each way. What is hidden behind a hole that stays may take long to appear.
  public var reach = 32

  public init() {}

  /// - Parameters:
  ///   - planes: up to three planes on the same lattice, (frames, height, width) each, full scale = 1; values that are
  ///     not known are not looked at.
  ///   - known: 1 where the planes are known, else 0; (frames, height, width).
  ///   - wanted: 1 where a value is to be found, from other frames alone; (frames, height, width).
  ///   - chain: flows between successive frames.
  /// - Complexity: O(wanted samples x reach).
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
    withExtendedLifetime(chain) {
      values.withUnsafeBufferPointer { values in
        guard let v = values.baseAddress,
          let trace = MotionTrace(chain: chain, lattice: lattice, known: v, reach: reach, threads: threads)
        else { return }
        means.withUnsafeMutableBufferPointer { means in
          findings.trust.withUnsafeMutableBufferPointer { trust in
            wanted.withUnsafeBufferPointer { wanted in
              parallelFor(chain.count, threads: threads) { frame in
                var past = [MotionTrace.Finding](repeating: .init(), count: lattice.width)
                var future = past
                for row in 0..<lattice.height {
                  let first = frame * lattice.count + row * lattice.width
                  guard let wanted = wanted.baseAddress.map({ $0 + first }) else { continue }
                  trace.follow(from: frame, row: row, wanted: wanted, isForward: false, findings: &past)
                  trace.follow(from: frame, row: row, wanted: wanted, isForward: true, findings: &future)
                  for column in 0..<lattice.width {
                    (means[first + column], trust[first + column]) = combined(past[column], future[column])
                  }
                }
              }
            }
          }
        }
      }
    }
    for p in planes.indices {
      for i in known.indices { findings.planes[p][i] = means[i][p] }
    }
    return findings
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
