import Frames
import Kernels
import Motion

/// Propagation of known samples into holes along optical flow.
///
/// Holes have no texture of their own, so flow is computed between frames whose holes are filled by another estimate. Frames
/// of which hardly anything is known are left out and interpolated along the motion between their neighbours. The result is
/// a better fill to compute flow from, which further passes do.
struct MotionPropagation {
  /// The estimate that holes are filled with, and which remains where motion leads to no known sample.
  var fill: Estimate
  /// Replaces what is propagated as far as the border of a hole shows that the motion is wrong; nil for never.
  var fallback: Estimate?
  /// How often flow is computed and samples are propagated.
  var passes = 3
  /// What the flow of the first pass is computed from, if it moves as the picture does; nil for the fill, in whose holes that
  /// pass replaces the flow by `FlowCompletion`.
  var guide: Estimate?
  /// The motion between all frames of the guide, for the first pass if it leaves no frame out; nil to compute it.
  var chain: (() throws -> FlowChain)?
  /// Frames with a smaller share of known samples are left out of the chain.
  private static let leastKnown = 0.02

  /// - Throws: `RestorationError.cancelled`, `OpticalFlowError`.
  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    let start = samples.completed(by: fill)
    let anchors = self.anchors(of: samples)
    if anchors.count < 2 { return start }
    let layers = MotionLayer.layers(of: samples)
    var current = guide.map { samples.completed(by: $0) } ?? start
    // Further passes compute the same flow if luma is known everywhere.
    let first = MotionGuide(start, samples: samples)
    let isKnown = anchors.allSatisfy { first.unknownCount(in: $0) == 0 }
    let passes = isKnown ? 1 : self.passes
    for pass in 0..<passes {
      try context.checkCancellation()
      let guide = MotionGuide(current, samples: samples)
      let given = pass == 0 && anchors.count == samples.frames ? try self.chain?() : nil
      var chain = try given ?? guide.chain(of: anchors, threads: context.threads)
      if pass == 0 && self.guide == nil && !isKnown {
        chain = FlowCompletion().completed(
          chain, known: anchors.map { guide.known($0) }, threads: context.threads)
      }
      try context.checkCancellation()
      // Where something becomes covered on the way, frames in between show what lies around it.
      let across =
        anchors.count == samples.frames
        ? chain
        : FlowCompletion().completed(chain, known: anchors.map { guide.known($0) }, threads: context.threads)
      // The guide consists of some of the planes; the others are needed in the last pass only.
      for layer in layers where pass == passes - 1 || layer.planes.contains(where: guide.planes.contains) {
        layer.propagate(
          samples, into: &current, over: start, fallback: fallback, anchors: anchors, chain: chain,
          threads: context.threads)
        layer.interpolate(&current, over: start, anchors: anchors, chain: across, threads: context.threads)
      }
    }
    return current
  }

  /// The frames of the chain.
  private func anchors(of samples: MaskedSamples) -> [Int] {
    guard let plane = samples.planes.first else { return [] }
    let area = plane.height * plane.width
    return (0..<samples.frames).filter { t in
      let count = plane.states[t * area..<(t + 1) * area].reduce(0) { $0 + ($1 == SampleState.known ? 1 : 0) }
      return Double(count) > Self.leastKnown * Double(area)
    }
  }
}

extension MaskedSamples {
  /// The known samples, and `estimate` elsewhere.
  func completed(by estimate: Estimate) -> Estimate {
    var result = Estimate(planes: planes.map(\.values))
    for (p, plane) in planes.enumerated() {
      plane.forEachUnknown { result.planes[p][$0] = estimate.planes[p][$0] }
    }
    return result
  }
}
