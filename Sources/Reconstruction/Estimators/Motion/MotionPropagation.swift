import Frames
import Kernels
import Motion

/// What is known, carried along the motion of the picture into the holes.
///
/// Optical flow is computed between the frames of a fill, as holes have no texture of their own; frames of which
/// hardly anything is known are left out of the chain and interpolated along the motion between their neighbours. The
/// result makes a better fill, so all of it is done again and again.
struct MotionPropagation {
  /// Where missing samples start from, and what remains where motion leads nowhere.
  var fill: Estimate
  /// What is taken of compact holes where known samples beside them show that the motion is wrong; nil to trust it.
  var fallback: Estimate?
  /// How often flow is computed and followed.
  var passes = 3
  /// What the first pass looks for motion in, where there is something that moves as the picture does; nil for the fill, whose
  /// holes move as they were made: then that pass carries the flow in from around them.
  var guide: Estimate?
  /// The motion between all frames of such a picture, for the first pass where all frames have a place in the chain; nil for
  /// what is found in the guide.
  var chain: (() throws -> FlowChain)?
  /// Frames with a smaller share of known samples have no place in the chain.
  private static let leastKnown = 0.02

  /// - Throws: `RestorationError.cancelled`, `OpticalFlowError`.
  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate {
    let start = window.completed(by: fill)
    let anchors = self.anchors(of: window)
    if anchors.count < 2 { return start }
    let layers = MotionLayer.layers(of: window)
    var current = guide.map { window.completed(by: $0) } ?? start
    // Of pictures of which everything is known, the first look is the last.
    let first = MotionGuide(start, window: window)
    let isKnown = anchors.allSatisfy { first.unknownCount(in: $0) == 0 }
    let passes = isKnown ? 1 : self.passes
    for pass in 0..<passes {
      try context.checkCancellation()
      let guide = MotionGuide(current, window: window)
      let given = pass == 0 && anchors.count == window.frames ? try self.chain?() : nil
      var chain = try given ?? guide.chain(of: anchors, threads: context.threads)
      if pass == 0 && self.guide == nil && !isKnown {
        chain = FlowCompletion().completed(
          chain, known: anchors.map { guide.known($0) }, threads: context.threads)
      }
      try context.checkCancellation()
      // Flow is looked for in what the guide shows; other planes are needed once, at last.
      for layer in layers where pass == passes - 1 || layer.planes.contains(where: guide.planes.contains) {
        layer.propagate(
          window, into: &current, over: start, fallback: fallback, anchors: anchors, chain: chain,
          threads: context.threads)
        layer.interpolate(&current, over: start, anchors: anchors, chain: chain, threads: context.threads)
      }
    }
    return current
  }

  /// Frames of which enough is known, in their order.
  private func anchors(of window: MaskedSamples) -> [Int] {
    guard let plane = window.planes.first else { return [] }
    let area = plane.height * plane.width
    return (0..<window.frames).filter { t in
      let count = plane.states[t * area..<(t + 1) * area].reduce(0) { $0 + ($1 == SampleState.known ? 1 : 0) }
      return Double(count) > Self.leastKnown * Double(area)
    }
  }
}

extension MaskedSamples {
  /// What is known, and `estimate` where it is not.
  func completed(by estimate: Estimate) -> Estimate {
    var result = estimate
    for (p, plane) in planes.enumerated() {
      for i in plane.states.indices where plane.states[i] == SampleState.known {
        result.planes[p][i] = plane.values[i]
      }
    }
    return result
  }
}
