import CVectorMath
import Frames
import Foundation
import Kernels
import Motion

/// Refinement by 3-D transform shrinkage: a video whose blocks have few large DCT coefficients is sought
/// among those that agree with the known samples.
///
/// Starting from known samples and an estimate of the others, each round tiles the volume with randomly
/// shifted blocks, sets the coefficients of their orthonormal 3-D DCT below a threshold to zero, and writes
/// the known samples back. The threshold falls geometrically. The last rounds take the mean over several
/// tilings, which hides the blocks' edges; before, one is as good: what it does wrong, the next one undoes.
/// (Iterative hard thresholding over a translation-invariant block transform: Guleryuz, "Nonlinear
/// approximation based image recovery using adaptive sparse reconstructions", IEEE TIP 2006,
/// doi:10.1109/TIP.2005.863057.) Blocks may follow the motion of the picture, as in V-BM3D (Dabov, Foi, Egiazarian,
/// "Video denoising by sparse 3D transform-domain collaborative filtering", EUSIPCO 2007): what moves is then as sparse
/// as what does not.
///
/// - Complexity: O(tilings x samples of blocks with a missing sample).
struct HardThresholding: Sendable, Equatable {
  /// Rounds of thresholding and writing back.
  var rounds = 70
  /// Rounds at the end that average several shifted tilings, and how many.
  var averagedRounds = 10
  var tilings = 4
  /// Threshold of the first and the last round, full scale = 1.
  var firstThreshold: Float = 0.3
  var lastThreshold: Float = 0.02
  /// Frames of a block: 8 or 16.
  var depth = 8
  /// Whether red, green and blue are thresholded in opponent colours.
  var opponentColours = false

  /// The refined window; known samples keep their values.
  ///
  /// - Parameter motion: between all frames of the window, for blocks that follow it; nil for straight ones.
  /// - Throws: `RestorationError.cancelled`.
  func refine(
    _ start: Estimate, in window: MaskedSamples, along motion: FlowChain? = nil,
    context: EstimatorContext
  ) throws -> Estimate {
    precondition(start.planes.count == window.planes.count, "an estimate has the window's planes")
    var result = start
    for group in groups(of: window) {
      var values: [Float] = []
      var states: [UInt8] = []
      for p in group {
        values += start.planes[p]
        states += judged(window.planes[p], frames: window.frames)
      }
      let plane = window.planes[group[0]]
      let volume = window.frames * plane.height * plane.width
      if !states.contains(where: { $0 != SampleState.known }) { continue }
      for (k, p) in group.enumerated() {
        for i in 0..<volume where window.planes[p].states[i] == SampleState.known {
          values[k * volume + i] = window.planes[p].values[i]
        }
      }
      try shrink(
        &values, states: states, channels: group.count, frames: window.frames, height: plane.height,
        width: plane.width,
        motion: motion.map { BlockMotion(chain: $0, lattice: plane.lattice, threads: context.threads) },
        context: context)
      for (k, p) in group.enumerated() { result.planes[p] = Array(values[k * volume..<(k + 1) * volume]) }
    }
    return result
  }

  /// The states of a plane, in which missing samples that no block joins with a held-out one count as known: where there
  /// is something to judge, what lies elsewhere is of no account.
  private func judged(_ plane: MaskedSamples.Plane, frames: Int) -> [UInt8] {
    if !plane.states.contains(SampleState.heldOut) { return plane.states }
    let near = plane.near(SampleState.heldOut, frames: frames, reach: (t: depth, y: 16, x: 16))
    return zip(plane.states, near).map { $0 == SampleState.missing && !$1 ? SampleState.known : $0 }
  }

  /// Planes that are transformed together: red, green and blue when asked for, else each by itself.
  private func groups(of window: MaskedSamples) -> [[Int]] {
    let colours = [PlaneRole.red, .green, .blue].compactMap { role in
      window.planes.firstIndex { $0.role == role }
    }
    guard opponentColours, colours.count == 3 else { return window.planes.indices.map { [$0] } }
    return [colours] + window.planes.indices.filter { !colours.contains($0) }.map { [$0] }
  }

  /// The threshold of round `k`.
  func threshold(round k: Int) -> Float {
    if rounds <= 1 { return lastThreshold }
    let fraction = Float(k) / Float(rounds - 1)
    return firstThreshold * Float(pow(Double(lastThreshold / firstThreshold), Double(fraction)))
  }

  /// - Parameters:
  ///   - values: (channels, frames, height, width), the start, then the result.
  private func shrink(
    _ values: inout [Float], states: [UInt8], channels: Int, frames: Int, height: Int, width: Int,
    motion: BlockMotion?, context: EstimatorContext
  ) throws {
    var random = RandomSource(seed: context.seed ^ 0x5348_5249_4e4b)
    var sums = [Float](repeating: 0, count: values.count)
    let spans = unknownSpans(states, frame: height * width, width: width)
    try values.withUnsafeMutableBufferPointer { values in
      try sums.withUnsafeMutableBufferPointer { sums in
        try states.withUnsafeBufferPointer { states in
          guard let v = values.baseAddress, let s = sums.baseAddress, let m = states.baseAddress else {
            return
          }
          var tiling = shrink_tiling(
            values: v, sums: s, states: m, channels: channels, channel_stride: frames * height * width,
            frames: frames, height: height, width: width, shift_t: 0, shift_y: 0, shift_x: 0, threshold: 0,
            depth: Int32(depth), opponent: opponentColours && channels == 3 ? 1 : 0, offsets: nil,
            blocks: nil,
            touched: nil, counts: nil)
          let moving = motion.map { MovingBlocks(motion: $0, tiling: tiling) }
          for round in 0..<rounds {
            try context.checkCancellation()
            tiling.threshold = threshold(round: round)
            let count = round < rounds - averagedRounds ? 1 : max(1, tilings)
            for _ in 0..<count {
              tiling.shift_t = random.below(depth)
              tiling.shift_y = random.below(16)
              tiling.shift_x = random.below(16)
              if let moving {
                moving.add(tiling, threads: context.threads)
                continue
              }
              let current = tiling
              parallelFor(shrink_rows(&tiling), threads: context.threads) { row in
                withUnsafePointer(to: current) { shrink_row($0, row) }
              }
            }
            if let moving {
              moving.writeBack(v, sums: s, states: m, spans: spans, threads: context.threads)
              continue
            }
            let scale = 1 / Float(count)
            parallelFor(spans.count, threads: context.threads) { k in
              for span in spans[k] {
                let i = span.lowerBound
                shrink_write_back(v + i, s + i, m + i, scale, span.count)
              }
            }
          }
        }
      }
    }
  }

  /// For each frame, row by row, from the first to the last sample that is not known.
  private func unknownSpans(_ states: [UInt8], frame: Int, width: Int) -> [[Range<Int>]] {
    states.withUnsafeBufferPointer { states in
      stride(from: 0, to: states.count, by: frame).map { start in
        stride(from: start, to: start + frame, by: width).compactMap { row in
          var (first, last) = (row, row + width)
          while first < last && states[first] == SampleState.known { first += 1 }
          while first < last && states[last - 1] == SampleState.known { last -= 1 }
          return first < last ? first..<last : nil
        }
      }
    }
  }
}
