/// A frame and what of it is missing.
public struct MaskedFrame: Sendable {
  public var frame: Frame
  public var mask: FrameMask

  public init(frame: Frame, mask: FrameMask) { (self.frame, self.mask) = (frame, mask) }
}

/// What is restored: frames come with their masks, once and front to back, and go back in the same order when their
/// missing samples are there.
public protocol MaskedStream: AnyObject {
  var format: FrameFormat { get }
  /// The next frame in presentation order; nil after the last one.
  func next() throws -> MaskedFrame?
  /// Takes a restored frame.
  func write(_ frame: Frame) throws
  /// The same frames and masks from the first one on, to look ahead in; nil where they can't be read twice, or where all masks
  /// are alike.
  func openedAgain() throws -> (any MaskedStream)?
  /// Gives the masks alone, from the first frame's on, and nil after the last; nil itself where masks follow from frames.
  func masksAgain() throws -> (() throws -> FrameMask?)?
}

extension MaskedStream {
  public func openedAgain() throws -> (any MaskedStream)? { nil }
  public func masksAgain() throws -> (() throws -> FrameMask?)? { nil }
}
