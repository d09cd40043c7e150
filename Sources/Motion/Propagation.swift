import Foundation
import Kernels

/// Fills missing samples with what is known where the motion through them leads, in the past and in the future.
///
/// Each sample is followed both ways along a chain of flows, whose displacements are composed, to the nearest frames
/// in which something is known of it. What is found there counts by the square of its confidence; where past and
/// future disagree, or neither is reached, the fill remains.
public struct Propagation: Sendable {
  /// Frames that are followed at most, each way.
  public var reach = 8
  /// Past and future that lie this far apart, full scale = 1, are trusted by 1 / e.
  public var disagreement: Float = 0.06

  public init() {}

  /// - Parameters:
  ///   - planes: up to four planes on the same lattice, (frames, height, width) each, full scale = 1; values that are
  ///     not known are not looked at.
  ///   - known: 1 where the planes are known, else 0; (frames, height, width).
  ///   - fill: what missing samples start from, in the shape of `planes`.
  ///   - chain: flows between successive frames.
  /// - Returns: `planes` where known, else the fill with what propagation found.
  /// - Complexity: O(missing samples x reach).
  public func fill(
    _ planes: [[Float]], known: [UInt8], fill: [[Float]], lattice: SampleLattice, chain: FlowChain,
    threads: Int
  ) -> [[Float]] {
    precondition((1...4).contains(planes.count) && fill.count == planes.count, "one to four planes")
    precondition(known.count == chain.count * lattice.count, "a flag for each sample of the chain's frames")
    var together = [SIMD4<Float>](repeating: .zero, count: known.count)
    var weights = [Float](repeating: 0, count: known.count)
    var start = together
    for i in known.indices {
      for p in planes.indices {
        start[i][p] = fill[p][i]
        if known[i] == 1 { together[i][p] = planes[p][i] }
      }
      if known[i] == 1 { weights[i] = 1 }
    }
    var result = together
    withExtendedLifetime(chain) {
      together.withUnsafeBufferPointer { values in
        weights.withUnsafeBufferPointer { weights in
          result.withUnsafeMutableBufferPointer { result in
            guard let v = values.baseAddress, let w = weights.baseAddress else { return }
            let trace = MotionTrace(chain: chain, lattice: lattice, values: v, known: w, reach: reach)
            parallelFor(chain.count, threads: threads) { frame in
              for row in 0..<lattice.height {
                for column in 0..<lattice.width {
                  let i = frame * lattice.count + row * lattice.width + column
                  if w[i] == 1 { continue }
                  result[i] = start[i]
                  guard let trace else { continue }
                  let past = trace.follow(from: frame, row: row, column: column, isForward: false)
                  let future = trace.follow(from: frame, row: row, column: column, isForward: true)
                  result[i] = combined(past, future, over: start[i], planes: planes.count)
                }
              }
            }
          }
        }
      }
    }
    return planes.indices.map { p in result.map { $0[p] } }
  }

  @inline(__always)
  private func combined(
    _ past: MotionTrace.Finding, _ future: MotionTrace.Finding, over fill: SIMD4<Float>, planes: Int
  ) -> SIMD4<Float> {
    let (a, b) = (past.confidence, future.confidence)
    if a + b == 0 { return fill }
    let mean = (past.value * (a * a) + future.value * (b * b)) / SIMD4(repeating: a * a + b * b)
    var trust = 0.5 * abs(a - b)
    if min(a, b) > 0 {
      let d = past.value - future.value
      let difference = (d * d).sum() / Float(planes)
      trust += min(a, b) * exp(-difference / (disagreement * disagreement))
    }
    return fill + (mean - fill) * min(1, trust)
  }
}
