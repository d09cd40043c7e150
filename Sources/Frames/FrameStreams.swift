/// A sequence of frames read once, front to back.
public protocol FrameSource: AnyObject {
  var format: FrameFormat { get }
  /// The next frame in presentation order, or nil after the last one.
  func nextFrame() throws -> Frame?
}

/// Where frames go, in presentation order.
public protocol FrameSink: AnyObject {
  func write(_ frame: Frame) throws
}

/// The masks of a sequence of frames, in presentation order.
public protocol MaskSource: AnyObject {
  /// The mask of `frame`; called once for each frame, in order. A mask may depend on the frame's samples.
  func mask(for frame: Frame) throws -> FrameMask
}
