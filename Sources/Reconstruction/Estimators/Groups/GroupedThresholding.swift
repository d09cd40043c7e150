import Foundation
import Frames
import Kernels

/// Iterative hard thresholding of groups of similar patches, as in BM3D (K. Dabov, A. Foi, V. Katkovnik, K. Egiazarian,
/// "Image denoising by sparse 3-D transform-domain collaborative filtering", IEEE TIP 2007, doi:10.1109/TIP.2007.901238; for
/// video, "Video denoising by sparse 3D transform-domain collaborative filtering", EUSIPCO 2007).
///
/// Each round groups patches of 8 x 8 samples on a grid with the most similar ones in the same and in other frames, sets the
/// coefficients of an orthonormal DCT along rows, columns and patches below a threshold to zero, and writes the weighted
/// mean of the patches into the missing samples. The threshold falls geometrically; every few rounds patches are matched
/// anew. What repeats, along edges and in textures, is sparser in groups than in the blocks of `HardThresholding`, but the
/// start must be nearly right for the matches to be.
///
/// - Complexity: O(rounds x patches with a missing sample).
struct GroupedThresholding: Sendable, Equatable {
  var rounds = 48
  /// Rounds from one matching of patches to the next.
  var roundsOfMatches = 6
  /// Threshold of the first and the last round, full scale = 1.
  var firstThreshold: Float = 0.05
  var lastThreshold: Float = 0.012
  /// Samples from patch to patch; patches overlap.
  var step = 6
  /// Samples around a patch within which it is matched in its own frame.
  var near = 8
  /// Frames before and after in which it is matched.
  var reach = 4
  /// Samples around the best match in one of them within which it is matched in the next.
  var far = 3

  /// The refined estimate; known samples keep their values.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func refine(
    _ start: Estimate, in samples: MaskedSamples, context: EstimatorContext
  ) throws -> Estimate {
    var result = samples.completed(by: start)
    for group in groups(of: samples) {
      let plane = samples.planes[group[0]]
      if min(plane.height, plane.width) < PatchGroups.side { continue }
      // Patches are compared by their first channel: gray, of colours.
      let axes = group.count == 3 ? Self.opponentAxes : [[1]]
      let groups = PatchGroups(
        rotated(group.map { result.planes[$0] }, by: axes), of: plane, frames: samples.frames, settings: self)
      var random = RandomSource(seed: context.seed ^ 0x4752_4f55_50)
      for round in 0..<rounds {
        try context.checkCancellation()
        if round % roundsOfMatches == 0 { groups.match(using: &random, threads: context.threads) }
        groups.hardThreshold(by: threshold(round: round), threads: context.threads)
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

  /// Planes that are grouped together: red, green and blue if they are missing together; every other plane by itself.
  private func groups(of samples: MaskedSamples) -> [[Int]] {
    guard let colours = samples.colours,
      colours.allSatisfy({ samples.planes[$0].states == samples.planes[colours[0]].states })
    else { return samples.planes.indices.map { [$0] } }
    return [colours] + samples.planes.indices.filter { !colours.contains($0) }.map { [$0] }
  }

  /// The projection of the channels on each axis.
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
