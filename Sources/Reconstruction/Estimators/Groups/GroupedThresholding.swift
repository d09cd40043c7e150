import Foundation
import Frames
import Kernels

/// Refinement by transform shrinkage of groups of patches that look alike, wherever in the picture and in the frames
/// around they lie.
///
/// Each round takes patches of 8 x 8 samples on a grid, with each the patches that are most like it, sets the
/// coefficients of an orthonormal DCT along rows, columns and patches below a threshold to zero, and writes the weighted
/// mean of what is left into the missing samples. The threshold falls geometrically, and now and then patches are
/// looked for anew in what has been made. (K. Dabov, A. Foi, V. Katkovnik, K. Egiazarian, "Image denoising by sparse 3-D
/// transform-domain collaborative filtering", IEEE TIP 2007, doi:10.1109/TIP.2007.901238; for video, "Video denoising by
/// sparse 3D transform-domain collaborative filtering", EUSIPCO 2007.) What repeats, along edges and in textures, is
/// sparser there than in the blocks of `HardThresholding`, but it must be nearly right for its like to be found.
///
/// - Complexity: O(rounds x patches with a missing sample).
struct GroupedThresholding: Sendable, Equatable {
  var rounds = 48
  /// Rounds after which patches are looked for anew.
  var roundsOfMatches = 6
  /// Threshold of the first and the last round, full scale = 1.
  var firstThreshold: Float = 0.05
  var lastThreshold: Float = 0.012
  /// Samples from patch to patch; they overlap.
  var step = 6
  /// Samples around a patch in which its like is looked for, in its own frame; frames before and after; and samples
  /// around the best place in the frame before.
  var near = 8
  var reach = 4
  var far = 3

  /// The refined window; known samples keep their values.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func refine(
    _ start: Estimate, in window: MaskedSamples, context: EstimatorContext
  ) throws -> Estimate {
    var result = window.completed(by: start)
    for group in groups(of: window) {
      let plane = window.planes[group[0]]
      if min(plane.height, plane.width) < PatchGroups.side { continue }
      // Of colours, grey comes first: by it patches are compared.
      let axes = group.count == 3 ? Self.opponentAxes : [[1]]
      let groups = PatchGroups(
        rotated(group.map { result.planes[$0] }, by: axes), of: plane, frames: window.frames, settings: self)
      var random = RandomSource(seed: context.seed ^ 0x4752_4f55_50)
      for round in 0..<rounds {
        try context.checkCancellation()
        if round % roundsOfMatches == 0 { groups.match(using: &random, threads: context.threads) }
        groups.shrink(threshold: threshold(round: round), threads: context.threads)
      }
      let back = rotated(groups.channels, by: axes.indices.map { k in axes.map { $0[k] } })
      for (k, p) in group.enumerated() {
        for i in plane.states.indices where plane.states[i] != SampleState.known {
          result.planes[p][i] = back[k][i]
        }
      }
    }
    return result
  }

  private static let opponentAxes = [[1, 1, 1], [1, 0, -1], [1, -2, 1]].map { (axis: [Float]) -> [Float] in
    let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return axis.map { $0 / length }
  }

  /// Red, green and blue that are missing together; every other plane by itself.
  private func groups(of window: MaskedSamples) -> [[Int]] {
    let colours = [PlaneRole.red, .green, .blue].compactMap { role in
      window.planes.firstIndex { $0.role == role }
    }
    guard colours.count == 3,
      colours.allSatisfy({ window.planes[$0].states == window.planes[colours[0]].states })
    else { return window.planes.indices.map { [$0] } }
    return [colours] + window.planes.indices.filter { !colours.contains($0) }.map { [$0] }
  }

  /// A channel for each axis.
  private func rotated(_ channels: [[Float]], by axes: [[Float]]) -> [[Float]] {
    axes.map { axis in
      var sum = [Float](repeating: 0, count: channels[0].count)
      for (channel, weight) in zip(channels, axis) where weight != 0 {
        for i in sum.indices { sum[i] += weight * channel[i] }
      }
      return sum
    }
  }

  /// The threshold of round `k`.
  func threshold(round k: Int) -> Float {
    if rounds <= 1 { return lastThreshold }
    let fraction = Double(k) / Double(rounds - 1)
    return firstThreshold * Float(pow(Double(lastThreshold / firstThreshold), fraction))
  }
}
