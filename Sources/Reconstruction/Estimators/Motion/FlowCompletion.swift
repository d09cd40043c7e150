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
  func completed(_ chain: FlowChain, known: [[UInt8]], threads: Int) -> FlowChain {
    var flows: [FlowField] = []
    var sources: [(link: FlowChain.Link, known: [UInt8])] = []
    for k in 0..<chain.count - 1 {
      sources.append((chain.forward[k], known[k]))
      sources.append((chain.backward[k], known[k + 1]))
      for _ in 0..<2 {
        flows.append(FlowField(still: chain.forward[k].flow.height, chain.forward[k].flow.width))
      }
    }
    parallelFor(flows.count, threads: threads) { i in
      complete(sources[i].link, known: sources[i].known, into: flows[i])
    }
    return FlowChain(flows: flows, threads: threads)
  }

  private func complete(_ link: FlowChain.Link, known: [UInt8], into flow: FlowField) {
    let (height, width) = (flow.height, flow.width)
    let reliable = (0..<height * width).map { i -> UInt8 in
      known[i] == 1 && link.confidence.base[i] >= Self.leastConfidence ? SampleState.known : 0
    }
    let pyramid = PullPush(height: height, width: width)
    for (from, to) in [(link.flow.dx, flow.dx), (link.flow.dy, flow.dy)] {
      to.copy(from: from)
      if !reliable.contains(SampleState.known) { continue }
      reliable.withUnsafeBufferPointer { reliable in
        pyramid.fill(UnsafeMutableBufferPointer(start: to.base, count: to.count), known: reliable)
      }
    }
  }
}
