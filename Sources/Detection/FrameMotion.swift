import Kernels
import Motion

/// Motion between two frames that follow each other, both ways.
public struct FrameMotion: Sendable {
  /// From the earlier frame to the later one, in samples of smaller pictures of both.
  let forward: FlowField
  /// From the later frame to the earlier one.
  let backward: FlowField
  /// The size of a sample of the flow in samples of a frame.
  let scale: Int
  let sideways: SidewaysMotion

  /// - Parameters:
  ///   - scale: how many times smaller than the frames the pictures were whose motion this is.
  ///   - width: of the frames, in samples.
  public init(forward: FlowField, backward: FlowField, scale: Int, width: Int) {
    (self.forward, self.backward, self.scale) = (forward, backward, scale)
    sideways = SidewaysMotion(forward, width: width)
  }
}
