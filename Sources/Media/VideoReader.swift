import Frames

/// Decodes the first video stream of a file, frame by frame in presentation order.
public final class VideoReader: FrameSource {
  public let path: String
  public let format: FrameFormat
  public let info: VideoInfo

  /// Opens `path`: any file FFmpeg reads, a pattern such as `frame_%05d.png`, or a still image.
  ///
  /// - Throws: `MediaError` if there is no such file, or no video that can be decoded in it.
  public init(path: String, threads: Int = 1) throws {
    throw MediaError(.unsupported, "not written yet")
  }

  /// The next frame, or nil after the last one.
  ///
  /// Damage that the decoder can live with is counted in `damage`, not thrown.
  ///
  /// - Throws: `MediaError` of kind `.damaged` if the picture's size or format changes.
  public func nextFrame() throws -> Frame? { nil }

  /// What was found to be wrong so far, nil if nothing; complete after the last frame.
  public var damage: DamageReport? { nil }
}
