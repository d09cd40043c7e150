import Frames

/// Encodes frames into a video file, beside everything else that the source file holds.
///
/// The file appears under its name when `finish()` returns, complete, or not at all.
public final class VideoWriter: FrameSink {
  public let path: String
  public let format: FrameFormat
  /// One sentence for each stream of the source that the output's container refuses.
  public private(set) var warnings: [String] = []

  /// Starts a file with the properties of `source`, whose other streams are copied into it.
  public init(path: String, source: VideoReader, settings: EncodeSettings, overwrite: Bool) throws {
    throw MediaError(.unsupported, "not written yet")
  }

  /// Starts a file of frames that come from nowhere in particular, `frameRate` of them a second.
  public init(
    path: String, format: FrameFormat, frameRate: Rational, settings: EncodeSettings = EncodeSettings(),
    overwrite: Bool = false
  ) throws {
    throw MediaError(.unsupported, "not written yet")
  }

  /// Encodes the next frame, which must have the writer's `format`.
  public func write(_ frame: Frame) throws {}

  /// Writes what is left and moves the file to its name.
  public func finish() throws {}

  /// Stops and removes the unfinished file; nothing happens after `finish()`.
  public func cancel() {}
}
