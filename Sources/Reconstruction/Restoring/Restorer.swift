import Foundation
import Frames

/// Streams frames from a source to a sink and reconstructs the missing samples on the way.
///
/// Holds at most a window's frames, whatever the length of the source. Frames come out in order, one for each
/// frame in, with their attachments; known samples are never touched.
public struct Restorer {
  public let settings: RestorationSettings

  /// Where solved windows are kept, if anywhere.
  public let store: (any SolutionStore)?

  private let recorder: (any FitRecorder)?

  /// - Parameter recorder: told what the fits learn; the result does not depend on it.
  public init(
    settings: RestorationSettings, store: (any SolutionStore)? = nil, recorder: (any FitRecorder)? = nil
  ) {
    self.settings = settings
    self.store = store
    self.recorder = recorder
  }

  /// - Parameters:
  ///   - observe: called a few times a second from the calling thread.
  ///   - isStopping: asked between windows; true ends the restoration with `.cancelled` once the window at work is
  ///     solved and kept.
  ///   - isCancelled: asked often (several times a second); true ends the restoration with `.cancelled`.
  /// - Throws: `RestorationError`, or what the source, the masks or the sink throw.
  public func restore(
    from source: any FrameSource, masks: any MaskSource, to sink: any FrameSink,
    observe: (RestorationProgress) -> Void = { _ in }, isStopping: () -> Bool = { false },
    isCancelled: () -> Bool = { false }
  ) throws -> RestorationSummary {
    try withoutActuallyEscaping(observe) { observe in
      try withoutActuallyEscaping(isCancelled) { isCancelled in
        try withoutActuallyEscaping(isStopping) { isStopping in
          let run = RestorationRun(
            settings: settings, store: store, recorder: recorder, source: source, masks: masks, sink: sink,
            observe: observe,
            isStopping: isStopping, isCancelled: isCancelled)
          return try run.restore()
        }
      }
    }
  }
}
