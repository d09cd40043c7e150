import Kernels

/// The optical flows between successive pictures of a sequence, both ways, with their confidence.
public struct FlowChain: Sendable {
  /// A flow from one picture to its neighbour, and its `consistency` with the flow back, (height, width).
  public struct Link: Sendable {
    public let flow: FlowField
    public let confidence: Matrix

    public init(flow: FlowField, confidence: Matrix) { (self.flow, self.confidence) = (flow, confidence) }
  }

  /// Link k leads from picture k to picture k + 1.
  public let forward: [Link]
  /// Link k leads from picture k + 1 to picture k.
  public let backward: [Link]

  /// Number of pictures.
  public var count: Int { forward.count + 1 }

  public init(forward: [Link], backward: [Link]) {
    precondition(forward.count == backward.count, "as many links one way as the other")
    self.forward = forward
    self.backward = backward
  }

  /// - Parameter pictures: at least one, (height, width) each, full scale = 1.
  /// - Throws: `OpticalFlowError`.
  public init(pictures: [Matrix], detail: OpticalFlow.Detail = .coarse, threads: Int) throws {
    let pairs = max(0, pictures.count - 1)
    let flows = parallelMap(2 * pairs, threads: threads) { i in
      let (first, second) = (pictures[i / 2], pictures[i / 2 + 1])
      return Result {
        try i % 2 == 0
          ? OpticalFlow.between(first, second, detail: detail)
          : OpticalFlow.between(second, first, detail: detail)
      }
    }
    self.init(flows: try flows.map { try $0.get() }, threads: threads)
  }

  /// - Parameters:
  ///   - flows: from each picture to the next and back, in turns, on the pictures' own samples.
  ///   - sigma: see `consistency`.
  public init(flows: [FlowField], sigma: Float = 2, threads: Int) {
    let all = parallelMap(flows.count, threads: threads) { i in
      Link(flow: flows[i], confidence: consistency(of: flows[i], back: flows[i ^ 1], sigma: sigma))
    }
    self.init(
      forward: stride(from: 0, to: all.count, by: 2).map { all[$0] },
      backward: stride(from: 1, to: all.count, by: 2).map { all[$0] })
  }
}
