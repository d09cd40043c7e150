import Frames
import Kernels
import Motion

/// Interpolates optical flow into holes from around them.
///
/// Flow within a hole is that of its fill, which moves as it was made: interpolation in time hardly moves at all. So flow is
/// kept where the frame that it starts from is known and the flow back agrees, and is interpolated from there elsewhere.
struct FlowCompletion {
  /// Flow with less `consistency` than this is replaced.
  private static let leastConfidence: Float = 0.5

  /// - Parameter known: for each picture of the chain, 1 where it is known, (height, width).
  func completed(_ chain: FlowChain, known: [[UInt8]], sigma: Float = 2, threads: Int) -> FlowChain {
    let flows = parallelMap(2 * (chain.count - 1), threads: threads) { i in
      let links = i % 2 == 0 ? chain.forward : chain.backward
      return completed(links[i / 2], known: known[i / 2 + i % 2])
    }
    return FlowChain(flows: flows, sigma: sigma, threads: threads)
  }

  private func completed(_ link: FlowChain.Link, known: [UInt8]) -> FlowField {
    let (height, width) = (link.flow.height, link.flow.width)
    let flow = FlowField(still: height, width)
    let reliable = (0..<height * width).map { i -> UInt8 in
      known[i] == 1 && link.confidence[i] >= Self.leastConfidence ? SampleState.known : 0
    }
    let pyramid = PullPush(height: height, width: width)
    for (from, to) in [(link.flow.dx, flow.dx), (link.flow.dy, flow.dy)] {
      to.copy(from: from)
      if !reliable.contains(SampleState.known) { continue }
      reliable.withUnsafeBufferPointer { reliable in
        pyramid.fill(UnsafeMutableBufferPointer(start: to.base, count: to.count), known: reliable)
      }
    }
    return flow
  }
}
