import CVectorMath
import Frames
import Foundation
import Kernels
import Motion

/// Sendable because rows of blocks, and frames of them, write to disjoint samples of those it points to.
extension block_tiling: @retroactive @unchecked Sendable {}

/// Iterative hard thresholding of 3-D DCT coefficients: seeks, among the signals that agree with the known samples, one whose
/// blocks have few coefficients (Guleryuz, "Nonlinear approximation based image recovery using adaptive sparse
/// reconstructions", IEEE TIP 2006, doi:10.1109/TIP.2005.863057).
///
/// From an estimate of the missing samples, each round tiles the frames with randomly shifted blocks of `depth` x 16 x 16
/// samples, sets the coefficients of their orthonormal DCT below a threshold to zero, and writes the known samples back. The
/// threshold falls geometrically. The last rounds average several tilings, which hides the edges of blocks; before them one
/// is enough, as the next round corrects its errors. Blocks may follow the motion, as in V-BM3D (Dabov, Foi, Egiazarian,
/// "Video denoising by sparse 3D transform-domain collaborative filtering", EUSIPCO 2007), which makes what moves as sparse
/// as what does not.
///
/// - Complexity: O(tilings x samples of blocks with a missing sample).
struct HardThresholding: Sendable, Equatable {
  private static let kernels = vm_kernels_best().pointee.blocks

  /// Number of rounds.
  var rounds = 70
  /// Rounds at the end that average several shifted tilings, and how many.
  var averagedRounds = 10
  var tilings = 4
  /// Threshold of the first and the last round, full scale = 1.
  var firstThreshold: Float = 0.3
  var lastThreshold: Float = 0.02
  /// Frames of a block: 8 or 16. Blocks of 4 frames were 1 dB worse.
  var depth = 8
  /// Whether red, green and blue are transformed to opponent colours (sum and differences) before thresholding.
  var opponentColours = false

  /// The refined estimate; known samples keep their values.
  ///
  /// - Parameters:
  ///   - start: an estimate of the samples that are not known.
  ///   - motion: between all frames, for blocks that follow it; nil for straight blocks.
  /// - Throws: `RestorationError.cancelled`.
  func refine(
    _ start: Estimate, in samples: MaskedSamples, along motion: FlowChain? = nil,
    context: EstimatorContext
  ) throws -> Estimate {
    precondition(start.planes.count == samples.planes.count, "an estimate has the samples' planes")
    var result = start
    for group in groups(of: samples) {
      var values: [Float] = []
      var states: [UInt8] = []
      for p in group {
        values += samples.planes[p].values
        states += needed(samples.planes[p], frames: samples.frames)
      }
      let plane = samples.planes[group[0]]
      let count = samples.frames * plane.height * plane.width
      var isKnown = true
      for (k, p) in group.enumerated() {
        samples.planes[p].forEachUnknown {
          values[k * count + $0] = start.planes[p][$0]
          isKnown = false
        }
      }
      if isKnown { continue }
      try run(
        &values, states: states, channels: group.count, frames: samples.frames, height: plane.height,
        width: plane.width,
        motion: motion.map { BlockMotion(chain: $0, lattice: plane.lattice, threads: context.threads) },
        context: context)
      for (k, p) in group.enumerated() { result.planes[p] = Array(values[k * count..<(k + 1) * count]) }
    }
    return result
  }

  /// The states of a plane, with missing samples that share no block with a held-out one marked as known, to save their
  /// blocks: where samples are held out, only those are compared.
  private func needed(_ plane: MaskedSamples.Plane, frames: Int) -> [UInt8] {
    if !plane.states.contains(SampleState.heldOut) { return plane.states }
    let near = plane.near(SampleState.heldOut, frames: frames, reach: (t: depth, y: 16, x: 16))
    return zip(plane.states, near).map { $0 == SampleState.missing && !$1 ? SampleState.known : $0 }
  }

  /// Planes that are transformed together: red, green and blue for `opponentColours`, else each by itself.
  private func groups(of samples: MaskedSamples) -> [[Int]] {
    guard opponentColours, let colours = samples.colours else { return samples.planes.indices.map { [$0] } }
    return [colours] + samples.planes.indices.filter { !colours.contains($0) }.map { [$0] }
  }

  /// The threshold of round `k`.
  func threshold(round k: Int) -> Float {
    if rounds <= 1 { return lastThreshold }
    let fraction = Float(k) / Float(rounds - 1)
    return firstThreshold * Float(pow(Double(lastThreshold / firstThreshold), Double(fraction)))
  }

  /// - Parameter values: (channels, frames, height, width): the start, then the result.
  private func run(
    _ values: inout [Float], states: [UInt8], channels: Int, frames: Int, height: Int, width: Int,
    motion: BlockMotion?, context: EstimatorContext
  ) throws {
    precondition(
      values.count == channels * frames * height * width && states.count == values.count, "shapes differ")
    var random = RandomSource(seed: context.seed ^ 0x5348_5249_4e4b)
    var sums = [Float](repeating: 0, count: values.count)
    let spans = unknownSpans(states, frame: height * width, width: width)
    try values.withSharedElements { values in
      try sums.withSharedElements { sums in
        try states.withUnsafeBufferPointer { states in
          guard let known = states.baseAddress else { return }
          var tiling = block_tiling(
            values: values.address(of: 0, count: values.count),
            sums: sums.address(of: 0, count: values.count),
            states: known, channels: channels, channel_stride: frames * height * width, frames: frames,
            height: height, width: width, shift_t: 0, shift_y: 0, shift_x: 0, threshold: 0,
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
              parallelFor(tiling_rows(&tiling), threads: context.threads) { [tiling] row in
                withUnsafePointer(to: tiling) { Self.kernels.row($0, row) }
              }
            }
            if let moving {
              moving.writeBack(tiling, to: values, spans: spans, threads: context.threads)
              continue
            }
            let scale = 1 / Float(count)
            parallelFor(spans.count, threads: context.threads) { [tiling] k in
              for span in spans[k] {
                let i = span.lowerBound
                Self.kernels.write_back(
                  values.address(of: i, count: span.count), tiling.sums + i, tiling.states + i, scale,
                  span.count)
              }
            }
          }
        }
      }
    }
  }

  /// For each channel and frame, the spans of its rows from the first to the last sample that is not known.
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
