import Foundation
import Frames

/// Streams frames from a source to a sink and reconstructs the missing samples on the way.
///
/// Holds at most a window's frames, whatever the length of the source. Frames come out in order, one for each
/// frame in, with their attachments; known samples are never touched.
public struct Restorer {
  public let settings: RestorationSettings

  public init(settings: RestorationSettings) { self.settings = settings }

  /// - Parameters:
  ///   - observe: called a few times a second from the calling thread.
  ///   - isCancelled: asked often (several times a second); true ends the restoration with `.cancelled`.
  /// - Throws: `RestorationError`, or what the source, the masks or the sink throw.
  public func restore(
    from source: any FrameSource, masks: any MaskSource, to sink: any FrameSink,
    observe: (RestorationProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> RestorationSummary {
    try withoutActuallyEscaping(observe) { observe in
      try withoutActuallyEscaping(isCancelled) { isCancelled in
        let run = RestorationRun(
          settings: settings, source: source, masks: masks, sink: sink, observe: observe,
          isCancelled: isCancelled)
        return try run.restore()
      }
    }
  }
}
