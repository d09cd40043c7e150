/// What a reader attaches to each frame for the writer; `frame.attachment` holds one.
public struct DecodedPicture: Sendable {
  /// Presentation time stamp in units of the stream's time base.
  public var pts: Int64
  /// Duration in units of the stream's time base; 0 if unknown.
  public var duration: Int64
  /// Whether the frame decodes without any other.
  public var isKey: Bool
  /// Whether the decoder flagged the frame as damaged.
  public var isCorrupt: Bool
}
